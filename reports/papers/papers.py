"""Minutes and orders as the tree that every document of the desk is written from."""

import re
from collections.abc import Callable
from functools import partial

from reports import codec
from reports.government.document import Cell, Chapter, Column, Document, Line, Numbered, Pairs, Paragraph, Table, Tone
from reports.government.forms import NO_PHOTOS, WRITERS
from reports.government.letter import BLANK
from reports.government.rows import NUMBER, counted, said
from reports.papers import treatment
from reports.papers.facts import Ending, Head, Minutes, Order
from reports.papers.treatment import Treatment
from rules.indonesian import local_date, moment, number

CAME = {True: "hadir", False: "tidak hadir", None: "belum dicatat"}
PRESENT = (NUMBER, Column("Jabatan"), Column("Kehadiran", share=0.6))
DECISIONS = (
    NUMBER,
    Column("Keputusan"),
    Column("Penanggung jawab", share=0.6),
    Column("Batas waktu", 3.0),
    Column("Keadaan", 3.2),
)
MEMBERS = (NUMBER, Column("Jabatan"), Column("Kedudukan", share=0.7))
STOPS = (
    NUMBER,
    Column("Waktu", 3.0),
    Column("Tempat", share=0.8),
    Column("Tujuan"),
    Column("Pelaksana", share=0.7),
)


def minutes(facts: Minutes) -> Document:
    """Who met where and when, who came, what was said, and what was decided."""
    came = [own for own in facts.invited if own.came]
    present = tuple(
        (counted(n), _attending(own.office, own.deputy), said(CAME[own.came])) for n, own in enumerate(facts.invited, 1)
    )
    told = f"Hadir {number(len(came))} dari {number(len(facts.invited))} kantor yang diundang."
    decided = tuple(
        (
            counted(n),
            Cell((Line(own.text), Line(own.code, tone=Tone.WEAK))),
            said(own.owner),
            said(own.due),
            said(own.state),
        )
        for n, own in enumerate(facts.decisions, 1)
    )
    none = Paragraph("Tidak ada keputusan yang dicatat.")
    chapters = (
        Chapter("present", "Peserta", (Paragraph(told), Table("Peserta", PRESENT, present)), "A."),
        Chapter("course", "Jalannya rapat", _paragraphs(facts.text) or (Paragraph("Belum ditulis."),), "B."),
        Chapter("decisions", "Keputusan", (Table("Keputusan", DECISIONS, decided),) if decided else (none,), "C."),
    )
    about = [("Rapat", facts.code), ("Keadaan", moment(facts.head.made_at, facts.head.zone))]
    about += [("Notulis", facts.written_by)] if facts.written_by else []
    return _paper(
        facts.head,
        f"Notulen rapat {facts.code}",
        "NOTULEN RAPAT KOORDINASI",
        (
            ("Nomor", BLANK),
            ("Waktu", facts.when),
            ("Tempat", facts.place),
            ("Acara", facts.agenda),
            ("Pimpinan", facts.led_by),
            ("Pengundang", facts.called_by),
        ),
        chapters,
        "Demikian notulen ini dibuat untuk digunakan sebagaimana mestinya.",
        Pairs(tuple(about)),
    )


def order(facts: Order) -> Document:
    """Who is sent where, when and what for. Its number and date are given by whoever signs it."""
    members = tuple((counted(n), said(office), said(role)) for n, (office, role) in enumerate(facts.members, 1))
    stops = tuple(
        (
            counted(n),
            said(own.when),
            said(own.place),
            Cell((Line(own.purpose), Line(own.code, tone=Tone.WEAK))),
            said(own.going),
        )
        for n, own in enumerate(facts.stops, 1)
    )
    work = f"melaksanakan pemantauan lapangan {facts.team} pada {facts.period} sebagai berikut:"
    report = "melaporkan hasilnya kepada Sekretaris Tim DESK pada hari pelaksanaan."
    bases = Numbered(facts.bases) if facts.bases else Paragraph("Belum diisi.")
    chapters = (
        Chapter("basis", "Dasar", (bases,), "A."),
        Chapter("members", "Menugaskan kepada", (Table("Yang ditugaskan", MEMBERS, members),), "B."),
        Chapter("work", "Untuk", (Paragraph(work), Table("Pemantauan", STOPS, stops), Paragraph(report)), "C."),
    )
    return _paper(
        facts.head,
        f"Surat tugas {facts.team}, {facts.period}",
        "SURAT TUGAS",
        (("Nomor", BLANK),),
        chapters,
        "Demikian surat tugas ini dibuat untuk dilaksanakan dengan penuh tanggung jawab.",
        Pairs((("Keadaan rencana", moment(facts.head.made_at, facts.head.zone)),)),
    )


