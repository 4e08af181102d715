"""What offices read: one wording for all, short enough for a phone, harmless whatever people typed."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, UndefinedError

from notifiers import gsm7
from notifiers.facts import Facts, Item
from notifiers.render import WHATSAPP_SIZE, Renderer
from rules import gsm
from rules.desk import Channel
from rules.ladder import Say
from tests.notifiers.letters import CALL, LINK, NOW, SECRETARIAT, SHORT_LINK, facts, problem, report

LONGEST = "Camat Rantau Badauh X"[:20]
HOSTILE = {
    "B019": "{{7*7}}",
    "B020": "{{ config }}",
    "B021": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "B022": "{% for x in range(10**9) %}{% endfor %}",
    "B024": "{{",
    "B031": "<script>alert(1)</script>",
    "a sign in its written form": "&amp;",
}

ASKING_NOTHING = (Say.RECEIVED, Say.DROPPED, Say.WITHDRAWN, Say.WAIVED, Say.SUBMISSION)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def of(say: Say, **changes: object) -> Facts:
    item = problem() if say is Say.PROBLEM else report(say=say, above="Asisten I", above_at=NOW + timedelta(hours=1))
    return facts(item, **changes)


class Visible(HTMLParser):
    """The words a reader sees, and the tags around them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


@pytest.mark.parametrize("say", Say)
@pytest.mark.parametrize("link", [LINK, None], ids=["with a link", "without"])
@pytest.mark.parametrize("items", [1, 2, 99])
@pytest.mark.parametrize("kind", ["reports", "problems", "both"])
def test_an_sms_is_one_segment_and_begins_with_the_brand(
    renderer: Renderer, say: Say, link: str | None, items: int, kind: str
):
    one, other = report(say=say, code="R-99999", above_at=NOW), problem(say=say, code="P-99999", above_at=NOW)
    about = {"reports": [one] * items, "problems": [other] * items, "both": [one, other] * items}[kind]

    told = renderer.sms(facts(*about, link=link, sms_name=LONGEST))

    assert gsm7.segments(told.text) == told.segments == 1
    assert gsm.BASIC.issuperset(told.text)
    assert told.text.startswith("Desk Batola: ")
    assert (LINK in told.text) == (link is not None and say not in ASKING_NOTHING)


def test_the_feasible_sample_is_what_is_sent(renderer: Renderer):
    told = renderer.sms(facts(link=SHORT_LINK))

    assert told.text == (
        "Desk Batola: Yth. Camat Rantau Badauh, laporan R-0805 (batas 12/12 15.00 WITA) belum kami terima. "
        f"Mohon dikirim: {SHORT_LINK}"
    )


@pytest.mark.parametrize(
    ("brand", "gone", "kept"),
    [
        pytest.param("Desk", [], ["(batas 12/12 15.00 WITA)", "Yth. ", LINK], id="everything fits"),
        pytest.param("D" * 15, ["12/12"], ["Yth. Camat", "Mohon dikirim", LINK], id="the due time goes first"),
        pytest.param("D" * 40, ["12/12", "Mohon"], ["Yth. Camat", LINK], id="then the courtesies"),
        pytest.param("D" * 55, ["12/12", "http"], ["Yth. Camat", CALL], id="then the link, never a part of it"),
        pytest.param("D" * 80, ["12/12", "http", "Yth."], ["R-0805", CALL], id="the salutation goes last"),
    ],
)
def test_what_does_not_fit_is_left_out_in_order(renderer: Renderer, brand: str, gone: list[str], kept: list[str]):
    told = renderer.sms(facts(brand=brand)).text

    assert len(told) <= 160
    assert [word for word in gone if word in told] == []
    assert [word for word in kept if word not in told] == []


def test_an_absurd_brand_is_cut_rather_than_sent_in_parts(renderer: Renderer):
    told = renderer.sms(facts(brand="x y " * 400))

    assert len(told.text) <= 160
    assert told.text.endswith("...")


def test_two_reports_are_a_count_and_the_time_of_the_first(renderer: Renderer):
    later = report(code="R-0806", due_at=NOW + timedelta(days=1))

    assert "2 laporan (sejak 12/12 15.00 WITA)" in renderer.sms(facts(report(), later)).text
    assert (
        "2 laporan (mulai 12/12 15.00 WITA)"
        in renderer.sms(
            facts(report(say=Say.REMINDER), replace(later, say=Say.REMINDER), now=NOW - timedelta(hours=1))
        ).text
    )


