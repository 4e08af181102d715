// The team's pages. Keeps what is typed on the phone until there is a receipt, sends it when the signal is back, and
// makes photos small. Without it, or in a browser too old for it, everything works page by page. What is kept has the
// office in its name: a page of another office does not show it.
(() => {
  const { o: mine, l: link, s: shrinks } = document.body.dataset;
  const KEPT = "Tersimpan di HP ini, belum terkirim. ";
  const WAIT = KEPT + "Akan dikirim bila ada sinyal; biarkan halaman ini terbuka, atau buka lagi nanti.";
  const ENDED = KEPT + "Tautan ini tidak berlaku lagi: buka tautan pada pesan terbaru, isian terkirim dari sana.";
  const DAYS = 14 * 864e5;
  let store, sending, timer, pressed, pause = 4, photos = [], busy = 0;
  try { (store = localStorage).setItem("d", 1); } catch (e) { return; }

  const find = (what, where) => (where || document).querySelector(what);
  const sign = document.createElement("p");
  sign.className = "say";
  sign.setAttribute("role", "status");
  document.body.append(sign);
  const say = (text) => sign.textContent === text || (sign.textContent = text);

  const get = (key) => { try { return JSON.parse(store[key]); } catch (e) { return 0; } };
  const put = (key, kept) => {
    // A phone whose storage is full keeps the text; the photos are then in this page only.
    try { store[key] = JSON.stringify(kept); } catch (e) {
      try { store[key] = JSON.stringify({ ...kept, p: [] }); } catch (e) { return; }
    }
  };
  const keys = () => Object.keys(store).filter((key) => key.startsWith("d/"));
  const code = (path) => path.split("/").pop();
  const keyOf = (form) => form && form.elements.seen && mine + code(form.getAttribute("action"));

  const take = (form) => ({ f: [...new FormData(form)].filter((field) => typeof field[1] === "string"), p: photos, t: Date.now() });
  const keep = (form) => {
    put(keyOf(form), take(form));
    say(KEPT);
  };

  const read = (file) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = failed;
    reader.readAsDataURL(file);
  });
  const small = async (file) => {
    try {
      const image = shrinks && await createImageBitmap(file), canvas = document.createElement("canvas");
      const by = Math.min(1, 1600 / Math.max(image.width, image.height)), pen = canvas.getContext("2d");
      canvas.width = image.width * by;
      canvas.height = image.height * by;
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL("image/jpeg", .75);
    } catch (e) { return read(file); }
  };
  const choose = async (own) => {
    const urls = await Promise.all([...own.files].map(small));
    photos = photos.filter((photo) => photo[0] !== own.name);
    urls.forEach((url, n) => photos.push([own.name, own.files[n].name, url]));
    keep(own.form);
  };
  const blob = (url) => new Blob([Uint8Array.from(atob(url.split(",")[1]), (sign) => sign.charCodeAt(0))]);

  const show = (page) => {
    document.title = page.title;
    for (const part of ["main", "footer"]) find(part).replaceWith(find(part, page));
    const head = find("h1");
    head.tabIndex = -1;
    head.focus();
    scrollTo(0, 0);
  };
  // What another report's answer says must not take the place of a form that is being filled in.
  const here = (key) => { const own = keyOf(find("#form")); return !own || own === key; };
  const send = async (key, kept) => {
    const sent = kept.p[0] ? new FormData() : new URLSearchParams(), stop = self.AbortController && new AbortController();
    // A line that went dead in the middle says nothing for minutes; photos on a slow one may take as long.
    const patience = setTimeout(() => stop && stop.abort(), kept.p[0] ? 6e5 : 6e4);
    kept.f.forEach(([name, value]) => sent.append(name, value));
    kept.p.forEach(([name, file, url]) => sent.append(name, blob(url), file));
    sending = key;
    say("Sedang dikirim ...");
    try {
      const answer = await fetch(link + "/" + code(key), { method: "POST", body: sent, signal: stop && stop.signal });
      const status = answer.status;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (status === 200 && find(".no", page)) {
        delete store[key];
        pause = 4;
        if (here(key)) {
          photos = [];
          show(page);
          say("Terkirim.");
        } else say(code(key) + " terkirim.");
      } else if (status === 404) {
        say(ENDED);
        return;
      } else if (status > 399 && status < 500 && status !== 429 && find("main", page)) {
        kept.q = 0;
        put(key, kept);
        if (here(key)) {
          show(page);
          fill();
          say(KEPT);
        } else say(KEPT + code(key));
      } else throw 0;
      setTimeout(flush);
    } catch (e) {
      say(WAIT);
      clearTimeout(timer);
      timer = setTimeout(flush, pause * 1e3);
      pause = Math.min(300, pause * 2);
    } finally {
      clearTimeout(patience);
      sending = 0;
    }
  };
  const flush = () => {
    const key = sending || keys().find((key) => key.startsWith(mine) && get(key).q);
    if (key && !sending) send(key, get(key));
  };

  const fill = () => {
    const form = find("#form"), key = keyOf(form), kept = key && get(key);
    const drafts = keys().filter((key) => key.startsWith(mine)).map(code);
    const owed = drafts.filter((code) => document.getElementById("j-" + code));
    if (!form && owed[0]) say(KEPT + owed.join(", "));
    if (!kept) return;
    if (kept.p[0]) photos = kept.p;
    photos.forEach(([name, file]) => form.elements[name].parentNode.append(" Tersimpan: " + file));
    if (find("#again")) find("#again").remove();
    if (!find("[role=alert]")) kept.f.forEach(([name, value]) => {
      for (const own of form.querySelectorAll(`[name="${name}"]:not([type=hidden])`))
        if (/radio|check/.test(own.type)) own.checked = own.checked || own.value === value;
        else own.value = value;
    });
    say(KEPT);
  };

  addEventListener("input", ({ target: own }) => keyOf(own.form) && own.type !== "file" && sending !== keyOf(own.form) && keep(own.form));
  addEventListener("change", ({ target: own }) => { if (keyOf(own.form) && own.files) busy = choose(own); });
  addEventListener("click", ({ target: own }) => pressed = own.closest("button"));
  addEventListener("submit", async (event) => {
    const form = event.target, key = keyOf(form), button = event.submitter || pressed || find("button", form);
    if (!key) return;
    event.preventDefault();
    await busy;
    const kept = take(form);
    if (button.name) kept.f.push([button.name, button.value]);
    kept.f.push(["observed_at", new Date().toISOString()]);
    kept.q = 1;
    put(key, kept);
    if (!sending) send(key, kept);
  });
  addEventListener("online", flush);
  addEventListener("visibilitychange", () => document.hidden || flush());

  keys().forEach((key) => Date.now() - (get(key).t || 0) > DAYS && delete store[key]);
  fill();
  flush();
})();
