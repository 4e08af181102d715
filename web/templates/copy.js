// A button that copies the text for a group. Without it the text is selected and copied by hand.
(() => {
  const text = document.getElementById("text"), button = document.createElement("button"), sign = document.createElement("p");
  button.type = "button";
  button.textContent = "Salin teks";
  sign.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    let done = true;
    try { await navigator.clipboard.writeText(text.value); } catch (e) {
      text.select();
      done = document.execCommand("copy");
    }
    sign.textContent = done ? "Teks sudah disalin." : "Belum tersalin. Mohon disalin dari kotak teks.";
  });
  text.parentNode.after(button, sign);
})();
