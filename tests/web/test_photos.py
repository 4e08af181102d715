"""Photos and files with a report: what they are by their content, how large, kept once, and never in the way of it."""

import hashlib
import io
import re
import struct
import zlib
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import event, text

from models.matters import attachments
from rules.attachments import Kind, Limits, Position
from rules.typed import Fault, Mistyped
from services import decoding, photos
from services.photos import BOUNDS
from tests.web.conftest import URL, receipt
from tests.web.signing import signs_in

GOOD = {"answer": "report", "seen": "0", "c.logistik": "safe", "facts": "Logistik tiba."}
HERE = ((3, 1, 0), (114, 30, 0))


def photo(size=(60, 40), kind="JPEG", colour="teal", mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)
    return out.getvalue()


def placed(orientation=1):
    """A photo that tells where and when it was taken, and by what."""
    told = Image.Exif()
    told[ExifTags.Base.Make] = "Kamera"
    told[ExifTags.Base.Orientation] = orientation
    told.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: HERE[0], 3: "E", 4: HERE[1]})
    told.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2024:02:07 10:00:00"
    return photo((60, 40), exif=told)


def from_an_iphone():
    """HEIC of 64 by 48, teal, which tells where it was taken, and by what."""
    return (Path(__file__).parent / "photo.heic").read_bytes()


def noted():
    told = PngInfo()
    told.add_text("Comment", "rahasia")
    told.add_itxt("XML:com.adobe.xmp", "rahasia")
    return told


def remarked():
    told = Image.Exif()
    told[ExifTags.Base.ImageDescription] = "rahasia"
    told.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"rahasia"
    return told


