"""Annexes that show: photographs with place and time, and who is in the team."""

from reports.government.document import Chapter, Column, Paragraph, Photo, Table, Tone
from reports.government.facts import Weekly
from reports.government.pictures import Picture
from reports.government.rows import NUMBER, counted, said
from rules import levels
from rules.indonesian import moment

TEAM = (NUMBER, Column("Jabatan"), Column("Kedudukan dalam tim", 4.6), Column("Wilayah", share=0.9))


def photos(facts: Weekly) -> Chapter:
    """Each photograph with what is known of it."""
    own = facts.findings.photos if facts.findings else ()
    return Chapter("photos", "Dokumentasi", tuple(_photo(facts, one) for one in own))


def team(facts: Weekly) -> Chapter:
    """The offices of the team. Persons are not named."""
    own = facts.findings.team if facts.findings else ()
    if not own:
        return Chapter("team", "Susunan Tim DESK", ())
    rows = tuple((counted(n), said(m.office), said(m.role), said(m.place or "–")) for n, m in enumerate(own, 1))
    note = Paragraph("Menurut jabatan pada berkas Tim DESK.", Tone.WEAK)
    return Chapter("team", "Susunan Tim DESK", (Table("Tim", TEAM, rows), note))


def _photo(facts: Weekly, own: Picture) -> Photo:
    district = next((one for one in facts.districts if one.code == own.district), None)
    place = levels.named(facts.header.level, district.name) if district else facts.header.regency
    caption = f"{own.group}, {place}, {moment(own.at, district.zone if district else facts.header.zone)}"
    origin = "permasalahan" if own.of_problem else "laporan"
    alt = f"Foto dari {origin} {own.source}: {caption}."
    return Photo(own.digest, f"{caption} ({own.source})", alt)
