"""Problems (permasalahan) in an election as the desk sorts them, and what users call the kinds."""

from enum import StrEnum

from rules.policy import Severity


class Category(StrEnum):
    """The seven variables of Bawaslu's election vulnerability map for Pemilu 2024."""

    VOTING_RIGHTS = "voting_rights"
    SECURITY = "security"
    CAMPAIGN = "campaign"
    NEUTRALITY = "neutrality"
    LOGISTICS = "logistics"
    POLLING_PLACE = "polling_place"
    POWER_AND_NETWORK = "power_and_network"


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