def test_what_is_not_due_yet_or_has_come_is_not_counted_among_the_missing(renderer: Renderer):
    items = (report(), report(say=Say.REMINDER, code="R-0900"), report(say=Say.RECEIVED, code="R-0700"))

    told = renderer.email(facts(*items))

    assert renderer.sms(facts(*items)).text.startswith("Desk Batola: Yth. Camat Rantau Badauh, laporan R-0805 ")
    assert told.subject == "Desk Batola: laporan R-0805 belum kami terima"
    assert told.text.index("R-0805") < told.text.index("Sebagai informasi") < told.text.index("R-0900")


def test_the_severest_words_a_merged_message_and_every_item_is_listed(renderer: Renderer):
    told = renderer.email(
        facts(report(say=Say.ESCALATION, office="Camat Tamban"), report(say=Say.OVERDUE, code="R-0806"))
    )

    assert told.subject == "Desk Batola: 2 laporan Kec. Rantau Badauh belum kami terima, mohon arahan"
    for word in ("R-0805", "R-0806", "Kecamatan Rantau Badauh, dari Camat Tamban", "15.00 WITA"):
        assert word in told.text


def test_an_item_is_said_in_its_own_zone_and_what_follows_in_the_readers(renderer: Renderer):
    item = report(say=Say.WARNING, zone="Asia/Jayapura", above="Sekda", above_at=NOW)

    told = renderer.email(facts(item, zone="Asia/Jakarta")).text

    assert "Batas waktu Selasa, 12 Desember 2023 pukul 16.00 WIT" in told
    assert "Bila sampai Selasa, 12 Desember 2023 pukul 14.15 WIB belum kami terima" in told
    assert "kami teruskan kepada Sekda" in told


def test_whoever_hears_next_is_named_for_each_report_where_they_differ(renderer: Renderer):
    told = renderer.email(
        facts(
            report(say=Say.WARNING, above="Asisten I", above_at=NOW),
            report(say=Say.WARNING, code="R-0806", above="Sekda", above_at=NOW),
            report(say=Say.WARNING, code="R-0807"),
        )
    ).text

    assert "WITA R-0805 belum kami terima, hal ini akan kami teruskan kepada Asisten I" in told
    assert "WITA R-0806 belum kami terima, hal ini akan kami teruskan kepada Sekda" in told


def test_without_a_link_the_secretariat_is_the_way(renderer: Renderer):
    told = renderer.email(facts(link=None))

    assert f"Mohon dikirim melalui {SECRETARIAT}." in told.text
    assert "href" not in (told.html or "")


@pytest.mark.parametrize("say", Say)
def test_no_sms_and_no_subject_tells_what_a_problem_is_about(renderer: Renderer, say: Say):
    told = facts(problem(say=say))

    for words in (renderer.sms(told).text, renderer.email(told).subject):
        assert not re.search("netralitas|rawan|Kecamatan", words, re.IGNORECASE)


@pytest.mark.parametrize("say", Say)
def test_plain_text_and_html_say_the_same(renderer: Renderer, say: Say):
    told = renderer.email(of(say))

    seen = "".join(Visible(told.html or "").words)

    for line in told.text.splitlines():
        said = re.sub(r"^- [RP]-\d+, |\s", "", line)
        assert said in seen


@pytest.mark.parametrize("say", Say)
def test_a_mail_is_complete_polite_and_automatic(renderer: Renderer, say: Say):
    told = renderer.email(of(say))

    assert len(told.subject) < 78
    assert told.subject.isascii()
    assert told.text.startswith("Yth. Bapak/Ibu Camat Rantau Badauh,")
    assert "Pesan otomatis dari Tim DESK Pemilu Kabupaten Barito Kuala" in told.text
    assert not re.search(r"\b(lalai|terlambat|anda|gagal|sanksi)\b", told.subject + told.text, re.IGNORECASE)
    assert "\n\n\n" not in told.text


@pytest.mark.parametrize("say", Say)
def test_the_secretariat_is_not_told_to_ask_itself(renderer: Renderer, say: Say):
    for link in (LINK, None):
        told = of(say, office="Sekretariat Tim DESK Pemilu", secretariat="", call="", link=link)

        assert renderer.email(told).text.startswith("Yth. Sekretariat Tim DESK Pemilu,")
        for text in (renderer.email(told).text, renderer.sms(told).text, renderer.whatsapp(told).text):
            assert not re.search(r"(hubungi|melalui|memberi tahu) +(Sekretariat|[.,])", text)


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_what_people_typed_is_shown_and_does_nothing(renderer: Renderer, typed: str):
    told = renderer.email(facts(report(area=typed, what=typed), office=typed, secretariat=typed))

    breaks = str.maketrans("", "", "\u200c")  # set into what a reader's program would make a link of
    assert typed in told.text.translate(breaks)
    assert "".join(typed.split()) in "".join(Visible(told.html or "").words).translate(breaks)
    assert "<script" not in (told.html or "")


