"""Problems (permasalahan) in an election as the desk sorts them, and what users call the kinds."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from rules.policy import Severity


class Category(StrEnum):
    """Every variable by which Bawaslu mapped vulnerable polling stations in 2024, before Pemilu or before Pilkada.

    An election's file says which of them it sorts by (`offered`). Of Pemilu's seven, Pilkada's eight have all but
    CAMPAIGN, and MONEY_POLITICS and IDENTITY_POLITICS instead (jabar.antaranews.com/berita/559985).
    """

    VOTING_RIGHTS = "voting_rights"
    SECURITY = "security"
    CAMPAIGN = "campaign"
    MONEY_POLITICS = "money_politics"
    IDENTITY_POLITICS = "identity_politics"
    NEUTRALITY = "neutrality"
    LOGISTICS = "logistics"
    POLLING_PLACE = "polling_place"
    POWER_AND_NETWORK = "power_and_network"


CATEGORIES = {
    Category.VOTING_RIGHTS: "Penggunaan hak pilih",
    Category.SECURITY: "Keamanan",
    Category.CAMPAIGN: "Kampanye",
    Category.MONEY_POLITICS: "Politik uang",
    Category.IDENTITY_POLITICS: "Politisasi SARA",
    Category.NEUTRALITY: "Netralitas",
    Category.LOGISTICS: "Logistik",
    Category.POLLING_PLACE: "Lokasi TPS",
    Category.POWER_AND_NETWORK: "Jaringan listrik dan internet",
}

RESTRICTED = "terbatas"
"""What a problem is called that only some offices read of, wherever nothing else may be said of it."""

SEVEN = tuple(own for own in Category if own not in (Category.MONEY_POLITICS, Category.IDENTITY_POLITICS))
"""The variables for Pemilu 2024."""


def offered(named: Sequence[str]) -> tuple[Category, ...]:
    """What whoever reports chooses from: what the election's file names, or the seven where it names none."""
    return tuple(map(Category, named)) or SEVEN


SEVERITIES = {Severity.LOW: "kurang rawan", Severity.MEDIUM: "rawan", Severity.HIGH: "sangat rawan"}


class Circumstances(NamedTuple):
    """What is known of a problem besides what it is.

    `village` is a code, `station` the number of a polling station as it was said, `affected` how many people are.
    """

    village: str = ""
    station: str = ""
    affected: int | None = None
    observed_at: datetime | None = None
    restricted: bool = False
