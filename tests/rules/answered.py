"""Cases of answers in people's own words, as conversations; and what is expected of a reading of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from config import replies
from rules.forms import Condition
from rules.replies import reading
from rules.replies.spoken import Asked, Conversation, Heard, Reading, Sender

WORDS = replies.spoken()
ZONE = ZoneInfo("Asia/Makassar")
OWN = Path(__file__).parent / "answers.yaml"
_SHARED = [folder / "shared/data/inbound_messages.yaml" for folder in Path(__file__).parents[3:]]
SHARED = next((file for file in _SHARED if file.exists()), None)
"""Cases that lie beside the repository on some machines."""

CONDITIONS = {
    Condition.SAFE: "aman",
    Condition.ATTENTION: "perlu_perhatian",
    Condition.TROUBLED: "bermasalah",
    Condition.UNSEEN: "belum_dipantau",
}
DUTIES = {
    "mingguan": (True, ()),
    "harian": (True, ()),
    "logistik": (False, ("tps-logistik-tiba",)),
    "h_0730": (False, ("tps-buka",)),
    "h_1000": (False, ("hadir",)),
    "h_1330": (False, ("hadir",)),
    "h_1800": (False, ("tps-hitung",)),
    "h_2200": (False, ("tps-kotak",)),
}
FIGURES = {
    "tps-buka": "tps_buka",
    "hadir": "hadir",
    "tps-hitung": "tps_selesai_hitung",
    "tps-kotak": "kotak_geser",
    "tps-logistik-tiba": "logistik_tiba",
}
NEVER_EVER = (
    "close_problem:*",
    "close_advice:*",
    "waive:*",
    "approve:*",
    "change_contact*",
    "give_facts*",
    "store_votes*",
)


def cases(file: Path) -> list[dict[str, Any]]:
    return yaml.safe_load(file.read_text("utf-8"))["cases"]


def conversation(case: Mapping[str, Any], districts: set[str]) -> Conversation:
    """What is open with whoever wrote."""
    given = case.get("context", {})
    asked = [
        Asked(own["code"], own["district"], _at(own["due"]), *DUTIES[own["duty"]]) for own in given.get("asked", [])
    ]
    mine = {own.district for own in asked} | {given.get("office", "").removeprefix("Camat ")}
    return Conversation(
        sender=Sender(given.get("sender", "known")),
        asked=asked,
        problems=given.get("open_problems", []),
        advice=[given["advice"]["code"]] if "advice" in given else [],
        roll_call=given.get("roll_call", {}).get("code", ""),
        others=sorted(districts - mine),
        last=given.get("last", ""),
    )


def heard(case: Mapping[str, Any]) -> Heard:
    return Heard(
        text=case["text"],
        html=case.get("html", ""),
        subject=case.get("subject", ""),
        headers=case.get("headers", {}),
        attachments=case.get("attachments", []),
        forwarded=case.get("forwarded", False),
        by=case.get("context", {}).get("from", ""),
    )


def read(case: Mapping[str, Any], districts: set[str]) -> Reading:
    now = _at(case["now"])
    return reading.read(heard(case), conversation(case, districts), WORDS, now=now)


def _at(text: str | datetime) -> datetime:
    at = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return at.replace(tzinfo=ZONE)


def values(read_: Reading) -> dict[str, str]:
    """What was read, flat: by key, and by code and key."""
    flat: dict[str, str] = {}
    for code, own in read_.values.items():
        pairs = {FIGURES.get(figure, figure): str(count) for figure, count in own.counts.items()}
        pairs |= {"tps": str(max(own.totals.values()))} if own.totals else {}
        pairs |= {"kondisi": CONDITIONS[own.condition]} if own.condition else {}
        flat |= pairs | {f"{code}.{key}": value for key, value in pairs.items()}
    return flat


def effects(read_: Reading) -> list[str]:
    return [f"{act.does}:{act.code}" if act.code else act.does.value for act in read_.acts]


def wrong(case: Mapping[str, Any], read_: Reading) -> Iterator[str]:
    """What differs from what is expected or accepted."""
    expected, own, did = case["expect"], values(read_), effects(read_)
    if read_.intent not in (expected["intent"], *expected.get("accept", [])):
        yield f"intent {read_.intent}"
    if "about" in expected and set(read_.about) != set(expected["about"]):
        yield f"about {read_.about}"
    for key, value in expected.get("values", {}).items():
        if own.get(key) != str(value):
            yield f"{key}={own.get(key)}"
    if "until" in expected and not _until(expected["until"], read_.until):
        yield f"until {read_.until}"
    for wanted in expected.get("effect", []):
        if not any(_is(effect, one) for one in wanted.split("|") for effect in did):
            yield f"no {wanted} in {did}"


def forbidden(case: Mapping[str, Any], read_: Reading) -> Iterator[str]:
    """What is never allowed, for this case or for any."""
    expected = case["expect"]
    all_of = [*effects(read_), f"intent:{read_.intent}", *(f"value:{k}={v}" for k, v in values(read_).items())]
    for pattern in (*expected.get("never", []), *NEVER_EVER):
        yield from (own for own in all_of if fnmatch(own, pattern))
    open_ = case.get("context", {})
    codes = {own["code"] for own in open_.get("asked", [])} | {*open_.get("open_problems", [])}
    codes |= {open_[key]["code"] for key in ("advice", "roll_call") if key in open_}
    yield from (f"touches {act.code}" for act in read_.acts if act.code and act.code not in codes)
    nil_fine = "report_nil" in (expected["intent"], *expected.get("accept", []))
    yield from (own for own in effects(read_) if own.startswith("file_nil") and not nil_fine)
    if read_.until is not None and read_.until <= _at(case["now"]):
        yield f"a promise in the past: {read_.until}"


def _until(expected: Any, until: datetime | None) -> bool:
    if expected is None:
        return until is None
    first, last = expected if isinstance(expected, list) else (expected, expected)
    return until is not None and _at(first) <= until <= _at(last)


def _is(effect: str, wanted: str) -> bool:
    if wanted.startswith("ask_") and ":" not in wanted:
        return effect.partition(":")[0] == wanted
    return effect == wanted or (":" not in wanted and effect.partition(":")[0] == wanted)
