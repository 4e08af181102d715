"""The evidence of equal treatment as a paper: the same rules and words for all, and counts by district with reasons."""

from dataclasses import dataclass

from reports.government.document import Align, Block, Chapter, Column, Document, Pairs, Paragraph, Table, Tone
from reports.government.letter import BLANK
from reports.government.rows import NUMBER, counted, said
from reports.papers.facts import Head
from rules import levels
from rules.indonesian import local_date, moment, number

COUNTS = (
    ("owed", "Laporan", ""),
    ("late", "Terlambat atau belum masuk", ""),
    ("reminders", "Pengingat", "Pesan"),
    ("warnings", "Pemberitahuan lewat batas waktu", "Pesan"),
    ("above", "Penerusan", "Pesan"),
    ("extended", "Waktu ditambah", "Keputusan"),
    ("waived", "Dibebaskan", "Keputusan"),
    ("revoked", "Dicabut", "Keputusan"),
    ("returned", "Dikembalikan", "Keputusan"),
)
"""What is counted of each district: the field, its heading, and what heads it with others."""

NOTE = (
    "Pesan dihitung bila sudah diserahkan kepada penyedia layanan, untuk setiap penerima dan saluran. Jumlah pesan "
    "mengikuti jumlah laporan yang belum masuk. Urutan menurut berkas Tim DESK, tanpa peringkat."
)


@dataclass(frozen=True, slots=True)
class Treated:
    """One district with its counts."""

    name: str
    owed: int
    late: int
    reminders: int
    warnings: int
    above: int
    extended: int
    waived: int
    revoked: int
    returned: int


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about a report of a district, in words."""

    district: str
    code: str
    what: str
    when: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rung of a duty, in words."""

    duty: str
    when: str
    whom: str
    what: str


@dataclass(frozen=True, slots=True)
class Applied:
    """To how many districts a policy was applied, by its hash."""

    policy: str
    districts: int


@dataclass(frozen=True, slots=True)
class Treatment:
    """All of it. `policies`: each that messages left under.

    `excepted`: districts whose chase waits longer, by the desk's file, in words.
    """

    head: Head
    election: str
    period: str
    districts: tuple[Treated, ...]
    decided: tuple[Decided, ...]
    rules: tuple[Rule, ...]
    policies: tuple[Applied, ...]
    excepted: tuple[str, ...]


def table(facts: Treatment) -> Table:
    """The counts of every district, with their sums."""
    columns = tuple(Column(head, 1.6, align=Align.RIGHT, group=group) for _, head, group in COUNTS)
    rows = tuple(
        (counted(n), said(own.name), *(counted(getattr(own, name)) for name, _, _ in COUNTS))
        for n, own in enumerate(facts.districts, 1)
    )
    whole = [sum(getattr(own, name) for own in facts.districts) for name, _, _ in COUNTS]
    foot = (said("Jumlah", Tone.STRONG), *(counted(value, Tone.STRONG) for value in whole))
    level = facts.head.level
    title = f"Perlakuan per {levels.word(level)}"
    return Table(title, (NUMBER, Column(levels.heading(level)), *columns), rows, foot)


def document(facts: Treatment) -> Document:
    """The paper."""
    return Document(
        title=f"Bukti perlakuan sama, {facts.period}",
        author=facts.head.desk,
        made_at=facts.head.made_at,
        letterhead=facts.head.letterhead,
        address=facts.head.address,
        place_date=f"{facts.head.seat}, {BLANK} {local_date(facts.head.made_at, facts.head.zone).year}",
        reference=(("Pemilihan", (facts.election,)), ("Periode", (facts.period,))),
        addressee=(),
        heading=f"BUKTI PERLAKUAN SAMA TERHADAP SEMUA {levels.word(facts.head.level).upper()}",
        opening="",
        chapters=(
            Chapter("same", "Aturan dan kata-kata yang sama", _same(facts), "A."),
            Chapter(
                "counts",
                f"Jumlah per {levels.word(facts.head.level)}",
                (table(facts), Paragraph(NOTE, Tone.WEAK)),
                "B.",
            ),
            Chapter("decided", "Keputusan dan alasannya", (_decided(facts),), "C."),
        ),
        closing=Chapter("closing", "Penutup", (Paragraph("Disusun oleh sistem dari catatan Tim DESK."),), "D."),
        signature=facts.head.signer,
        copies=(),
        approval=(),
        annexes=(),
        about=Pairs((("Keadaan", moment(facts.head.made_at, facts.head.zone)),)),
        footer=f"Bukti perlakuan sama, {facts.period}",
        typed=Table("", (), ()),
    )


def sentences(facts: Treatment) -> tuple[str, ...]:
    """That all are treated by the same rules and words, and what differs."""
    every = levels.word(facts.head.level)
    same = (
        f"Seluruh {every} diperlakukan menurut satu berkas kebijakan. Jenjang pengingat dan penerusan berlaku sama "
        f"bagi setiap laporan sejenis, dan tidak ada jenjang lain bagi {every} tertentu."
    )
    words = (
        f"Kata-kata pesan berasal dari satu set naskah untuk semua. Yang berbeda hanya jabatan, nama {every}, nomor "
        f"laporan, waktu, dan tautan."
    )
    return same, words, policies(facts), exceptions(facts)


def policies(facts: Treatment) -> str:
    """Under which policies messages left."""
    if not facts.policies:
        return "Pada periode ini tidak ada pesan yang dikirim."
    every = f"{number(len(facts.districts))} {levels.word(facts.head.level)}"
    told = [f"{own.policy[:12]} ({number(own.districts)} dari {every})" for own in facts.policies]
    return f"Sidik kebijakan (SHA-256) pada pesan periode ini: {', '.join(told)}."


def exceptions(facts: Treatment) -> str:
    """The differences that the desk's file makes."""
    if not facts.excepted:
        return f"Berkas Tim DESK tidak menetapkan perbedaan bagi {levels.word(facts.head.level)} mana pun."
    return f"Perbedaan yang ditetapkan berkas Tim DESK: {'; '.join(facts.excepted)}."


def _same(facts: Treatment) -> tuple[Block, ...]:
    columns = (Column("Laporan"), Column("Kapan", 4.0), Column("Kepada", 4.0), Column("Isi", share=0.9))
    rows = tuple((said(own.duty), said(own.when), said(own.whom), said(own.what)) for own in facts.rules)
    return (*map(Paragraph, sentences(facts)), Table("Jenjang", columns, rows))


def _decided(facts: Treatment) -> Block:
    if not facts.decided:
        return Paragraph("Nihil. Tidak ada perpanjangan, pembebasan, atau pengembalian pada periode ini.")
    columns = (
        NUMBER,
        Column(levels.heading(facts.head.level), 3.0),
        Column("Laporan", 1.8),
        Column("Keputusan", share=0.8),
        Column("Waktu dan oleh", share=0.8),
        Column("Alasan"),
    )
    rows = tuple(
        (counted(n), said(o.district), said(o.code), said(o.what), said(f"{o.when}, {o.by}"), said(o.why or "–"))
        for n, o in enumerate(facts.decided, 1)
    )
    return Table("Keputusan", columns, rows)
