"""What reaches many waits for a second person, on pages and at the server."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from config import loader
from jobs.commands import confirming
from jobs.operator import amend, second, subjects
from jobs.operator.refusals import Refusal
from models.desk import orders
from models.desk.changes import Hand, Way, record
from models.desk.orders import Order
from models.messages.outbox import Filter
from models.offices import assignments, offices
from models.offices.assignments import Assignment as AssignmentRow
from rules.assignments import Assignment, Kind
from rules.delivery import Refused, State
from rules.desk import Channel
from rules.orders import Act
from rules.tasks import Why as Because
from services import handovers, restoring
from tests.stories.desk import Desk
from tests.web.conftest import Web
from tests.web.signing import SignedIn, signs_in
from tests.web.test_control import COSTS, EARLIER, PAGE, changes, comes_of_it, on_hold, ordered, policy, sends

FIRST, SECOND = "Sekretariat Desk", "Kepala Kesbangpol"
STRICT = ("{above: 30, within: PT2H}", "{above: 3, within: PT2H}")


def holds_office(desk: Desk, title: str, name: str) -> None:
    with desk.rt.sessions.begin() as session:
        office = offices.by_code(session, desk.programme.desk.code, desk.office(title))
        assert office
        new = Assignment(name, Kind.DEFINITIVE, desk.clock.at - timedelta(days=30))
        assignments.begin(session, office.id, new, now=desk.clock.at)


def tightened(web: Web, desk: Desk, rule: str) -> None:
    """Two offices have a holder, and one person may reach fewer."""
    holds_office(desk, FIRST, "Ahmad Yani, S.Sos.")
    holds_office(desk, SECOND, "Dra. Siti Aminah")
    signs = signs_in(web, FIRST)
    sends(signs, policy((STRICT[0], rule)))
    desk.turn()
    signs.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Lebih hati-hati")
    desk.turn()


@pytest.fixture
def strict(web: Web, desk: Desk) -> Web:
    """A desk where one person may reach three."""
    tightened(web, desk, STRICT[1])
    return web


def asks(web: Web, desk: Desk) -> int:
    """The secretariat asks for an amendment that changes every daily report; its number."""
    first = signs_in(web, FIRST)
    sends(first, policy(STRICT, EARLIER))
    desk.turn()
    first.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Surat edaran 12")
    desk.turn()
    order = ordered(desk)
    assert order.waits_for_second
    return order.id


def looks(web: Web, desk: Desk, id: int) -> tuple[SignedIn, str]:
    """The second person looks at what it would do now, and reads the page of that."""
    own = signs_in(web, SECOND)
    assert own.post(PAGE, act="look", order=str(id)).status_code == 303
    return own, comes_of_it(own, desk)


def stands(desk: Desk, id: int) -> Order:
    with desk.rt.sessions() as session:
        return session.get_one(Order, id)


def in_force(desk: Desk) -> bool:
    """Whether the daily reports are due at 14.00."""
    (own,) = desk.rt.programmes.values()
    return "14.00" in {f"{o.due_at.astimezone(desk.zone):%H.%M}" for o in own.obligations() if o.duty == "harian"}


def test_an_amendment_of_many_reports_is_in_force_once_a_second_person_confirms(strict: Web, desk: Desk):
    id = asks(strict, desk)
    waits = strict.get(f"{PAGE}/{id}").text
    assert "Menunggu orang kedua sampai" in waits
    assert "Yang meminta tidak dapat menyetujui sendiri" in waits
    assert "mencapai 21 laporan atau jabatan. Di atas 3 perlu disetujui orang lain." in waits
    assert not in_force(desk)

    own, told = looks(strict, desk, id)
    assert "Sekarang mencapai 21 laporan atau jabatan" in told
    assert "Alasan: Surat edaran 12" in told
    assert re.search(r"<li>Laporan harian: \d+ berubah waktunya</li>", told)
    moved = "7 Februari 2024 pukul 15.00 WITA menjadi pukul 14.00 WITA"
    assert f"Laporan harian: berubah waktunya, {moved}</li>" in told
    assert not re.search(r"\d{4}-\d\d-\d\d", told.partition("<pre>")[0])
    assert re.search(r'\n<del>-    at: \["15:00"\]</del>\n<ins>\+    at: \["14:00"\]</ins>\n', unescape(told))
    own.post(PAGE, act="confirm", order=str(ordered(desk).id))
    desk.turn()

    assert in_force(desk)
    assert "Disetujui Kepala Kesbangpol" in own.get(f"{PAGE}/{id}").text
    assert changes(desk, "confirmed") == [("Kepala Kesbangpol", "reaches 21")]
    assert ("Sekretariat Desk", "Surat edaran 12") in changes(desk, "amend")


def test_the_second_person_hears_once_and_finds_it_where_he_looks(strict: Web, desk: Desk):
    id = asks(strict, desk)

    assert sum("menunggu tindak lanjut" in text for text in desk.phone(SECOND).texts) == 1
    own = signs_in(strict, SECOND)
    for page in ("/sekretariat", PAGE, "/sekretariat/tugas"):
        assert "enunggu orang kedua" in own.get(page).text
        assert f"{PAGE}/{id}" in own.get(page).text


def test_the_second_person_hears_at_night_what_lapses_before_morning(strict: Web, desk: Desk):
    desk.clock.reads("H-9 22:00")

    id = asks(strict, desk)
    desk.clock.reads("H-9 22:05")

    told = desk.phone(SECOND, since="H-9 22:00")
    assert (told.clocks, "menunggu tindak lanjut" in told.last) == (["22:00"], True)
    desk.clock.reads("H-8 07:30")
    assert stands(desk, id).refused
    assert desk.phone(SECOND, since="H-9 22:05").clocks == []


def test_who_is_told_of_it_reads_what_it_is_and_until_when_and_of_nobody_above(strict: Web, desk: Desk):
    asks(strict, desk)
    desk.clock.at += timedelta(minutes=5)
    desk.turn()

    (mail,) = [text for text in desk.mailbox(FIRST).texts if "Menunggu persetujuan orang kedua" in text]
    assert "mencapai 21 laporan atau jabatan; menunggu orang kedua sampai" in mail
    assert "akan kami teruskan" not in mail


def test_who_comes_too_late_reads_that_it_is_decided(strict: Web, desk: Desk):
    id = asks(strict, desk)
    own, _ = looks(strict, desk, id)
    looked = str(ordered(desk).id)
    assert own.post(PAGE, act="confirm", order=looked).status_code == 303
    assert own.post(PAGE, act="confirm", order=looked).status_code == 303

    late = own.post(PAGE, act="refuse", order=str(id), reason="Belum dibahas")

    assert late.status_code == 409
    assert "Keadaannya sudah berubah" in late.text
    assert "Laporan ini" not in late.text


def test_what_another_change_overtook_says_in_words_what_to_do(strict: Web, desk: Desk):
    id = asks(strict, desk)
    own, _ = looks(strict, desk, id)
    own.post(PAGE, act="confirm", order=str(ordered(desk).id))
    with desk.rt.sessions.begin() as session:
        order = session.get_one(Order, id)
        order.terms = {**order.terms, "seen": {}}

    desk.turn()

    told = own.get(f"{PAGE}/{id}").text
    assert "Mohon dilihat lagi, lalu diminta lagi." in told
    assert "look at it again" not in told
    assert "tidak dilakukan" in own.get(PAGE).text


def test_what_nobody_confirms_lapses_and_says_so(strict: Web, desk: Desk):
    id = asks(strict, desk)

    desk.clock.at += timedelta(hours=2)
    desk.turn()

    assert not in_force(desk)
    first = signs_in(strict, FIRST)
    assert "Gugur" in first.get(f"{PAGE}/{id}").text
    assert len(changes(desk, "lapsed")) == 1
    (task,) = [own for own in desk.tasks() if own.why in (Because.SECOND, Because.LAPSED)]
    assert (task.why, "tidak disetujui orang kedua" in task.text) == (Because.LAPSED, True)
    assert signs_in(strict, SECOND).post(PAGE, act="look", order=str(id)).status_code == 409


def test_who_refuses_says_why_and_nothing_is_changed(strict: Web, desk: Desk):
    id = asks(strict, desk)
    own = signs_in(strict, SECOND)
    assert own.post(PAGE, act="refuse", order=str(id), reason=" ").status_code == 422

    own.post(PAGE, act="refuse", order=str(id), reason="Belum dibahas")
    desk.turn()

    assert "Kepala Kesbangpol: Belum dibahas" in own.get(f"{PAGE}/{id}").text
    assert changes(desk, "refused") == [("Kepala Kesbangpol", "Belum dibahas")]
    assert not in_force(desk)
    assert not [task for task in desk.tasks() if task.why is Because.SECOND]


def test_whoever_asked_takes_it_back_alone(strict: Web, desk: Desk):
    id = asks(strict, desk)
    first = signs_in(strict, FIRST)

    first.post(PAGE, act="refuse", order=str(id), reason="Keliru")

    assert stands(desk, id).done_at is not None


def test_whoever_asked_does_not_confirm_it_himself(strict: Web, desk: Desk):
    id = asks(strict, desk)
    first = signs_in(strict, FIRST)
    first.post(PAGE, act="look", order=str(id))
    desk.turn()

    refused = first.post(PAGE, act="confirm", order=str(ordered(desk).id))

    assert refused.status_code == 422
    assert "tidak dapat menyetujui sendiri" in refused.text
    assert stands(desk, id).waits_for_second


def test_nobody_confirms_by_what_another_looked_at(strict: Web, desk: Desk):
    asks(strict, desk)
    _, _ = looks(strict, desk, ordered(desk).id)
    looked = ordered(desk).id

    assert signs_in(strict, FIRST).post(PAGE, act="confirm", order=str(looked)).status_code == 409


@pytest.mark.parametrize(
    ("name", "said"),
    [("Ahmad Yani", "dipegang orang yang sama"), ("", "Belum tercatat siapa pemegang jabatan")],
)
def test_one_person_in_two_offices_is_one_person(web: Web, desk: Desk, name: str, said: str):
    holds_office(desk, FIRST, "Drs. Ahmad Yani, M.Si.")
    if name:
        holds_office(desk, SECOND, name)
    signs = signs_in(web, FIRST)
    sends(signs, policy(STRICT))
    desk.turn()
    signs.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Lebih hati-hati")
    id = asks(web, desk)

    assert said in signs_in(web, SECOND).get(f"{PAGE}/{id}").text


def test_nobody_makes_himself_the_second_person(strict: Web, desk: Desk):
    code = desk.office(SECOND)
    with desk.rt.sessions.begin() as session:
        keeper = offices.by_code(session, desk.programme.desk.code, desk.office(FIRST))
        office = offices.by_code(session, desk.programme.desk.code, code)
        assert keeper
        assert office
        handovers.replace(session, office.id, Channel.SMS, "+6282000000099", now=desk.clock.at)
        hand = Hand(keeper.id, keeper.title, Way.SESSION, 1)
        record(session, hand, "contact replaced", code, text="sms", now=desk.clock.at)
    id = asks(strict, desk)

    own, _ = looks(strict, desk, id)
    refused = own.post(PAGE, act="confirm", order=str(ordered(desk).id))

    assert refused.status_code == 422
    assert "baru saja diisi oleh yang meminta" in refused.text


def test_a_rule_that_lets_one_person_do_more_needs_two(strict: Web, desk: Desk):
    first = signs_in(strict, FIRST)
    sends(first, policy(("two_people: {above: 30, within: PT2H}", "")))
    desk.turn()

    first.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Sendiri saja")
    desk.turn()

    assert ordered(desk).waits_for_second


def test_what_grew_since_he_looked_is_looked_at_again(strict: Web, desk: Desk):
    id = asks(strict, desk)
    own, _ = looks(strict, desk, id)
    own.post(PAGE, act="confirm", order=str(ordered(desk).id))
    with desk.rt.sessions.begin() as session:
        order = session.get_one(Order, id)
        order.terms = {**order.terms, "reach": 5}

    desk.turn()

    again = stands(desk, id)
    assert (again.waits_for_second, again.terms["reach"], in_force(desk)) == (True, 21, False)
    assert "mohon dilihat lagi" in own.get(f"{PAGE}/{id}").text
    assert again.lapses_at == again.ordered_at + timedelta(hours=2)


def test_on_hold_the_page_says_by_which_number_the_second_person_is_phoned(strict: Web, desk: Desk):
    desk.clock.reads("H-7 08:00")
    desk.holds("Salah teks")
    id = asks(strict, desk)

    waits = signs_in(strict, FIRST).get(f"{PAGE}/{id}").text

    number = desk.address(SECOND, Channel.SMS)
    assert f'href="tel:{number}"' in waits
    assert f", {SECOND}</a>" in waits
    assert changes(desk, "number shown") == [("Sekretariat Desk", "")]


def test_on_hold_nobody_is_told_to_phone_himself(web: Web, desk: Desk):
    """The second office has no holder on record, so it cannot confirm yet, and there is no third."""
    holds_office(desk, FIRST, "Ahmad Yani, S.Sos.")
    desk.clock.reads("H-7 08:00")
    sends(signs_in(web, FIRST), policy(STRICT))
    desk.turn()
    signs_in(web, FIRST).post(PAGE, act="amend", order=str(ordered(desk).id), reason="Lebih hati-hati")
    desk.turn()
    desk.holds("Salah teks")
    id = asks(web, desk)

    waits = signs_in(web, SECOND).get(f"{PAGE}/{id}").text

    assert "Belum tercatat siapa pemegang jabatan" in waits
    assert "Dapat disetujui oleh petugas sistem." in waits
    assert "mohon ditelepon" not in waits
    assert "Nomor teleponnya belum tercatat" not in waits


def test_an_order_of_the_server_is_confirmed_on_the_page(strict: Web, desk: Desk):
    desk.clock.reads("H-7 08:00")
    desk.holds("Salah teks")
    desk.clock.reads("H-7 16:00")
    waits = second.release(desk.rt)
    assert isinstance(waits, second.Asked)
    assert second.release(desk.rt) == waits

    own, told = looks(strict, desk, waits.order)
    assert "Bila dilepas sekarang" in told
    own.post(PAGE, act="confirm", order=str(ordered(desk).id))
    desk.turn()

    assert on_hold(desk) == ""
    assert stands(desk, waits.order).second == "Kepala Kesbangpol"


def test_who_confirms_a_release_at_the_server_reads_what_may_be_told_again(strict: Web, desk: Desk):
    """After an older copy was put back, with nobody asked what left since."""
    desk.clock.reads("H-7 08:00")
    with desk.rt.sessions.begin() as session:
        restoring.opened(session, desk.clock.at, ordered=True, now=desk.clock.at)
    desk.on_hold = True
    desk.clock.reads("H-7 16:00")
    waits = second.release(desk.rt)
    assert isinstance(waits, second.Asked)

    _, looked = second.look(desk.rt, waits.order)

    by_sms = next(n for n, line in enumerate(confirming.details(looked)) if line.endswith("messages by sms"))
    assert "is not wholly known" in confirming.details(looked)[by_sms + 1]


def test_another_name_at_the_same_login_is_no_second_person(strict: Web, desk: Desk):
    desk.clock.reads("H-7 08:00")
    desk.holds("Salah teks")
    desk.clock.reads("H-7 16:00")
    waits = second.release(desk.rt)
    assert isinstance(waits, second.Asked)

    with pytest.raises(Refusal, match="not the second person: same"):
        second.confirm(desk.rt, waits.order, by="Orang Lain", reach=waits.reach)

    assert on_hold(desk)


def test_an_operator_confirms_for_a_page_what_he_has_read(strict: Web, desk: Desk):
    id = asks(strict, desk)
    with pytest.raises(Refusal, match="it reaches 21 now, not 20"):
        second.confirm(desk.rt, id, by="Budi Santoso", reach=20)
    with pytest.raises(Refusal, match="namesake"):
        second.confirm(desk.rt, id, by="Ahmad Yani", reach=21)
    with pytest.raises(Refusal, match="unnamed"):
        second.confirm(desk.rt, id, by=" ", reach=21)

    done = second.confirm(desk.rt, id, by="Budi Santoso", reach=21)

    assert done.second.startswith("Budi Santoso (")
    assert in_force(desk)


def test_stopping_waits_for_nobody(strict: Web, desk: Desk):
    desk.clock.reads("H-7 16:00")

    signs_in(strict, FIRST).post(PAGE, act="hold", reason="Teks keliru")

    assert on_hold(desk)


def test_small_orders_are_added_up(strict: Web, desk: Desk):
    """Three reports are changed alone; the fourth within two hours waits."""
    desk.clock.at += timedelta(hours=3)
    first = signs_in(strict, FIRST)
    fewer = ("days: H-7..H-1\n    at", "days: H-6..H-1\n    at")
    sends(first, policy(STRICT, fewer))
    desk.turn()
    first.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Tanpa H-7")
    desk.turn()
    assert (ordered(desk).done_at is not None, ordered(desk).refused) == (True, "")

    sends(first, policy(STRICT, ("days: H-7..H-1\n    at", "days: H-5..H-1\n    at")))
    desk.turn()
    first.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Tanpa H-6")
    desk.turn()

    assert ordered(desk).waits_for_second


def erases(own: SignedIn, name: str):
    return own.post("/sekretariat/data-pribadi", act="erase", person=name, reason="Diminta")


def test_small_erasures_are_added_up_though_each_is_done_at_once(strict: Web, desk: Desk):
    desk.clock.at += timedelta(hours=3)
    past = ("Budi Santoso", "Candra Wijaya", "Dewi Lestari", "Eko Prasetyo")
    for day, name in enumerate(past, 1):
        desk.passes_to("Camat Tamban", name, since=f"2024-01-0{day} 08:00", phone=f"+628200000660{day}")
    desk.passes_to("Camat Tamban", "Ibu Baru", since="2024-01-20 08:00", phone="+6282000006699")
    first = signs_in(strict, FIRST)

    sent = [erases(first, name).status_code for name in past]

    assert sent == [200, 200, 200, 303]
    assert (ordered(desk).waits_for_second, ordered(desk).terms["reach"]) == (True, 1)
    assert "bersama yang baru saja dilakukan jumlahnya di atas 3" in first.get(f"{PAGE}/{ordered(desk).id}").text


def test_what_the_server_did_at_once_counts_on_the_page_and_is_read_there(strict: Web, desk: Desk):
    desk.clock.reads("H-7 11:59")
    desk.fails(Channel.EMAIL, Refused("no such user"), end="H-7 12:05", to="Camat Tamban")
    desk.fails(Channel.EMAIL, Refused("no such user"), end="H-7 12:05", to="Camat Mekarsari")
    desk.clock.reads("H-7 12:05")
    failed = [own.id for own in desk.messages() if own.state is State.FAILED]
    assert len(failed) > 1

    second.retry(desk.rt, [Filter(ids=failed)], twice=False)

    done = ordered(desk)
    assert (done.act, done.account != "", done.done_at) == (Act.RETRY, True, desk.clock.at)
    with desk.rt.sessions() as session:
        assert orders.alone(session, done.desk, since=desk.clock.at - timedelta(hours=2)) == done.result["reach"] > 0
    assert f"petugas sistem ({done.account})" in signs_in(strict, FIRST).get(f"{PAGE}/{done.id}").text


def names(desk: Desk, name: str) -> int:
    with desk.rt.sessions() as session:
        return len(session.scalars(select(AssignmentRow).where(AssignmentRow.name == name)).all())


def test_many_messages_are_tried_again_once_a_second_person_confirms(web: Web, desk: Desk):
    tightened(web, desk, "{above: 1, within: PT2H}")
    camats = ("Camat Tamban", "Camat Mekarsari")
    desk.owes_only(*(desk.key("harian", diweb, "H-7") for diweb in ("Tamban", "Mekarsari")))
    desk.clock.reads("H-7 11:59")
    for camat in camats:
        desk.fails(Channel.EMAIL, Refused("no such user"), end="H-7 12:05", to=camat)
    desk.clock.reads("H-7 12:05")
    for camat in camats:
        desk.regains(camat, Channel.EMAIL)
    ids = [own.id for own in desk.messages() if own.state is State.FAILED]
    first = signs_in(web, FIRST)
    first.post(PAGE, act="retry", reason="Nomor sudah aktif", **{f"m-{id}": str(id) for id in ids})
    desk.turn()
    id = ordered(desk).id
    assert stands(desk, id).waits_for_second

    own, told = looks(web, desk, id)
    assert f"<li>{len(ids)} pesan akan dicoba sekali lagi</li>" in told
    assert "will be tried" not in told
    own.post(PAGE, act="confirm", order=str(ordered(desk).id))
    desk.turn()

    assert stands(desk, id).result["reach"] > 1
    assert changes(desk, "retry") == [("Sekretariat Desk", "Nomor sudah aktif")]


def test_an_erasure_of_much_waits_and_its_order_says_nothing_of_him(strict: Web, desk: Desk):
    for day in range(1, 5):
        desk.passes_to("Camat Tamban", "Budi Lama", since=f"2024-01-0{day} 08:00", phone=f"+628200000660{day}")
    desk.passes_to("Camat Tamban", "Ibu Baru", since="2024-01-20 08:00", phone="+6282000006699")
    first = signs_in(strict, FIRST)
    sent = first.post("/sekretariat/data-pribadi", act="erase", person="Budi Lama", reason="Diminta")
    assert sent.status_code == 303
    id = ordered(desk).id
    assert "Budi" not in str(stands(desk, id).terms)

    own, told = looks(strict, desk, id)
    assert "dihapus untuk selamanya, pada Camat Tamban: 0 kontak, 4 nama, dan isi 0 pesan masuk." in told
    assert "Sekarang mencapai 0 kontak, 4 nama, dan isi 0 pesan masuk." in told
    assert "mencapai 0 kontak, 4 nama" in own.get("/sekretariat/tugas").text
    assert names(desk, "Budi Lama") == 4
    own.post(PAGE, act="confirm", order=str(ordered(desk).id))
    desk.turn()

    assert names(desk, "Budi Lama") == 0
    assert "Sudah dihapus: 0 kontak, 4 nama, dan isi 0 pesan masuk." in own.get(f"{PAGE}/{id}").text
    (title, text), *_ = changes(desk, "subject erased")
    assert (title, text.endswith("camat-tamban: Diminta")) == ("Sekretariat Desk", True)


def test_the_past_holders_of_an_office_are_erased_by_two_people_too(strict: Web, desk: Desk):
    """Whoever is in office stays, also who comes into it while the order waits."""
    for day in range(1, 4):
        desk.passes_to("Camat Tamban", "Budi Lama", since=f"2024-01-0{day} 08:00", phone=f"+628200000660{day}")
    desk.passes_to("Camat Tamban", "Ibu Baru", since="2024-01-20 08:00", phone="+6282000006699")
    code = desk.programme.desk.code

    waits = subjects.erase_past(desk.rt, code, "camat-tamban")

    assert isinstance(waits, second.Asked)
    assert (ordered(desk).act, ordered(desk).reason) == (Act.ERASE, "past holders of camat-tamban")
    assert names(desk, "Budi Lama") == 3
    own, _ = looks(strict, desk, waits.order)
    own.post(PAGE, act="confirm", order=str(ordered(desk).id))
    desk.turn()
    assert (names(desk, "Budi Lama"), names(desk, "Ibu Baru")) == (0, 1)


def test_who_confirms_a_sum_sees_for_which_election_and_what_is_used(web: Web, desk: Desk):
    holds_office(desk, FIRST, "Ahmad Yani, S.Sos.")
    holds_office(desk, SECOND, "Dra. Siti Aminah")
    amend.amend(desk.rt, [loader.parse(policy() + COSTS, "berbayar.yaml")])
    signs_in(web, FIRST).post(PAGE, act="raise", programme=desk.programme.code, rupiah="50.000", reason="Banjir")
    desk.turn()

    _, told = looks(web, desk, ordered(desk).id)

    assert "Pemilihan Contoh, terpakai Rp" in told
    assert "dari Rp100.000" in told
    assert "Alasan: Banjir" in told


def test_a_ladder_reaches_everybody_though_no_report_changes(strict: Web, desk: Desk):
    first = signs_in(strict, FIRST)
    sends(first, policy(STRICT, ("caps_per_day: {sms: 4", "caps_per_day: {sms: 40")))
    desk.turn()

    first.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Lebih banyak SMS")
    desk.turn()

    order = ordered(desk)
    assert (order.waits_for_second, order.terms["reach"]) == (True, len(desk.programme.desk.offices))