def test_only_our_own_link_can_be_followed(renderer: Renderer):
    typed = "lihat http://evil.example/x atau www.evil.example, tulis ke a@evil.example"

    told = renderer.email(facts(report(area=typed, what=typed), desk=typed, secretariat=typed))

    for text in (told.text, told.html or ""):
        assert re.findall(r"https?://\S+?(?=[\s\"<]|$)", text.replace(LINK, "")) == []
        assert not re.search(r"\w@\w|\w\.example", text)
    assert {attrs["href"] for tag, attrs in Visible(told.html or "").tags if tag == "a"} == {LINK}


def test_writing_that_runs_backwards_or_piles_up_is_kept_in_its_place(renderer: Renderer):
    piled = "Z" + "\u0351\u036b\u0343\u036a" * 20

    told = renderer.email(facts(report(area=f"\u202egnp.exe\u2066 {piled}\r\nBcc: x")))

    assert not re.search("[\u202a-\u202e\u2066-\u2069]", told.text + (told.html or ""))
    assert "Z\u0351\u036b Bcc: x" in told.text


def test_the_html_is_readable_by_ear_in_the_dark_and_offline(renderer: Renderer):
    html = renderer.email(of(Say.WARNING)).html or ""
    tags = Visible(html).tags

    assert ("html", {"lang": "id"}) in tags
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in tags
    assert "prefers-color-scheme:dark" in html
    assert {attrs.get("scope") for tag, attrs in tags if tag == "th"} == {"col", "row"}
    assert any(tag == "caption" for tag, _ in tags)
    assert not re.search(r"<(img|script|link|iframe|form)|url\(|@import|\ssrc=", html)


@pytest.mark.parametrize(("entries", "above"), [(3, 0), (4, 1)])
def test_a_long_list_has_its_button_above_as_well(renderer: Renderer, entries: int, above: int):
    html = renderer.email(facts(*[report(say=Say.ESCALATION)] * entries)).html or ""

    assert html.partition("<table")[0].count(f'href="{LINK}"') == above


@pytest.mark.parametrize("say", Say)
@pytest.mark.parametrize("items", [1, 2])
@pytest.mark.parametrize("link", [LINK, SHORT_LINK, None])
def test_that_it_may_be_answered_costs_a_text_no_other_word(renderer: Renderer, say: Say, items: int, link: str | None):
    one = of(say, link=link)
    plain = replace(one, items=one.items * items)
    own = (replace(item, owned=True) for item in plain.items)
    told = replace(plain, items=tuple(own))

    without, with_it = renderer.sms(told).text, renderer.sms(replace(told, replies=True)).text

    said = re.sub(r" \(boleh dibalas\)|boleh dibalas; | Boleh dibalas\.", "", with_it)
    assert said == without
    assert gsm7.segments(with_it) == 1


@pytest.mark.parametrize(
    "say", [Say.SURE, Say.RETURNED, Say.DECLARED, Say.RECEIVED, Say.ESCALATION, Say.APPROVAL, Say.TASK]
)
def test_what_a_reply_cannot_do_is_not_offered(renderer: Renderer, say: Say):
    told = of(say, replies=True)

    assert not any("dibalas" in renderer.render(channel, told).text for channel in Channel)


@pytest.mark.parametrize("channel", Channel)
def test_what_asks_for_a_report_says_that_it_may_be_answered(renderer: Renderer, channel: Channel):
    told = of(Say.REMINDER, link=SHORT_LINK, brand="Desk", sms_name="Camat Tamban")

    assert "dibalas" in renderer.render(channel, replace(told, replies=True)).text
    assert "dibalas" not in renderer.render(channel, told).text
    assert "dibalas" not in renderer.render(channel, replace(told, replies=True, once=True)).text


def test_an_undeclared_fact_is_an_error_and_not_a_blank():
    sources = {f"{say}/{name}": "x\n\n---\n" for say in Say for name in ("email.txt.j2", "sms.txt.j2")}
    sources |= {"email.txt.j2": "{{ nobody_declared_this }}", "email.html.j2": "", "whatsapp.txt.j2": ""}

    with pytest.raises(UndefinedError, match="nobody_declared_this"):
        Renderer(DictLoader(sources)).render(Channel.EMAIL, facts())


