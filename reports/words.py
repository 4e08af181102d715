"""What the codes in the facts are called in the report."""

from reports.facts import Course, Status
from rules.issues import CATEGORIES, Category

STATUSES = {Status.OPEN: "belum selesai", Status.ACKNOWLEDGED: "dalam penanganan", Status.RESOLVED: "selesai"}
COURSES = {
    Course.STARTING: "dimulai",
    Course.RUNNING: "berjalan",
    Course.ENDING: "berakhir",
    Course.WITHIN: "dilaksanakan",
    Course.AHEAD: "akan dimulai",
}


def category(code: str) -> str:
    """The name of a problem's category; one that is not of the seven variables is its own name."""
    return CATEGORIES[Category(code)] if code in set(Category) else code
