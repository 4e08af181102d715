"""Hold and release, a changed file, and messages that are stuck: on pages, with the code of the commands."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from config import loader
from jobs.operator import amend, budgets, closing, second
from jobs.turn import tidy
from models.base import Sessions
from models.desk import orders
from models.desk.changes import Change
from models.desk.orders import Order
from models.machine import clock, departures, gaps
from models.machine.gaps import Gap
from models.messages.spending import Spending
from rules.delivery import State
from rules.desk import Channel
from rules.orders import COUNTS
from tests.stories.desk import ELECTION, POLICY, Desk, uncalled
from tests.stories.test_restored import put_back
from tests.web.conftest import URL, Web
from tests.web.signing import SignedIn, signs_in

PAGE = "/sekretariat/kendali"
TAMBAN = "Camat Tamban"


@pytest.fixture
def keeper(web: Web) -> SignedIn:
    return signs_in(web, "Sekretariat Desk")


def on_hold(desk: Desk) -> str:
    with desk.rt.sessions() as session:
        held = clock.marked(session, clock.HOLD)
    return held[1] if held else ""


def changes(desk: Desk, what: str) -> list[tuple[str, str]]:
    with desk.rt.sessions() as session:
        return [(own.title, own.text) for own in session.scalars(select(Change).where(Change.what == what))]


def ordered(desk: Desk) -> Order:
    with desk.rt.sessions() as session:
        return session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()


def comes_of_it(keeper: SignedIn, desk: Desk) -> str:
    """The page of the newest order, once the clock has turned."""
    desk.turn()
    return keeper.get(f"{PAGE}/{ordered(desk).id}").text


def sends(keeper: SignedIn, text: str, **fields: str):
    files = {"file": ("kebijakan.yaml", text.encode())}
    data = {"word": keeper.word, **fields}
    return keeper.web.client.post(f"{PAGE}/berkas", data=data, files=files, headers={"Origin": URL})


def policy(*pairs: tuple[str, str]) -> str:
    text = uncalled(POLICY.read_text(encoding="utf-8"))
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


ALONE = ("two_people: {above: 30, within: PT2H}\n", "")
LATER = ("{at: PT3H30M, tell: coordinator", "{at: PT4H, tell: coordinator")
EARLIER = ('days: H-7..H-1\n    at: ["15:00"]', 'days: H-7..H-1\n    at: ["14:00"]')


def test_sending_stops_at_once_with_who_and_why(keeper: SignedIn, desk: Desk):
    keeper.post(PAGE, act="hold", reason="Teks keliru")

    assert on_hold(desk) == "Sekretariat Desk: Teks keliru"
    assert changes(desk, "hold") == [("Sekretariat Desk", "Teks keliru")]
    assert "Pengiriman ditahan sejak" in keeper.get(PAGE).text
    assert "Pengiriman ditahan sejak" in keeper.get("/sekretariat").text


def test_nothing_is_stopped_without_a_reason(keeper: SignedIn, desk: Desk):
    refused = keeper.post(PAGE, act="hold", reason="  ")

    assert (refused.status_code, on_hold(desk)) == (422, "")
    assert "Mohon diisi alasannya" in refused.text


def test_what_a_release_would_send_is_seen_before_it_is_ordered(keeper: SignedIn, desk: Desk):
    keeper.post(PAGE, act="hold", reason="Teks keliru")
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-7 16:00")
    keeper = signs_in(keeper.web, "Sekretariat Desk")
    assert keeper.post(PAGE, act="preview").status_code == 303

    told = comes_of_it(keeper, desk)

    assert "Bila dilepas sekarang" in told
    assert "pesan SMS dikirim" in told
    assert on_hold(desk)
    keeper.post(PAGE, act="release", order=str(ordered(desk).id), reason="Teks sudah benar")
    assert "berjalan lagi" in comes_of_it(keeper, desk)
    assert on_hold(desk) == ""
    assert changes(desk, "release") == [("Sekretariat Desk", "Teks sudah benar")]


def test_who_looks_sees_to_how_many_something_left_while_the_books_knew_nothing(keeper: SignedIn, desk: Desk):
    keeper.post(PAGE, act="hold", reason="Teks keliru")
    keeper.post(PAGE, act="preview")
    desk.turn()
    order = ordered(desk)
    with desk.rt.sessions.begin() as session:
        going = [["sms", 1204, "2024-02-14T15:00:00+08:00", 1012], ["email", 3, "2024-02-14T15:00:00+08:00"]]
        session.get_one(type(order), order.id).result = order.result | {"going": going}

    page = comes_of_it(keeper, desk)

    assert "kepada 1.012 di antaranya sudah ada pesan keluar selama celah catatan, menurut penyedia" in page
    assert page.count("menurut penyedia") == 1


def test_after_a_restore_the_secretariat_reads_why_and_what_nobody_knows(keeper: SignedIn, desk: Desk, tmp_path):
    """Neither a provider nor a log was asked what left; later one answered for texts."""
    key = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(key)
    desk.rt.seen = tmp_path / "seen.json"
    desk.clock.reads("H-7 14:00")
    desk.clock.jumps("H-7 15:30")
    put_back(desk, "H-7 14:00")
    desk.clock.jumps("H-7 16:30")
    keeper = signs_in(keeper.web, "Sekretariat Desk")

    page = keeper.get(PAGE).text
    assert "pukul 14.00 WITA s.d. 7 Februari 2024 pukul 15.30 WITA hilang, karena salinan lama dipasang" in page
    assert "./desk" not in page
    keeper.post(PAGE, act="preview")
    assert "Belum diketahui apa yang sudah keluar lewat SMS" in comes_of_it(keeper, desk)

    with desk.rt.sessions.begin() as session:
        (gap,) = gaps.lately(session, now=desk.clock.at)
        departures.note(session, gap.id, Channel.SMS, "answered", answered=True, now=desk.clock.at)
    keeper.post(PAGE, act="preview")
    told = comes_of_it(keeper, desk)
    assert "pesan SMS dikirim" in told
    assert "Belum diketahui" not in told


def test_nobody_releases_what_he_did_not_look_at_within_the_hour(keeper: SignedIn, desk: Desk):
    keeper.post(PAGE, act="hold", reason="Teks keliru")
    assert keeper.post(PAGE, act="release", order="1", reason="Lepas").status_code == 404
    keeper.post(PAGE, act="preview")
    desk.turn()
    desk.clock.at += COUNTS
    keeper = signs_in(keeper.web, "Sekretariat Desk")

    refused = keeper.post(PAGE, act="release", order=str(ordered(desk).id), reason="Lepas")

    assert refused.status_code == 409
    assert on_hold(desk)


def test_what_was_stopped_again_since_is_not_released_unseen(keeper: SignedIn, desk: Desk, sessions: Sessions):
    keeper.post(PAGE, act="hold", reason="Teks keliru")
    keeper.post(PAGE, act="preview")
    desk.turn()
    with sessions.begin() as session:
        clock.hold(session, desk.clock.at, "too many messages at once", ordered=False)

    keeper.post(PAGE, act="release", order=str(ordered(desk).id), reason="Teks sudah benar")

    assert "Tidak dilakukan" in comes_of_it(keeper, desk)
    assert on_hold(desk)


def test_a_desk_that_shares_the_server_may_stop_all_and_release_nothing(keeper: SignedIn, desk: Desk):
    desk.loads_jayapura()
    keeper.post(PAGE, act="hold", reason="Teks keliru")

    assert "Pelepasan dilakukan petugas sistem" in keeper.get(PAGE).text
    assert keeper.post(PAGE, act="preview").status_code == 403


def test_a_changed_file_shows_what_differs_and_what_it_would_do(keeper: SignedIn, desk: Desk):
    sends(keeper, policy(EARLIER))

    waits = keeper.get(f"{PAGE}/{ordered(desk).id}")
    assert "Sedang dikerjakan" in waits.text
    assert waits.headers["Refresh"]
    told = comes_of_it(keeper, desk)

    assert re.search(r"<li>Laporan harian: \d+ berubah waktunya</li>", told)
    assert "<ins>+    at: [&#34;14:00&#34;]</ins>" in told
    assert changes(desk, "amended") == []


def test_it_is_put_in_force_in_the_name_of_whoever_ordered_it(keeper: SignedIn, desk: Desk):
    sends(keeper, policy(EARLIER))
    desk.turn()
    keeper.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Surat edaran 12")
    told = comes_of_it(keeper, desk)

    assert "diberi tahu" in told or "berubah waktunya" in told
    assert ("Sekretariat Desk", "Surat edaran 12") in changes(desk, "amend")
    assert {title for title, _ in changes(desk, "amended")} == {"Sekretariat Desk"}
    sends(keeper, policy(EARLIER))
    assert "sudah berlaku; tidak ada yang berubah" in comes_of_it(keeper, desk)


def test_open_cases_keep_their_ladder_unless_the_box_is_ticked(keeper: SignedIn, desk: Desk):
    late = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(late)
    desk.clock.reads("H-7 16:10")
    amend.amend(desk.rt, [loader.parse(policy(ALONE), "kebijakan.yaml")])
    keeper = signs_in(keeper.web, "Sekretariat Desk")
    sends(keeper, policy(ALONE, LATER))

    assert "1 yang sedang berjalan tetap diteruskan menurut aturan saat dimulai." in comes_of_it(keeper, desk)
    keeper.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Surat edaran 12")
    comes_of_it(keeper, desk)
    ((program, _),) = desk.rt.programmes.items()
    assert desk.matter(late).policy
    assert "aturan yang berlaku saat laporan ini mulai" in keeper.get(f"/mengapa/{program}/{desk.code(late)}").text

    sends(keeper, policy(ALONE, LATER), also_open="ya")
    assert "1 yang sedang berjalan akan diteruskan menurut aturan yang lain" in comes_of_it(keeper, desk)
    keeper.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Yang terbuka juga")
    comes_of_it(keeper, desk)
    assert desk.matter(late).policy == ""


def test_what_was_changed_meanwhile_is_not_overwritten(keeper: SignedIn, desk: Desk):
    sends(keeper, policy(EARLIER))
    desk.turn()
    first = ordered(desk).id
    sends(keeper, policy(('days: H-7..H-1\n    at: ["15:00"]', 'days: H-7..H-1\n    at: ["16:00"]')))
    desk.turn()
    keeper.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Yang ini")
    desk.turn()

    keeper.post(PAGE, act="amend", order=str(first), reason="Yang lama")

    assert "Tidak dilakukan" in comes_of_it(keeper, desk)
    assert "has changed since" in ordered(desk).refused


@pytest.mark.parametrize("text", ["", "policy: [", "desk: {code: lain}", "\x00\x01", "bukan yaml"])
def test_a_file_that_cannot_be_used_says_where_and_changes_nothing(keeper: SignedIn, desk: Desk, text: str):
    answer = sends(keeper, text)

    if answer.status_code == 303:
        assert "Tidak dilakukan" in comes_of_it(keeper, desk)
        assert ordered(desk).refused
    else:
        assert "Mohon dipilih berkas YAML" in answer.text


def test_the_file_that_was_sent_in_is_forgotten_after_an_hour(keeper: SignedIn, desk: Desk):
    sends(keeper, policy(EARLIER))
    desk.turn()
    first = ordered(desk).id
    keeper.post(PAGE, act="amend", order=str(first), reason="Surat edaran 12")
    desk.turn()
    desk.clock.at += COUNTS

    tidy.run(desk.rt, now=desk.clock.at)

    with desk.rt.sessions() as session:
        assert [order.terms for order in session.scalars(select(Order))] == [{}, {}]


def test_a_message_that_failed_is_tried_once_more(web: Web, desk: Desk, daily: str):
    desk.refuses(Channel.SMS, TAMBAN)
    desk.clock.reads("H-7 16:00")
    keeper = signs_in(web, "Sekretariat Desk")
    failed = next(own.id for own in desk.messages() if own.state is State.FAILED)
    assert "Pesan yang tidak terkirim" in keeper.get(PAGE).text

    keeper.post(PAGE, act="retry", reason="Nomor sudah aktif", **{f"m-{failed}": str(failed)})

    told = comes_of_it(keeper, desk)
    assert "<li>1 pesan akan dicoba sekali lagi</li>" in told
    assert changes(desk, "retry") == [("Sekretariat Desk", "Nomor sudah aktif")]


def test_no_message_of_another_desk_is_touched(keeper: SignedIn, desk: Desk):
    assert keeper.post(PAGE, act="cancel", reason="Salah", **{"m-1": "999999"}).status_code == 400


def test_an_order_that_killed_its_clock_twice_is_set_aside(keeper: SignedIn, desk: Desk, sessions: Sessions):
    keeper.post(PAGE, act="preview")
    for _ in range(orders.TRIES):
        with sessions.begin() as session:
            assert orders.take(session, now=desk.clock.at)
        desk.clock.at += orders.AGAIN

    assert "Tidak dilakukan" in comes_of_it(keeper, desk)


def test_no_flood_of_orders_keeps_the_clock_from_the_chase(keeper: SignedIn, desk: Desk):
    answers = [keeper.post(PAGE, act="preview").status_code for _ in range(7)]

    assert answers == [303] * 5 + [429] * 2
    desk.turn()
    assert keeper.post(PAGE, act="preview").status_code == 303


def test_of_two_clocks_one_does_it(keeper: SignedIn, desk: Desk, sessions: Sessions):
    keeper.post(PAGE, act="preview")
    with sessions.begin() as session:
        assert orders.take(session, now=desk.clock.at)
    with sessions.begin() as session:
        assert orders.take(session, now=desk.clock.at) is None


def test_an_election_is_closed_on_a_page_after_what_is_open_was_seen(keeper: SignedIn, desk: Desk):
    code = desk.has_a_problem()
    keeper.post(PAGE, act="survey", programme=desk.programme.code)

    told = comes_of_it(keeper, desk)
    assert f"1 permasalahan belum selesai: {code}" in told
    assert "Tutup pemilihan ini" in told
    keeper.post(PAGE, act="close", order=str(ordered(desk).id), reason="Seluruh tahapan selesai")
    after = comes_of_it(keeper, desk)

    assert "Pemilihan ini sudah ditutup" in after
    assert changes(desk, "closed") == [("Sekretariat Desk", "Seluruh tahapan selesai")]
    assert changes(desk, "close") == []


def test_nobody_closes_another_desks_election_nor_one_he_did_not_look_at(keeper: SignedIn, desk: Desk):
    assert keeper.post(PAGE, act="survey", programme="pemilihan/lain").status_code == 400
    assert keeper.post(PAGE, act="close", order="1", reason="Selesai").status_code == 404


def test_a_new_election_is_looked_at_and_then_loaded_at_this_desk(keeper: SignedIn, desk: Desk):
    text = ELECTION.read_text(encoding="utf-8")
    text = text.replace("election: pemilihan", "election: pemilihan-dua").replace("Pemilihan Contoh", "Pemilihan Kedua")
    sends(keeper, text)

    told = comes_of_it(keeper, desk)
    assert "Pemilihan Kedua" in told
    assert "baru" in told
    assert len(desk.rt.programmes) == 1
    keeper.post(PAGE, act="amend", order=str(ordered(desk).id), reason="Pilkada dimulai")
    assert "Menunggu orang kedua" in comes_of_it(keeper, desk)
    _, looked = second.look(desk.rt, ordered(desk).id)
    second.confirm(desk.rt, ordered(desk).id, by="Budi Santoso", reach=looked["reach"])
    desk.turn()

    assert sorted(own.code for own in desk.rt.programmes.values()) == [
        "pemilihan-dua/tiga-kecamatan",
        "pemilihan/tiga-kecamatan",
    ]
    assert changes(desk, "amend") == [("Sekretariat Desk", "Pilkada dimulai")]
    assert desk.code("pemilihan-dua/tiga-kecamatan/harian/63.04.02/H-1")


def test_a_closed_election_is_not_loaded_again_on_a_page(keeper: SignedIn, desk: Desk):
    text = ELECTION.read_text(encoding="utf-8").replace("election: pemilihan", "election: pemilihan-dua")
    desk.load([loader.parse(text, "dua.yaml"), *desk.documents[1:]])
    by = desk.programme.desk.secretariat
    closing.close(desk.rt, "pemilihan-dua/tiga-kecamatan", by=by, reason="Selesai")
    sends(keeper, text)

    assert "is closed" in comes_of_it(keeper, desk)


@pytest.fixture
def paying(web: Web, tmp_path) -> SignedIn:
    """The secretariat of a desk whose texts cost something; it has amended its policy so."""
    alone = ("two_people: {above: 30, within: PT2H}\n", "")
    (tmp_path / "berbayar.yaml").write_text(policy(alone) + COSTS, encoding="utf-8")
    amend.amend(web.desk.rt, [loader.read(tmp_path / "berbayar.yaml")])
    return signs_in(web, "Sekretariat Desk")


COSTS = "\ncosts:\n  prices: {sms: {each: 500}}\n  budget: 100000\n  reserve: 20000\n"


def test_the_page_shows_what_messages_cost_and_takes_more_with_a_reason(paying: SignedIn, desk: Desk):
    (code,) = [own.code for own in desk.rt.programmes.values()]

    before = paying.get(PAGE).text
    paying.post(PAGE, act="raise", programme=code, rupiah="50.000", reason="Banjir")
    done, after = comes_of_it(paying, desk), paying.get(PAGE).text

    assert "dari Rp100.000, di dalamnya cadangan Rp20.000" in before
    assert "dari Rp150.000" in done
    assert "ditambah Rp50.000 oleh Sekretariat Desk. Alasan: Banjir" in after
    assert [text for _, text in changes(desk, "raised")] == ["50000 rupiah: Banjir"]


def test_the_page_names_the_offices_without_mail_where_routine_goes_by_mail(paying: SignedIn, desk: Desk):
    (id,) = desk.rt.programmes
    desk.loses("Camat Tamban", Channel.EMAIL)
    before = paying.get(PAGE).text
    with desk.rt.sessions.begin() as session:
        session.add(Spending(programme_id=id, channel=Channel.SMS, carrier="", parts=160, rupiah=80_000))

    after = paying.get(PAGE).text

    assert "Tidak punya surel" not in before
    assert "Tidak punya surel, jadi perlu ditelepon: 1 jabatan." in after
    assert 'Tidak punya surel: Camat Tamban. Nomornya pada <a href="/telepon">' in after
    assert paying.get("/telepon").status_code == 200


def test_the_page_says_which_time_is_not_in_the_sum(paying: SignedIn, desk: Desk):
    now = desk.clock.at + timedelta(minutes=1)
    with desk.rt.sessions.begin() as session:
        session.add(Gap(began_at=now - timedelta(hours=3), ended_at=now))

    assert "(buku dipulihkan), lihat tagihan penyedia." in paying.get(PAGE).text


def test_where_two_people_are_asked_for_a_sum_waits_for_the_second(web: Web, desk: Desk, tmp_path):
    (tmp_path / "berbayar.yaml").write_text(policy() + COSTS, encoding="utf-8")
    amend.amend(desk.rt, [loader.read(tmp_path / "berbayar.yaml")])
    keeper = signs_in(web, "Sekretariat Desk")
    (code,) = [own.code for own in desk.rt.programmes.values()]

    keeper.post(PAGE, act="raise", programme=code, rupiah="50.000", reason="Banjir")
    waits = comes_of_it(keeper, desk)
    other = signs_in(web, "Kepala Kesbangpol")
    other.post(PAGE, act="look", order=str(ordered(desk).id))
    looked = comes_of_it(other, desk)
    asked = ordered(desk).terms["of"]
    (before,) = budgets.look(desk.rt)
    done = second.confirm(desk.rt, asked, by="Budi Santoso", reach=50_000)
    (after,) = budgets.look(desk.rt)

    assert "Menambah anggaran pesan: Pemilihan Contoh" in waits
    assert "mencapai 50.000 rupiah. Setiap tambahan anggaran perlu disetujui orang lain." in waits
    assert "Belum tercatat siapa pemegang jabatan ini" in looked
    assert before.stand.raised == 0
    assert (done.refused, after.stand.raised) == ("", 50_000)


@pytest.mark.parametrize("rupiah", ["", "nol", "0", "-5", "9999999999999"])
def test_what_is_no_sum_is_not_ordered(paying: SignedIn, desk: Desk, rupiah):
    (code,) = [own.code for own in desk.rt.programmes.values()]

    answer = paying.post(PAGE, act="raise", programme=code, rupiah=rupiah, reason="Banjir")

    assert answer.status_code >= 400
    with desk.rt.sessions() as session:
        assert orders.newest(session, desk.programme.desk.code, limit=5) == []


def test_a_desk_without_prices_has_nothing_of_it_on_the_page(keeper: SignedIn):
    assert "Biaya pesan" not in keeper.get(PAGE).text
