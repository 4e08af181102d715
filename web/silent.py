"""Districts of which nothing is heard together with their neighbours, in words for whoever may read them."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from models.matters import silences
from rules import indonesian, levels
from rules.programme import Programme
from web import pages


def words(session: Session, id: int, programme: Programme, areas: Collection[str]) -> str:
    """What is said above a list about those of `areas` that are silent now; empty: none is."""
    desk = programme.desk
    lasting = {own.area: own.began_at for own in silences.lasting(session, id) if own.area in areas}
    if not lasting:
        return ""
    names = indonesian.listed([own.name for own in desk.districts if own.code in lasting])
    since = pages.short_moment(min(lasting.values()), desk.zone)
    return f"Kemungkinan gangguan jaringan: {levels.named(desk.level, names)} belum terdengar (sejak {since})."
