"""A Camat who only ever answers by WhatsApp lives through voting day. And many who answer at once."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

from sqlalchemy import select

from models.matters.issues import Issue
from models.matters.reports import Report
from models.messages.inbound import Inbound
from models.messages.messages import Message
from rules.desk import Channel
from rules.ladder import Say
from tests.web.conftest import Web
from tests.web.writing import answer, last, rows, standing, writer

SLOTS = ("07.30", "10.00", "13.30", "18.00", "22.00")


def test_a_camat_who_only_writes_by_whatsapp_lives_through_voting_day(web: Web):
    desk = web.desk
    keys = {slot: desk.key("hari-h", "Tamban", f"H@{slot}") for slot in SLOTS}
    desk.owes_only(*keys.values())
    desk.clock.reads("H-1 21:00")
    desk.loses("Camat Tamban", Channel.EMAIL)
    camat = writer(web, "Camat Tamban")

    desk.clock.reads("H 07:05")
    camat.whatsapp("Siap pak")
    assert answer(web) == ""  # read, and nothing to say
    desk.clock.reads("H 07:24")
    camat.whatsapp("aman ndan, 98/104 tps sdh buka")
    assert "kami terima 07.24 WITA" in answer(web)

    desk.clock.reads("H 09:10")
    camat.whatsapp("Banjir pak, TPS 3 terendam selutut, pemilih kada bisa masuk")
    assert "P-0001" in answer(web)
    desk.clock.reads("H 09:55")
    camat.whatsapp("hadir s.d. jam 10: 1.234 orang, perlu perhatian")
    assert "1234" in answer(web)

    desk.clock.reads("H 13:20")
    camat.whatsapp("nihil")
    assert "P-0001 masih terbuka" in answer(web)
    camat.whatsapp("tidak")
    assert standing(web, keys["13.30"]) == "owed"
    camat.whatsapp("aman, pemilih hadir 5.120")
    assert "kami terima 13.20 WITA" in answer(web)

    desk.clock.reads("H 17:50")
    camat.whatsapp("nanti jam 7 malam pak, msh dihitung")
    assert "14/2 19.00 WITA" in answer(web)
    desk.clock.reads("H 18:58")
    camat.whatsapp("selesai hitung 104 TPS, aman. Paslon 1 = 2.310, paslon 2 = 1.988")
    assert "kami terima 18.58 WITA" in answer(web)
    assert "2310" not in str(last(web).said)
    assert last(web).person  # somebody tells him that votes are not collected here

    desk.clock.reads("H 20:30")
    camat.whatsapp("P-0001 sdh surut pak")
    assert "P-0001" in answer(web)
    desk.clock.reads("H 21:47")
    camat.whatsapp("kotak dari 104 TPS sdh digeser ke kecamatan, aman")
    desk.clock.reads("H 23:30")

    assert {standing(web, key) for key in keys.values()} == {"received"}
    assert all(row.answer_id is None or row.results for row in rows(web))
    with desk.rt.sessions() as session:
        texts = session.scalars(select(Message).where(Message.say == Say.ANSWER)).all()
        problem = session.scalars(select(Issue)).one()
        assert problem.resolved_at is None if hasattr(problem, "resolved_at") else True
    assert len(texts) == len({row.answer_id for row in rows(web) if row.answer_id})
    told = [sent.text for office in ("Asisten Pemerintahan",) for sent in desk.phone(office).letters]
    assert not any(desk.code(key) in text for key in keys.values() for text in told)


def test_many_who_answer_at_once_get_one_receipt_each(web: Web):
    """Every message comes twice, in any order, by four at once; the receipts are the oracle."""
    desk, luck, expected = web.desk, Random(17), set()
    offices = {"Tamban": "Camat Tamban", "Mekarsari": "Camat Mekarsari", "Tabunganen": "Camat Tabunganen"}
    slots = [f"H-{n}" for n in (7, 6, 5, 4)]
    keys = {(name, slot): desk.key("harian", name, slot) for name in offices for slot in slots}
    desk.owes_only(*keys.values())
    people = {name: writer(web, office) for name, office in offices.items()}
    for day, slot in enumerate(slots):
        desk.clock.reads(f"{slot} 13:00")
        sent = [(name, f"SM{day:016d}{n:016d}") for n, name in enumerate(offices)] * 2
        luck.shuffle(sent)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda one: people[one[0]].whatsapp("nihil pak", sid=one[1]), sent))
        expected |= {keys[name, slot] for name in offices}
        desk.turn()

    assert {standing(web, key) for key in expected} == {"received"}
    with desk.rt.sessions() as session:
        receipts = {report.number for report in session.scalars(select(Report))}
        told = [session.get_one(Message, row.answer_id).text for row in session.scalars(select(Inbound))]
    assert len(receipts) == len(told) == len(expected)
    assert all(sum(receipt in text for text in told) == 1 for receipt in receipts)
