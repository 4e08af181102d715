"""The crest of a desk: small, safe to draw, and known by its hash to whoever reads the stored text."""

import hashlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from config import crests, loader
from config.errors import ConfigError

DESKS = Path(__file__).parents[2] / "config/desks"
SVG = (DESKS / "contoh-lambang.svg").read_bytes()
ROOT = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"'


def png(width=20, height=22):
    file = BytesIO()
    Image.new("RGBA", (width, height), (200, 30, 30, 120)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def desk_file(tmp_path):
    """A desk's file that names lambang.svg, which is yet to be put beside it."""
    text = (DESKS / "contoh-tapin.yaml").read_text("utf-8").replace("contoh-lambang.svg", "lambang.svg")
    (tmp_path / "tapin.yaml").write_text(text, "utf-8")
    return tmp_path / "tapin.yaml"


def refusal(content):
    with pytest.raises(crests.BadCrest) as caught:
        crests.check(content)
    assert caught.value.remedy
    return caught.value.what


def test_the_stored_text_says_which_picture_it_was_and_is_read_without_it(desk_file):
    (desk_file.parent / "lambang.svg").write_bytes(SVG)

    document = loader.read(desk_file)

    digest = hashlib.sha256(SVG).hexdigest()
    again = loader.parse(document.text, document.name)
    assert document.pictures == {digest: SVG}
    assert (document.value.crest, again.value.crest) == (digest, digest)
    assert replace(again, pictures=document.pictures) == document


def test_another_picture_makes_the_file_another(desk_file):
    (desk_file.parent / "lambang.svg").write_bytes(SVG)
    before = loader.read(desk_file).digest
    (desk_file.parent / "lambang.svg").write_bytes(SVG.replace(b"#c98512", b"#c98513"))

    assert loader.read(desk_file).digest != before


def test_a_file_without_a_crest_is_stored_as_it_is():
    path = DESKS / "barito-kuala.yaml"

    document = loader.read(path)

    assert (document.text, document.pictures, document.value.crest) == (path.read_text("utf-8"), {}, "")


def test_a_picture_that_is_missing_is_named_with_its_line(desk_file):
    with pytest.raises(ConfigError, match=r"tapin.yaml:\d+: lambang.svg cannot be read.* Put the picture into"):
        loader.read(desk_file)


def test_a_digest_of_another_picture_is_refused(desk_file):
    (desk_file.parent / "lambang.svg").write_bytes(SVG)
    desk_file.write_text(f'{desk_file.read_text("utf-8")}\ncrest_digest: "{"0" * 64}"\n', "utf-8")

    with pytest.raises(ConfigError, match="is not the picture of `crest_digest`"):
        loader.read(desk_file)


@pytest.mark.parametrize("name", ["../lambang.png", "/etc/lambang.png", "lambang.jpg", "a/b.svg", ".svg"])
def test_only_a_plain_name_of_a_picture_is_taken(desk_file, name):
    text = desk_file.read_text("utf-8").replace("crest: lambang.svg", f'crest: "{name}"')

    with pytest.raises(ConfigError, match="is not the name of a PNG or SVG in this folder"):
        loader.parse(text, "tapin.yaml")


@pytest.mark.parametrize("content", [png(), SVG, f'<?xml version="1.0"?>{ROOT}><path d="M0 0H9"/></svg>'.encode()])
def test_plain_pictures_are_taken(content):
    crests.check(content)


def test_what_a_drawing_program_notes_is_no_reason_to_refuse():
    notes = 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:export-filename="C:\\gambar.png"'
    fill = '<linearGradient id="a"/><path style="fill:url(#a)" fill="url(\'#a\')" d="M0 0H9"/>'

    crests.check(f"{ROOT} {notes}><inkscape:grid/><defs/>{fill}</svg>".encode())


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "holds <script>"),
        ('<image href="file:///etc/passwd"/>', "holds <image>"),
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>', "holds <foreignObject>"),
        ('<use href="#a"/>', "holds <use>"),
        ("<text>BUPATI</text>", "holds <text>"),
        ('<path onload="x()"/>', "runs or leads outside"),
        ('<path fill="url(http://jahat.example/a)"/>', "runs or leads outside"),
        ("<path style=\"fill:url( '//jahat.example')\"/>", "runs or leads outside"),
        ('<linearGradient xlink:href="http://jahat.example/a"/>', "leads to another file"),
        ("<style>@import 'http://jahat.example'</style>", "style that leads outside"),
        ('<p xmlns="http://www.w3.org/1999/xhtml"/>', "of another language"),
        ("<path/>" * 20_001, "more than 20000 parts"),
        ("<path>", "broken SVG"),
    ],
)
def test_an_svg_that_is_more_than_shapes_is_refused(inside, why):
    assert why in refusal(f"{ROOT}>{inside}</svg>".encode())


def test_entities_that_multiply_are_refused_before_they_do():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    assert "DOCTYPE" in refusal(f"{bomb}{ROOT}><title>&b;</title></svg>".encode())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xd8\xff\xe0 JFIF", "neither PNG nor SVG"),
        (png()[:40], "PNG that cannot be drawn"),
        (png(4001, 1), "4001 x 1 pixels"),
        (b"x" * 500_001, "larger than 500 kB"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "how large it is"),
        (b'<html><svg xmlns="http://www.w3.org/2000/svg"/></html>', "begins with something else"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>\xe9</title></svg>', "UTF-8"),
    ],
)
def test_what_cannot_be_drawn_is_refused(content, why):
    assert why in refusal(content)