@pytest.mark.parametrize("say", [say for say in Say if say is not Say.SUMMARY], ids=str)
@pytest.mark.parametrize("link", [LINK, None], ids=["with a link", "without"])
@pytest.mark.parametrize("items", [1, 2, 99])
def test_a_whatsapp_text_says_codes_and_times_and_not_what_a_matter_is_about(renderer, say, link, items):
    one = problem(say=say) if say is Say.PROBLEM else report(say=say, above="Asisten I", above_at=NOW)
    told = [replace(one, code=f"{one.code[:2]}{number:04}") for number in range(items)]

    text = renderer.render(Channel.WHATSAPP, facts(*told, link=link)).text

    assert len(text) <= WHATSAPP_SIZE
    assert told[0].code in text
    assert not {one.what, str(one.severity), one.area} & set(re.findall(r"[^\n,]+", text))
    assert text.count(LINK) == bool(link)


def test_a_whatsapp_text_without_room_for_its_list_says_how_many_there_are(renderer: Renderer):
    told = [report(code=f"R-{number:04}", above="Asisten " * 20, above_at=NOW) for number in range(30)]

    text = renderer.render(Channel.WHATSAPP, facts(*told)).text

    assert "lainnya" in text or "30 laporan" in text


def test_an_address_is_not_in_what_a_letter_shows():
    from tests.notifiers.letters import letter

    assert "camat" not in repr(letter(bounce_to="camat@x.example"))


@given(area=st.text(max_size=60), name=st.text(max_size=40), brand=st.text(max_size=30), code=st.text(max_size=12))
def test_whatever_is_typed_an_sms_is_one_segment(area: str, name: str, brand: str, code: str):
    told = RENDERER.sms(facts(report(area=area, code=code), sms_name=name, brand=brand))

    assert gsm7.segments(told.text) == 1
    assert LINK in told.text or LINK[:20] not in told.text


# -- who is asked for what ---------------------------------------------------------------------------------------------

OF_ANOTHER = {"office": "Camat Rantau Badauh", "above_at": NOW}
CHASING = (Say.DUE, Say.OVERDUE, Say.WARNING)


@pytest.mark.parametrize("say", CHASING)
def test_whoever_is_not_the_reporter_is_told_whose_report_it_is_and_asked_for_help(renderer: Renderer, say: Say):
    told = facts(report(say=say, **OF_ANOTHER), office="Kepala Dinas Pendidikan", sms_name="Kadis Pendidikan")

    text, mail = renderer.sms(told).text, renderer.email(told).text
    assert "laporan Kec. Rantau Badauh" in text
    assert "Mohon bantuannya" in text
    assert "dikirim:" not in text
    assert "membantu agar laporan Camat Rantau Badauh dikirim" in mail
    assert "mengirimkannya" not in mail


def test_a_helper_is_told_the_code_where_there_is_room(renderer: Renderer):
    told = facts(report(say=Say.WARNING, code="R-1674", **OF_ANOTHER), sms_name="Kadis Pendidikan", link=SHORT_LINK)

    assert "laporan Kec. Rantau Badauh (R-1674) belum kami terima. Mohon bantuannya: http" in renderer.sms(told).text


def test_a_helper_of_two_districts_is_told_both(renderer: Renderer):
    two = (report(say=Say.WARNING, **OF_ANOTHER), report(say=Say.WARNING, area="Kecamatan Cerbon", **OF_ANOTHER))

    text = renderer.sms(facts(*two, sms_name="Kadis Pendidikan", link=SHORT_LINK)).text

    assert "Kec. Rantau Badauh dan Cerbon" in text


@pytest.mark.parametrize("say", CHASING)
def test_the_reporter_is_not_told_that_it_is_awaited_from_himself(renderer: Renderer, say: Say):
    told = renderer.email(facts(report(say=say, above="Asisten II", above_at=NOW))).text

    assert "dari Camat" not in told
    assert "Tim terakhir kami hubungi" not in told
    assert "mengirimkannya" in told


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (report(say=Say.DUE), "batas waktu laporan R-0805 tiba 12/12 15.00 WITA. Mohon dikirim"),
        (
            report(say=Say.WARNING, above_at=NOW),
            "laporan R-0805 kami tunggu s.d. 12/12 15.15 WITA. Bila ada kendala mohon",
        ),
        (
            report(say=Say.ESCALATION, **OF_ANOTHER),
            "laporan Kec. Rantau Badauh (R-0805) belum kami terima. Mohon arahan",
        ),
        (problem(grave=True), "mendesak: P-0012 Kec. Rantau Badauh (sangat rawan). Mohon arahan"),
        (problem(severity="rawan"), "permasalahan P-0012 Kec. Rantau Badauh menunggu tindak lanjut. Mohon arahan"),
    ],
    ids=["due", "warning", "escalation", "grave", "problem"],
)
def test_a_text_says_what_is_asked_and_threatens_nobody(renderer: Renderer, item: Item, said: str):
    text = renderer.sms(facts(item, sms_name="Sekda", link=SHORT_LINK)).text

    assert said in text
    assert not re.search("jatuh tempo|diteruskan|pimpinan", text)


