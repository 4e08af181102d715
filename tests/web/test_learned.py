"""The page of what is learned: by stage, for whoever leads or keeps the books, with no district's name."""

from tests.web.signing import signs_in


def test_whoever_leads_reads_by_stage_on_whose_side_it_was(web):
    web.desk.clock.reads("H-6 18:00")

    page = signs_in(web, "Sekda").get("/pelajaran").text

    main = page[page.index("<main") :]
    assert "Pelajaran per tahapan" in main
    assert "sudah diberi tahu, tidak ada kabar" in main
    assert "Tamban" not in main
    assert signs_in(web, "Sekretariat Desk").get("/pelajaran").status_code == 200
    assert signs_in(web, "Camat Tamban").get("/pelajaran").status_code == 403