PLACES = (
    NUMBER,
    Column("Wilayah"),
    *(Column(name, 2.2) for name in ("Diminta", "Tepat waktu", "Terlambat", "Tidak masuk", "Dibebaskan")),
)


def ending(facts: Ending) -> Document:
    """What was asked and what came of it, district by district, and what was open when the programme was closed."""
    rows = tuple(
        (counted(n), said(name), *(said(figure) for figure in figures))
        for n, (name, *figures) in enumerate(facts.places, 1)
    )
    left = Numbered(facts.left) if facts.left else Paragraph("Tidak ada yang terbuka.")
    chapters = (
        Chapter("course", "Penutupan", (Paragraph(facts.closed),), "A."),
        Chapter("places", "Laporan yang diminta", (Table("Laporan menurut wilayah", PLACES, rows),), "B."),
        Chapter("left", "Yang masih terbuka", (left,), "C."),
    )
    return _paper(
        facts.head,
        f"Rekapitulasi akhir {facts.election}",
        "REKAPITULASI AKHIR",
        (("Nomor", BLANK), ("Pemilihan", facts.election), ("Masa", facts.period)),
        chapters,
        "Demikian rekapitulasi ini disusun dari catatan desk. Angka tiap wilayah berasal dari baris arsip yang sama.",
        Pairs((("Keadaan", moment(facts.head.made_at, facts.head.zone)),)),
    )


def _paper(
    head: Head,
    title: str,
    heading: str,
    reference: tuple[tuple[str, str], ...],
    chapters: tuple[Chapter, ...],
    closing: str,
    about: Pairs,
) -> Document:
    return Document(
        title=title,
        author=head.desk,
        made_at=head.made_at,
        letterhead=head.letterhead,
        address=head.address,
        place_date=f"{head.seat}, {BLANK} {local_date(head.made_at, head.zone).year}",
        reference=tuple((name, (text,)) for name, text in reference),
        addressee=(),
        heading=heading,
        opening="",
        chapters=chapters,
        closing=Chapter("closing", "Penutup", (Paragraph(closing),), "D."),
        signature=head.signer,
        copies=(),
        approval=(),
        annexes=(),
        about=about,
        footer=title,
        typed=Table("", (), ()),
    )


def _attending(office: str, deputy: str) -> Cell:
    return Cell((Line(office), *((Line(f"diwakili {deputy}", tone=Tone.WEAK),) if deputy else ())))


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n|\n", text))
    return tuple(Paragraph(own) for own in parts if own)


def _written(form: str, text: bytes, kind: type[Minutes] | type[Order]) -> bytes:
    facts = codec.load(kind, text)
    return WRITERS[form](minutes(facts) if isinstance(facts, Minutes) else order(facts), NO_PHOTOS)


def _ending(form: str, text: bytes) -> bytes:
    return WRITERS[form](ending(codec.load(Ending, text)), NO_PHOTOS)


def _treatment(form: str, text: bytes) -> bytes:
    return WRITERS[form](treatment.document(codec.load(Treatment, text)), NO_PHOTOS)


KINDS: dict[str, Callable[[bytes], bytes]] = {
    f"{name}-{form}": partial(write, form)
    for name, write in (
        ("minutes", partial(_written, kind=Minutes)),
        ("order", partial(_written, kind=Order)),
        ("treatment", _treatment),
        ("ending", _ending),
    )
    for form in ("pdf", "docx")
}
"""By `minutes-pdf` and the like: what makes the file of frozen facts."""
