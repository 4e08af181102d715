"""The photographs of a report to the Government, on their way from the files into its document."""

from dataclasses import replace
from io import BytesIO

from PIL import Image

from models.desk.files import Files
from reports.government import facts, forms
from services.government import photos
from tests.reports import found_samples, reading


def jpeg(colour):
    file = BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    return file.getvalue()


def with_photos(*digests):
    week = found_samples.week()
    (one, *_) = week.findings.photos
    shown = tuple(replace(one, digest=digest) for digest in digests)
    return facts.to_json(replace(week, findings=replace(week.findings, photos=shown)))


def test_a_photo_that_is_kept_is_in_the_document_and_one_that_is_gone_is_named(tmp_path):
    files = Files(tmp_path)
    kept, gone = files.keep(jpeg("green")), "ab" * 32
    frozen = with_photos(kept, gone, "no digest")

    found = photos.contents(frozen, files)

    assert found == {kept: jpeg("green")}
    document = forms.make("pdf", frozen, photos=found)
    assert sum(len(page.images) for page in reading.opened(document).pages) == 1
    assert reading.text(document).count("Foto tidak dapat ditampilkan") == 2


def test_a_report_that_was_frozen_before_there_were_photos_has_none(tmp_path):
    assert photos.contents(facts.to_json(replace(found_samples.week(), findings=None)), Files(tmp_path)) == {}
