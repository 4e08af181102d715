"""What came between the end of the period and the cut-off, told apart from the figures of the period."""

from collections.abc import Mapping
from datetime import timedelta

from reports.government import rows
from reports.government.document import Chapter, Paragraph
from reports.government.facts import Weekly
from reports.government.figures import printed
from rules.indonesian import day, listed, moment, number, of_them


def chapter(facts: Weekly, _: Mapping[str, str]) -> Chapter:
    """Nothing is said of it where the period was still running at the cut-off."""
    head, since = facts.header, facts.since
    title = f"Keadaan sampai dengan {moment(head.cut_off, head.zone)}"
    if since is None:
        return Chapter("since", title, ())
    said = Paragraph(f"{sentence(facts)} Angka ini tidak termasuk dalam angka periode di atas.")
    table = (rows.problems(facts, since.problems, "Permasalahan setelah periode"),) if since.problems else ()
    return Chapter("since", title, (said, *table))


def sentence(facts: Weekly) -> str:
    """Its figures in one sentence; empty: there is nothing after the period."""
    head = facts.header
    if facts.since is None:
        return ""
    told = printed(facts)
    began = moment(head.ends_at, head.zone) if head.ends_at else day(head.period_end + timedelta(days=1))
    span = f"sejak {began} sampai dengan {moment(head.cut_off, head.zone)}"
    return f"Setelah periode ini berakhir, yaitu {span}, {_fell_due(told)}; {_opened(told)}."


def rest(told: Mapping[str, int], of: str) -> str:
    """What became of the reports that were not received; empty: all were."""
    rest = (("waived", "dikecualikan"), ("missing", "belum diterima"))
    return listed([f"{number(told[f'{of}.{name}'])} {word}" for name, word in rest if told[f"{of}.{name}"]])


def _fell_due(told: Mapping[str, int]) -> str:
    owed, received = told["since.reports.owed"], told["since.reports.received"]
    if not owed:
        return "tidak ada laporan yang jatuh tempo"
    others = rest(told, "since.reports")
    parts = [of_them(received, "diterima"), *([others] if others else [])]
    return f"jatuh tempo {number(owed)} laporan: {listed(parts)}"


def _opened(told: Mapping[str, int]) -> str:
    opened, restricted = told["since.problems"], told["since.problems.restricted"]
    told_of = [f"{number(opened)} permasalahan baru"] if opened else []
    withheld = [f"{number(restricted)} permasalahan terbatas yang tidak dirinci"] if restricted else []
    return f"tercatat {listed(told_of + withheld)}" if opened or restricted else "tidak ada permasalahan baru"