def header(width, height):
    """A JPEG that says it is so large, and has nothing to show for it."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\1\x11\0\2\x11\0\3\x11\0"
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def png(width, height):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10**6)) + chunk(b"IEND", b"")
    )


@pytest.fixture
def send(web, daily):
    """Send the form with files, as a browser does; a fresh link each time."""

    def send(*files, token=None, **more):
        path = f"/l/{token or web.given('Camat Tamban')}/{web.desk.code(daily)}"
        return web.client.post(path, data=GOOD | more, files=list(files), headers={"Origin": URL})

    return send


def kept(web, key):
    """The files of every version, with what is on the disk."""
    with web.desk.rt.sessions.begin() as session:
        rows = [a for own in web.desk.reports(key) for a in attachments.of(session, own.id)]
    return [(row, web.books.files.path(row.digest).read_bytes()) for row in rows]


def on_disk(tmp_path):
    return sorted(path.name for path in (tmp_path / "files").rglob("*") if path.is_file())


def test_a_report_comes_with_photos_and_a_pdf(web, daily, send):
    pdf = b"%PDF-1.7\n%..."

    page = send(
        ("f.logistik", ("a.jpg", photo(), "image/jpeg")),
        ("f.logistik", ("b.webp", photo(kind="WEBP", colour="red"), "image/webp")),
        ("files", ("surat.pdf", pdf, "application/pdf")),
    )

    (own,) = web.desk.reports(daily)
    found = kept(web, daily)
    assert page.status_code == 200
    assert "Foto dan berkas: 3" in page.text
    assert len(own.body["indicators"]["logistik"]["photos"]) == 2
    assert [(row.place, row.kind) for row, _ in found] == [
        ("f.logistik", Kind.JPEG),
        ("f.logistik", Kind.JPEG),
        ("files", Kind.PDF),
    ]
    assert all(hashlib.sha256(data).hexdigest() == row.digest and len(data) == row.size for row, data in found)
    assert found[2][1] == pdf


def test_the_same_again_is_one_report_and_one_file(web, daily, send, tmp_path):
    pages = [send(("f.logistik", ("a.jpg", photo(), "image/jpeg"))) for _ in range(3)]
    correction = send(("files", ("z.jpg", photo(), "image/jpeg")), seen="1")

    assert len({receipt(page) for page in pages}) == 1
    assert receipt(correction) != receipt(pages[0])
    assert len(on_disk(tmp_path)) == 1


def test_a_photo_alone_is_a_report(web, daily):
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"

    page = web.client.post(
        path, data={"answer": "report"}, files=[("files", ("a.jpg", photo()))], headers={"Origin": URL}
    )

    assert page.status_code == 200
    assert len(kept(web, daily)) == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "bukan", id="B148"),
        pytest.param("x.jpg", b"<script>alert(1)</script>", "bukan", id="a page that calls itself a photo"),
        pytest.param("42.zip", b"PK\3\4" + b"\0" * 40_000, "bukan", id="B144"),
        pytest.param("x.jpg", header(65535, 65535), "ukurannya", id="B147"),
        pytest.param("x.jpg", header(9000, 9000), "ukurannya", id="81 megapixels"),
        pytest.param("x.png", png(30000, 30000), "ukurannya", id="a PNG that unpacks to gigabytes"),
        pytest.param("x.jpg", photo()[:200], "bukan", id="a photo cut in the middle"),
        pytest.param("x.gif", photo(kind="GIF"), "bukan", id="a moving picture"),
        pytest.param("x.jpg", b"\xff\xd8" + b"\0" * 9_000_000, "terlalu besar", id="nine megabytes"),
    ],
)
def test_what_cannot_be_taken_is_named_beside_its_field_and_the_text_stays(
    web, daily, send, tmp_path, name, data, words
):
    page = send(("f.logistik", (name, data, "image/jpeg")))

    assert page.status_code == 422
    assert words in page.text
    assert 'id="e-f.logistik"' in page.text
    assert "Logistik tiba.</textarea>" in page.text
    assert "dipilih sekali lagi" in page.text
    assert web.desk.reports(daily) == []
    assert on_disk(tmp_path) == []


def test_a_seventh_file_is_too_many(web, daily, send):
    page = send(*(("files", (f"{n}.jpg", photo((10 + n, 10)))) for n in range(7)))

    assert page.status_code == 422
    assert "terlalu banyak" in page.text
    assert web.desk.reports(daily) == []


def test_a_form_larger_than_all_its_files_may_be_is_refused_before_it_is_read(web, daily, send):
    page = send(*(("files", (f"{n}.jpg", b"x" * 8_000_000)) for n in range(7)))

    assert page.status_code == 413


def test_nothing_is_read_for_a_link_that_opens_nothing(web, daily, send):
    read = 0

    def chunks():
        nonlocal read
        read += 1
        yield b"--x\r\n"

    headers = {"Origin": URL, "Content-Type": "multipart/form-data; boundary=x"}
    page = web.client.post(f"/l/{'0' * 16}/{web.desk.code(daily)}", content=chunks(), headers=headers)

    assert page.status_code == 404


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=", b"--\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\n1\r\n--x--'),
        (
            "multipart/form-data; boundary=x; charset=base64",
            b'--x\r\nContent-Disposition: form-data; name="answer"\r\n\r\n',
        ),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x"),
    ],
)
def test_a_broken_form_with_files_is_refused(web, daily, kind, body):
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"

    page = web.client.post(path, content=body, headers={"Origin": URL, "Content-Type": kind})

    assert page.status_code == 400
    assert web.desk.reports(daily) == []


def test_where_a_photo_was_taken_is_left_out_by_default(web, daily, send):
    send(("f.logistik", ("a.jpg", placed())))

    ((_, data),) = kept(web, daily)
    assert b"Kamera" not in data
    assert dict(Image.open(io.BytesIO(data)).getexif()) == {}


def test_a_photo_of_an_iphone_is_written_anew_like_any_other():
    told, bare = (
        Image.open(io.BytesIO(photos.plain(from_an_iphone(), Limits(position=own))))
        for own in (Position.KEEP, Position.STRIP)
    )

    assert (bare.format, bare.size, dict(bare.getexif())) == ("JPEG", (64, 48), {})
    assert bare.getpixel((5, 5)) == pytest.approx((0, 128, 128), abs=6)
    assert tuple(map(float, told.getexif().get_ifd(ExifTags.IFD.GPSInfo)[2])) == HERE[0]
    assert ExifTags.Base.Make not in told.getexif()


@pytest.mark.parametrize(
    "data", [from_an_iphone()[:400], b"\0\0\0\x18ftypheic" + b"\xff" * 4000], ids=["cut off", "a lie"]
)
def test_what_only_looks_like_one_is_none(data: bytes):
    with pytest.raises(Mistyped) as caught:
        photos.plain(data, Limits())
    assert caught.value.fault is Fault.NO_PHOTO


def test_a_policy_may_keep_where_a_photo_was_taken_and_nothing_else():
    data = photos.plain(placed(), Limits(position=Position.KEEP))

    told = Image.open(io.BytesIO(data)).getexif()
    assert tuple(map(float, told.get_ifd(ExifTags.IFD.GPSInfo)[2])) == HERE[0]
    assert told.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == "2024:02:07 10:00:00"
    assert b"Kamera" not in data


def test_a_photo_is_kept_upright_and_small():
    turned = Image.open(io.BytesIO(photos.plain(placed(orientation=6), Limits())))
    large = Image.open(io.BytesIO(photos.plain(photo((4000, 3000)), Limits())))
    clear = Image.open(io.BytesIO(photos.plain(photo(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)), Limits())))

    assert turned.size == (40, 60)
    assert max(large.size) <= decoding.LONGEST
    assert clear.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16"])
def test_photos_of_every_make_are_read(mode):
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"

    data = photos.plain(photo(kind=kind, mode=mode, colour=1), Limits())

    assert Image.open(io.BytesIO(data)).mode == "RGB"


def test_what_stands_behind_a_photo_is_not_kept():
    data = photos.plain(photo() + b"<script>alert(1)</script>", Limits())

    assert b"script" not in data


SECRET = b"rahasia"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(photo(comment=SECRET), id="a comment in a JPEG"),
        pytest.param(photo(xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"), id="XMP in a JPEG"),
        pytest.param(photo(icc_profile=SECRET * 20), id="a profile of colours"),
        pytest.param(photo(kind="PNG", pnginfo=noted()), id="texts in a PNG"),
        pytest.param(photo(kind="WEBP", xmp=SECRET), id="XMP in a WebP"),
        pytest.param(photo(exif=remarked()), id="the camera's remark"),
    ],
)
@pytest.mark.parametrize("position", Position)
def test_what_was_written_beside_a_photo_is_not_kept(data, position):
    assert SECRET in data

    assert SECRET not in photos.plain(data, Limits(position=position))


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_a_deep_grey_photo_stays_grey(mode):
    deep = Image.new(mode, (90, 60))
    for x in range(90):
        for y in range(60):
            deep.putpixel((x, y), x * 728)
    out = io.BytesIO()
    deep.save(out, "PNG")

    kept = Image.open(io.BytesIO(photos.plain(out.getvalue(), Limits()))).convert("L")

    assert kept.getpixel((1, 30)) < 10
    assert 120 < kept.getpixel((45, 30)) < 135
    assert kept.getpixel((88, 30)) > 245


@pytest.mark.parametrize("mode", ["I", "F"])
def test_grey_of_any_depth_is_scaled_from_its_darkest_to_its_lightest(mode):
    deep = Image.new(mode, (3, 1))
    for x, value in enumerate((-40_000, 0, 40_000)):
        deep.putpixel((x, 0), value)

    assert [decoding.shallow(deep).getpixel((x, 0)) for x in range(3)] == pytest.approx([0, 127, 255], abs=1)


@pytest.mark.parametrize(
    ("kind", "mode", "more"),
    [
        pytest.param("JPEG", "RGB", {"progressive": True}, id="a JPEG that comes in steps"),
        pytest.param("JPEG", "CMYK", {}, id="a JPEG for print"),
        *(pytest.param("PNG", mode, {}, id=f"a PNG in {mode}") for mode in ("RGB", "RGBA", "P", "I;16")),
        pytest.param("WEBP", "RGBA", {"method": 0, "quality": 1}, id="a WebP with an alpha channel"),
    ],
)
def test_the_largest_photo_a_policy_takes_fits_into_its_child(kind, mode, more):
    data = photo((8000, 6250), kind=kind, mode=mode, colour=1, **more)

    assert Image.open(io.BytesIO(photos.plain(data, Limits()))).width == 2000


def test_a_photo_that_wants_more_memory_or_time_than_it_may_use_is_too_large():
    data = photo((8000, 6250), kind="PNG", mode="RGBA", colour=1)

    for bounds in (BOUNDS._replace(megabytes=100), BOUNDS._replace(work=timedelta(0))):
        with pytest.raises(Mistyped) as refused:
            photos.plain(data, Limits(), bounds=bounds)
        assert refused.value.fault is Fault.TOO_MANY_PIXELS


def test_a_machine_that_has_no_time_for_a_photo_says_so_and_not_that_it_is_none():
    with pytest.raises(Mistyped) as refused:
        photos.plain(photo(), Limits(), bounds=BOUNDS._replace(patience=timedelta(milliseconds=1)))

    assert refused.value.fault is Fault.NOT_KEPT


def test_a_photo_without_end_of_pixels_is_refused_by_what_the_policy_says():
    with pytest.raises(Mistyped):
        photos.plain(photo((101, 100)), Limits(pixels=10_000))


def test_a_full_disk_is_said_in_words_and_nothing_typed_is_lost(web, daily, send, tmp_path):
    (tmp_path / "files").write_text("where a folder should be")

    page = send(("f.logistik", ("a.jpg", photo())))
    without = web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD)

    assert page.status_code == 503
    assert "gangguan pada sistem kami" in page.text
    assert "Logistik tiba.</textarea>" in page.text
    assert without.status_code == 200


@pytest.mark.parametrize(
    ("data", "kind", "name"),
    [
        (photo(), "image/jpeg", "1-1.jpg"),
        (b"%PDF-1.7\n<script>alert(1)</script>", "application/pdf", "1-1.pdf"),
    ],
)
def test_a_file_is_handed_out_as_an_attachment_of_our_own_type_and_name_b148(web, daily, send, data, kind, name):
    send(("files", ("<b>.svg", data, "image/svg+xml")))
    ((_, kept_data),) = kept(web, daily)
    code = web.desk.code(daily)
    coordinator = signs_in(web, "Asisten Pemerintahan")

    answer = coordinator.get(f"/koordinasi/1/{code}/1/1")

    assert answer.content == kept_data
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"] == f'attachment; filename="{code}-{name}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("office", ["Asisten Pemerintahan", "Kepala Kesbangpol", "Sekretariat Desk"])
def test_who_may_read_a_report_finds_its_files_with_it_b148(web, daily, send, office):
    send(("f.logistik", ("a.jpg", photo())), ("files", ("b.pdf", b"%PDF-1.7\n")))
    page = f"/koordinasi/1/{web.desk.code(daily)}"
    reader = signs_in(web, office)

    listed = re.findall(rf'href="({page}/[^"]*)">([^<]*)</a>', reader.get(page).text)

    assert [path for path, _ in listed] == [f"{page}/1/1", f"{page}/1/2"]
    assert [reader.get(path).headers["content-type"] for path, _ in listed] == ["image/jpeg", "application/pdf"]
    for other in ("/1/3", "/2/1", "/1/0"):
        assert reader.get(page + other).status_code == 403


@pytest.mark.parametrize("office", ["Kepala BPBD", "Camat Tamban", None])
def test_nobody_else_opens_a_file_of_a_report_b148(web, daily, send, office):
    send(("files", ("a.jpg", photo())))
    page = f"/koordinasi/1/{web.desk.code(daily)}"
    if office:
        signs_in(web, office)

    assert [web.get(path).status_code for path in (page, f"{page}/1/1")] == [403, 403]


def test_a_file_that_is_gone_is_no_defect(web, daily, send):
    send(("files", ("a.jpg", photo())))
    ((row, _),) = kept(web, daily)
    web.books.files.path(row.digest).unlink()

    answer = signs_in(web, "Asisten Pemerintahan").get(f"/koordinasi/1/{web.desk.code(daily)}/1/1")

    assert answer.status_code == 403


def test_no_link_of_an_office_opens_a_file(web, daily, send):
    token = web.given("Camat Tamban")
    send(("files", ("a.jpg", photo())), token=token)
    ((row, _),) = kept(web, daily)

    for path in (f"/l/{token}/{row.digest}", f"/l/{token}/{web.desk.code(daily)}/1", f"/files/{row.digest}"):
        assert web.get(path).status_code == 404


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON report EXECUTE FUNCTION full_disk();
"""


@contextmanager
def full(engine):
    """SQLite is told that its disk ends here; a trigger answers as PostgreSQL does when its disk is full."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", ends_here)
        yield
        event.remove(engine, "begin", ends_here)
        with engine.begin() as connection:
            connection.execute(text("PRAGMA max_page_count=1000000"))
    else:
        with engine.begin() as connection:
            connection.execute(text(FULL))
        yield
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION full_disk() CASCADE"))


def ends_here(connection):
    connection.execute(text("PRAGMA max_page_count=1"))


def test_a_full_database_is_said_in_words_and_nothing_typed_is_lost(web, daily):
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"
    long = GOOD | {"facts": "Kapal. " * 280, "analysis": "Air. " * 390, "forecast": "Surut. " * 280}

    with full(web.desk.rt.sessions.kw["bind"]):
        page = web.post(path, long)
    again = web.post(path, long)

    assert page.status_code == 503
    assert "gangguan pada sistem kami" in page.text
    assert "Kapal. Kapal." in page.text
    assert again.status_code == 200
    assert len(web.desk.reports(daily)) == 1