def test_of_several_problems_only_the_grave_are_called_urgent_and_they_stand_first(renderer: Renderer):
    slight = problem(severity="kurang rawan", due_at=NOW - timedelta(hours=2))
    both = facts(slight, problem(code="P-0013", grave=True), sms_name="Sekda", link=SHORT_LINK)

    text, mail = renderer.sms(both).text, renderer.email(both)

    assert "2 permasalahan, 1 mendesak. Mohon arahan" in text
    assert mail.subject == "Desk Batola: 2 permasalahan, 1 mendesak, mohon arahan"
    assert mail.text.index("P-0013") < mail.text.index("P-0012")


@pytest.mark.parametrize("say", Say)
@pytest.mark.parametrize("election", ["", "Pilkada 2024"])
def test_with_a_real_address_a_text_keeps_salutation_and_link(renderer: Renderer, say: Say, election: str):
    for item in (report(say=say, above_at=NOW), report(say=say, **OF_ANOTHER), problem(say=say, grave=True)):
        for items in ((item,), (item, replace(item, area="Kecamatan Bakumpai"))):
            text = renderer.sms(facts(*items, sms_name=LONGEST, election=election)).text

            assert f"Yth. {LONGEST}, " in text
            assert LINK in text or say in ASKING_NOTHING


@pytest.mark.parametrize("say", Say)
def test_where_several_elections_are_live_every_text_says_which_it_means(renderer: Renderer, say: Say):
    told = of(say, election="Pilkada 2024")

    assert renderer.sms(told).text.startswith("Desk Batola, Pilkada 2024: ")
    assert renderer.email(told).subject.startswith("Desk Batola, Pilkada 2024: ")
    assert "Pilkada 2024" in renderer.email(told).text.partition("Pesan otomatis")[0]
    assert "Pilkada 2024" in renderer.whatsapp(told).text


@pytest.mark.parametrize("say", Say)
@pytest.mark.parametrize("link", [LINK, None], ids=["with a link", "without"])
def test_nobody_is_told_to_ask_the_secretariat_without_its_number(renderer: Renderer, say: Say, link: str | None):
    told = of(say, link=link)

    for text in (renderer.sms(told).text, renderer.email(told).text, renderer.whatsapp(told).text):
        assert CALL in text or "Sekretariat" not in text
    if link and say not in ASKING_NOTHING:
        assert CALL in renderer.email(told).text


@pytest.mark.parametrize("say", Say)
def test_a_link_that_works_once_is_never_offered_to_be_passed_on(renderer: Renderer, say: Say):
    once, often = of(say, once=True), of(say)

    for text in (renderer.email(once).text, renderer.email(once).html or "", renderer.whatsapp(once).text):
        assert "Mohon tidak diteruskan" in text
        assert "Bila perlu diteruskan" not in text
    assert ("Bila perlu diteruskan" in renderer.email(often).text) == (
        say not in (Say.SUBMISSION, Say.ROLL_CALL, Say.AIDE)
    )


def test_only_mails_with_something_enclosed_say_so(renderer: Renderer):
    assert [say for say in Say if "Bersama ini" in renderer.email(of(say)).text] == []


def test_a_time_of_day_in_a_name_is_no_address_and_stays_as_it_is(renderer: Renderer):
    told = renderer.email(facts(report(what="Laporan pukul 07.30: pembukaan TPS"))).text

    assert "Laporan pukul 07.30: pembukaan TPS" in told


def test_a_report_of_one_day_is_of_a_date_and_not_of_a_period(renderer: Renderer):
    day = NOW.date()

    assert "tanggal 12 Desember 2023" in renderer.email(facts(report(period=(day, day)))).text


RENDERER = Renderer()


def test_an_aide_who_gets_no_link_is_sent_to_whoever_asks_him(renderer):
    """What a village sends is read by its district's reporter alone: never by the secretariat."""
    asked = report(say=Say.AIDE, by=("Camat Tamban", "Camat Tamban"))

    text = renderer.sms(facts(asked, link=None)).text

    assert "hubungi Camat Tamban" in text
    assert "Sekretariat" not in text
