"""What the codes in the facts are called in the report, and the wording of its kind."""

from reports.government.facts import Course, Header, Status, Weekly
from rules.filing import Content, Standing
from rules.government import Covers, ReportKind
from rules.indonesian import moment, period
from rules.issues import CATEGORIES, Category

STATUSES = {
    Status.RESOLVED: "selesai",
    Status.ACKNOWLEDGED: "dalam penanganan",
    Status.FOLLOWED_UP: "ada tindak lanjut",
    Status.POSTPONED: "ditunda",
    Status.OPEN: "belum ada tindak lanjut",
}
COURSES = {
    Course.AHEAD: "belum dimulai",
    Course.RUNNING: "berlangsung",
    Course.LAST_DAY: "hari terakhir",
    Course.ONLY_DAY: "dijadwalkan hari ini",
    Course.OVER: "telah berakhir",
}
STANDINGS = {
    Standing.OWED: "belum diterima",
    Standing.RECEIVED: "diterima",
    Standing.WAIVED: "dikecualikan",
    Standing.CANCELLED: "dibatalkan",
}
CONTENTS = {
    Content.FILLED: "berisi",
    Content.NIL: "nihil",
    Content.PARTIAL: "terisi sebagian",
    Content.WITHDRAWN: "ditarik",
}


def category(code: str) -> str:
    """The name of a problem's category; one that is not of the seven variables is its own name."""
    return CATEGORIES[Category(code)] if code in set(Category) else code


def kind(facts: Weekly) -> ReportKind:
    """The kind of the report with its wording as this report has it."""
    return facts.kind.filled(values(facts.header) | (_problem(facts) if facts.kind.covers is Covers.PROBLEM else {}))


def meant(facts: Weekly) -> str:
    """Of what a chapter without anything says that there is nothing: of a period, or of the one problem."""
    return "mengenai permasalahan ini" if facts.kind.covers is Covers.PROBLEM else "pada periode ini"


def values(head: Header) -> dict[str, str]:
    """What stands for each name of a wording, but those of the one problem."""
    return {
        "election": head.election,
        "regency": head.regency,
        "province": head.province,
        "desk": head.desk,
        "addressee": head.to.removeprefix("Yth. "),
        "period": period(head.period_start, head.period_end),
        "cut_off": moment(head.cut_off, head.zone),
    }


def span(head: Header) -> str:
    """What its figures are about: days, or from one hour to another."""
    if head.begins_at is None or head.ends_at is None:
        return period(head.period_start, head.period_end)
    return f"{moment(head.begins_at, head.zone)} sampai dengan {moment(head.ends_at, head.zone)}"


def _problem(facts: Weekly) -> dict[str, str]:
    """The one problem; of a restricted one nothing is told, not even its code."""
    for one in facts.problems:
        return {"problem": one.code, "matter": one.title}
    if facts.restricted:
        return {"problem": "terbatas", "matter": "permasalahan terbatas"}
    return {"problem": "yang telah berakhir", "matter": "permasalahan yang telah berakhir"}


def station(written: str) -> str:
    """A polling station as it is called: `TPS 7`."""
    said = written.strip()
    return f"TPS {said}" if said and not said.casefold().startswith("tps") else said
