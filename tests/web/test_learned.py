"""The page of what is learned: by stage, for whoever leads or keeps the books, with no district's name."""

from jobs.operator import closing
from models.desk import programmes
from tests.stories.test_two_elections import FIRST, another
from tests.web.signing import signs_in
from tests.web.test_closed import closes


def test_whoever_leads_reads_by_stage_on_whose_side_it_was(web):
    web.desk.clock.reads("H-6 18:00")

    page = signs_in(web, "Sekda").get("/pelajaran").text

    main = page[page.index("<main") :]
    assert "Pelajaran per tahapan" in main
    assert "sudah diberi tahu, tidak ada kabar" in main
    assert "Tamban" not in main
    assert signs_in(web, "Sekretariat Desk").get("/pelajaran").status_code == 200
    assert signs_in(web, "Camat Tamban").get("/pelajaran").status_code == 403


def test_a_closed_election_is_read_as_it_was_closed_beside_the_live_one(web):
    web.desk.load([another(), *web.desk.documents[1:]])
    web.desk.clock.reads("H-6 18:00")
    before = closing.learn(web.desk.rt, FIRST)
    closes(web)
    web.desk.clock.reads("H-3 18:00")
    own = signs_in(web, "Sekda")

    page = own.get("/pelajaran").text
    with web.desk.rt.sessions() as session:
        (closed,) = programmes.closed(session, web.desk.programme.desk.code)
    past = own.get(f"/pelajaran?program={closed}").text

    assert f'href="/pelajaran?program={closed}"' in page
    assert "sampai pemilihan ini ditutup, Kamis, 8 Februari 2024 pukul 18.00 WITA" in past
    for stage in before:
        assert f'<th scope="row">{stage.name}</th>\n<td class="n">{stage.counts.due}</td>' in past
    assert own.get("/pelajaran?program=99").status_code == 404
