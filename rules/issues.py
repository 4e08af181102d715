"""Problems (permasalahan) in an election as the desk sorts them, and who takes them up."""

from enum import StrEnum


class Category(StrEnum):
    """The seven variables of Bawaslu's election vulnerability map for Pemilu 2024."""

    VOTING_RIGHTS = "voting_rights"
    SECURITY = "security"
    CAMPAIGN = "campaign"
    NEUTRALITY = "neutrality"
    LOGISTICS = "logistics"
    POLLING_PLACE = "polling_place"
    POWER_AND_NETWORK = "power_and_network"
