"""A package that comes by mail counts as one sent in on the page does; what does not count is set aside and shown."""

from email.message import EmailMessage

import pytest

from jobs.delivery import parcels
from models.desk.files import Files
from models.matters import tasks
from rules.filing import Standing
from tests.web.test_packages import OWED, desk, keeper, looks, made, takes

__all__ = ["desk", "keeper"]
PAGE = "/sekretariat/paket"


@pytest.fixture
def here(web, tmp_path):
    """The province's desk with its folder for files, which the pages have too."""
    web.desk.rt.files = web.books.files
    return web.desk


def mail(*attached, name="paket.zip"):
    """As a mailbox pipes it: somebody wrote a line, and attached files."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "siapa@saja.example", "paket@kalsel.example", "Laporan"
    letter.set_content("Terlampir.")
    for content in attached:
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def aside(desk):
    return [task for task in desk.tasks() if task.why is tasks.Why.PACKAGE]


def test_a_package_with_a_key_that_was_compared_counts_by_itself(here, keeper):
    takes(keeper, looks(keeper, made(here)), trust="ya")

    (said,) = parcels.take(here.rt, mail(made(here, version=2, title="Gudang roboh")))

    assert said == "laporan-gubernur 2024-W07 of 63.05, version 2: counts"
    assert aside(here) == []


def test_a_new_key_is_set_aside_and_taken_on_the_page_once_it_was_compared(here, keeper):
    (said,) = parcels.take(here.rt, mail(made(here)))

    assert said.startswith("set aside: it is signed with a key that nobody has compared yet")
    assert here.obligation(OWED).standing is Standing.OWED
    (task,) = aside(here)
    page = keeper.get(PAGE).text
    assert "Datang lewat surel, belum dihitung" in page
    assert "Kunci paket ini belum dicocokkan." in page
    assert "Kunci paket ini belum dicocokkan." in keeper.get("/sekretariat/tugas").text

    looked = keeper.get(f"{PAGE}?berkas={task.subject.rpartition(':')[2]}")
    assert "Kabupaten Tapin" in looked.text
    assert takes(keeper, looked, trust="ya").status_code == 303

    assert here.obligation(OWED).standing is Standing.RECEIVED
    assert aside(here) == []
    assert "belum dihitung" not in keeper.get(PAGE).text


def test_the_same_mail_again_is_one_task(here):
    for _ in range(2):
        parcels.take(here.rt, mail(made(here)))

    assert len(aside(here)) == 1


def test_a_package_changed_by_one_byte_is_set_aside_with_its_reason(here, keeper):
    whole = made(here)
    at = whole.index(b"Gudang bocor")

    (said,) = parcels.take(here.rt, mail(whole[:at] + b"X" + whole[at + 1 :]))

    assert "was changed after it was signed" in said
    (task,) = aside(here)
    assert task.text.startswith("Isi paket berubah")
    assert keeper.get(f"{PAGE}?berkas={task.subject.rpartition(':')[2]}").status_code == 422


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing more", b"", b"\x00" * 2000], ids=["torn", "empty", "zeros"])
def test_what_is_no_package_is_set_aside_and_stops_nothing(here, content):
    said = parcels.take(here.rt, mail(content, made(here)))

    assert [own.partition(":")[0] for own in said] == ["set aside", "set aside"]
    assert len(aside(here)) == 2


@pytest.mark.parametrize(
    "content",
    [mail(), b"", b"\xff\xfe\x00", mail(b"%PDF-1.7", name="surat.pdf")],
    ids=["words", "nothing", "no text", "a letter"],
)
def test_a_mail_without_a_package_is_ignored(here, content):
    assert parcels.take(here.rt, content) == ["ignored: no package is attached"]
    assert aside(here) == []


def test_a_hash_that_no_set_aside_package_has_opens_nothing(here, keeper):
    other = here.rt.files.keep(b"a photo of a report")

    page = keeper.get(f"{PAGE}?berkas={other}")

    assert page.status_code == 200
    assert "Paket dari desk di bawahnya" in page.text


def test_files_are_kept_before_it_is_said_that_they_are(here, tmp_path):
    (tmp_path / "full").write_bytes(b"")
    here.rt.files = Files(tmp_path / "full")

    with pytest.raises(OSError, match="full"):
        parcels.take(here.rt, mail(made(here)))
    assert aside(here) == []
