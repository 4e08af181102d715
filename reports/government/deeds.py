"""The chapters on what the desk did itself: meetings, and the advice and directions that it gave."""

from collections.abc import Mapping

from reports.government import travelled, words
from reports.government.counsel import Advice, Meeting
from reports.government.document import Block, Cell, Chapter, Column, Line, Paragraph, Row, Table, Tone
from reports.government.facts import Weekly
from reports.government.figures import printed
from reports.government.found import OPEN
from reports.government.rows import NUMBER, counted, dated, said
from rules.advice import NAMES, Stage
from rules.indonesian import moment, number

Labels = Mapping[str, str]

MEETINGS = (
    NUMBER,
    Column("Waktu", 3.0),
    Column("Tempat", 3.0),
    Column("Uraian kegiatan"),
    Column("Peserta", share=1.1),
)
ADVICE = (
    NUMBER,
    Column("Tanggal", 1.7),
    Column("Saran atau arahan"),
    Column("Kepada", 2.6),
    Column("Batas waktu", 2.4),
    Column("Hasil", share=0.9),
)
STAGES = {
    Stage.GIVEN: "belum dikonfirmasi",
    Stage.CONFIRMED: "diterima, dalam pelaksanaan",
    Stage.DONE: "dilaporkan telah dilaksanakan",
    Stage.CLOSED: "selesai",
    Stage.DECLINED: "tidak dapat dipenuhi",
    Stage.WITHDRAWN: "ditarik kembali",
    Stage.OVER: "berakhir",
}


def activities(facts: Weekly, _: Labels) -> Chapter:
    """Meetings: when, where, what about, who was invited and how many came, as far as that was recorded."""
    blocks: tuple[Block, ...] = ()
    if own := facts.findings:
        told, until = printed(facts), moment(facts.header.cut_off, facts.header.zone)
        many = told["meetings"]
        some = f"Sampai dengan {until} tercatat {number(many)} rapat koordinasi Tim DESK pada periode ini."
        none = "Tidak ada rapat koordinasi Tim DESK yang tercatat pada periode ini."
        rows = tuple(_meeting(facts, n, one, told) for n, one in enumerate(own.meetings, 1))
        met = (Paragraph(some), Table("Kegiatan", MEETINGS, rows)) if many else (Paragraph(none),)
        blocks = (*met, *travelled.blocks(facts))
    return Chapter("activities", "Kegiatan Tim DESK", blocks)


def advice(facts: Weekly, _: Labels) -> Chapter:
    """What was advised and directed: to whom, until when, and what came of it."""
    blocks: tuple[Block, ...] = ()
    if own := facts.findings:
        rows = tuple(_advice(facts, n, one) for n, one in enumerate(own.advice, 1))
        blocks = (Paragraph(_advised(facts)), *((Table("Saran dan arahan", ADVICE, rows),) if rows else ()))
    return Chapter("advice", "Saran penyelesaian dan arahan", blocks)


def _meeting(facts: Weekly, n: int, own: Meeting, told: Mapping[str, int]) -> Row:
    name = f"meeting.{own.code}"
    invited, attended, recorded = (told[f"{name}.{what}"] for what in ("invited", "attended", "recorded"))
    lines = [Line(f"{number(invited)} kantor diundang")]
    if not recorded:
        lines.append(Line("kehadiran belum dicatat", tone=Tone.WEAK))
    else:
        lines.append(Line(", ".join(own.attended) or "–", f"{number(attended)} hadir"))
        if recorded > attended:
            lines.append(Line(f"{number(recorded - attended)} tidak hadir"))
        if recorded < invited:
            lines.append(Line(f"{number(invited - recorded)} belum dicatat kehadirannya", tone=Tone.WEAK))
    what = (Line(own.agenda), Line(f"{own.code} · diundang oleh {own.called_by}", tone=Tone.WEAK))
    return counted(n), said(moment(own.starts_at, facts.header.zone)), said(own.place), Cell(what), Cell(tuple(lines))


def _advised(facts: Weekly) -> str:
    told = printed(facts)
    many, late, secret = told["advice"], told["advice.late"], told["advice.withheld"]
    besides = f" Selain itu, {number(secret)} mengenai permasalahan terbatas, yang tidak dirinci." if secret else ""
    if not many:
        return f"Tidak ada saran atau arahan kepada kantor tertentu yang tercatat {words.meant(facts)}.{besides}"
    done = told[f"advice.{Stage.CLOSED}"] + told[f"advice.{Stage.DONE}"]
    overdue = f"{number(late)} melewati batas waktu" if late else "tidak ada yang melewati batas waktu"
    finished = f"{number(done)} telah dilaksanakan" if done else "belum ada yang dilaporkan selesai"
    return f"Tercatat {number(many)} saran dan arahan: {finished}, {overdue}.{besides}"


def _advice(facts: Weekly, n: int, own: Advice) -> Row:
    sort = NAMES[own.sort].capitalize()
    about = f" · {own.problem}" if own.problem else ""
    what = (Line(own.text), Line(f"{own.code} · {sort} {own.giver}{about}", tone=Tone.WEAK))
    late = own.stage in OPEN and own.due_at <= facts.header.cut_off
    stage = f"{STAGES[own.stage]}, melewati batas waktu" if late else STAGES[own.stage]
    lines = [Line(stage, tone=Tone.STRONG if late else Tone.PLAIN)]
    lines += [Line(own.outcome)] if own.outcome else []
    due_at = said(moment(own.due_at, facts.header.zone))
    return counted(n), dated(own.given_on), Cell(what), said(own.to), due_at, Cell(tuple(lines))
