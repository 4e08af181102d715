"""What the codes in the facts are called in the report."""

from reports.facts import Course, Status
from rules.issues import Category
from rules.policy import Severity

CATEGORIES = {
    Category.VOTING_RIGHTS: "Penggunaan hak pilih",
    Category.SECURITY: "Keamanan",
    Category.CAMPAIGN: "Kampanye",
    Category.NEUTRALITY: "Netralitas",
    Category.LOGISTICS: "Logistik",
    Category.POLLING_PLACE: "Lokasi TPS",
    Category.POWER_AND_NETWORK: "Jaringan listrik dan internet",
}
SEVERITIES = {Severity.LOW: "kurang rawan", Severity.MEDIUM: "rawan", Severity.HIGH: "sangat rawan"}
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
