"""The report as an official letter with its annexes: what stands around the chapters."""

from reports.government import chapters, chat, data, sipantau, words
from reports.government.approved import Approval, Approved
from reports.government.counting import last
from reports.government.document import DRAFT, Crest, Document, Pairs
from reports.government.facts import Header, Weekly, digest
from rules.government import Form
from rules.indonesian import local_date, moment, period, spelled
from rules.proofs import code

FORMS = ("Pj. ", "Plt. ", "Plh. ", "a.n. ", "u.b. ")
BLANK = "." * 24
NOTHING = Approved()


def document(facts: Weekly, approved: Approved = NOTHING, *, stored: str = "") -> Document:
    """The whole report, made from its frozen facts and what was frozen at its approval alone.

    Args:
        stored: the hash of the facts as they are stored; empty: they are frozen as they are.
    """
    head, kind, seal = facts.header, words.kind(facts), stored or digest(facts)
    mark = "" if approved.approvals or approved.notice else DRAFT
    annexes = chapters.annexes(facts)
    body = chapters.chapters(facts, {annex.code: annex.label.rstrip(".") for annex in annexes})
    return Document(
        title=" ".join((head.subject, *_days(facts))),
        author=head.desk,
        made_at=head.cut_off,
        letterhead=_letterhead(head),
        address=head.address,
        crest=Crest(head.crest, f"Lambang {head.regency}") if head.crest else None,
        place_date=f"{head.seat}, {BLANK} {local_date(head.cut_off, head.zone).year}",
        reference=_note(facts) if kind.form is Form.NOTE else _reference(facts, len(annexes)),
        addressee=() if kind.form is Form.NOTE else _addressee(head),
        heading="" if kind.form is Form.LETTER else kind.name.upper(),
        opening=kind.opening,
        chapters=tuple(chapters.narrated(chapter, approved.narrative) for chapter in body),
        closing=chapters.narrated(last(chapters.closing(facts, annexes), body), approved.narrative),
        signature=_signature(head.signatory),
        copies=_copies(head.copies),
        approval=tuple(_approval(own, head.zone) for own in approved.approvals),
        annexes=annexes,
        about=_about(facts, seal),
        footer=f"{_version(head)}data sampai dengan {moment(head.cut_off, head.zone)} · kode {code(seal)}",
        notice=approved.notice,
        mark=mark,
        data=data.tables(facts),
        typed=sipantau.table(facts),
        chat=chat.lines(facts, mark),
    )


def _days(facts: Weekly) -> tuple[str, ...]:
    """`(periode 5 s.d. 11 Februari 2024)`; nothing where the report is of one hour or one problem, not of days."""
    head = facts.header
    return (f"(periode {period(head.period_start, head.period_end)})",) if facts.kind.of_days else ()


def _version(head: Header) -> str:
    return f"ralat ke-{head.ralat} · " if head.ralat else ""


def _letterhead(head: Header) -> tuple[str, ...]:
    if head.letterhead:
        return head.letterhead
    office = head.signatory.splitlines()[0]
    for form in FORMS:
        office = office.removeprefix(form)
    return (office.strip(" ,").upper(),)


def _reference(facts: Weekly, annexes: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    head = facts.header
    correction = (f"Ralat ke-{head.ralat}",) if head.ralat else ()
    return (
        ("Nomor", (BLANK,)),
        ("Sifat", (head.nature,)),
        ("Lampiran", (f"{spelled(annexes)} berkas" if annexes else "–",)),
        ("Hal", (head.subject, *_days(facts), *correction)),
    )


def _note(facts: Weekly) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A note says in its head what a letter says around it."""
    head, about = facts.header, _reference(facts, 0)
    return (("Kepada", _addressee(head)), ("Dari", (head.desk,)), *(own for own in about if own[0] in ("Sifat", "Hal")))


def _addressee(head: Header) -> tuple[str, ...]:
    unit = head.attention.removeprefix("c.q.").strip()
    return (f"Yth. {head.to}", *((f"c.q. {unit}",) if unit else ()), f"di – {head.place}")


def _signature(signatory: str) -> tuple[str, ...]:
    lines = [line.strip(" ,") for line in signatory.splitlines() if line.strip(" ,")]
    return tuple(f"{_capitals(line)}{',' if n == len(lines) else ''}" for n, line in enumerate(lines, 1))


def _capitals(line: str) -> str:
    form = next((form for form in FORMS if line.startswith(form)), "")
    return form + line.removeprefix(form).upper()


def _copies(copies: tuple[str, ...]) -> tuple[str, ...]:
    bare = [copy.rstrip(" ;.") for copy in copies]
    return tuple(f"{copy}{'.' if n == len(bare) else ';'}" for n, copy in enumerate(bare, 1))


def _approval(own: Approval, zone: str) -> str:
    session = f", sesi {own.session}" if own.session else ""
    return f"Disetujui {own.office}, {moment(own.at, zone)}{session}."


def _checked_at(head: Header, own: str) -> str:
    """Where anybody finds what the desk's books say of this version."""
    return f"{head.check_at}/{own}" if head.check_at else f"kode {own}, kepada {head.desk}"


def _about(facts: Weekly, seal: str) -> Pairs:
    head = facts.header
    return Pairs(
        (
            ("Batas data", moment(head.cut_off, head.zone)),
            ("Sidik laporan (SHA-256)", seal),
            ("Periksa keaslian", _checked_at(head, code(seal))),
            *([("Buku desk", head.book)] if head.book else []),
            ("Kalender", head.calendar_digest),
            ("Kebijakan", head.policy_digest),
        )
    )
