"""How a district does, for whoever guides it (pembinaan dan pengawasan): counted, in the file's order, never ranked.

What was caused by the desk itself is told apart, and held against nobody.
"""

from typing import NamedTuple

from rules.indonesian import number

TEXT = 1500
"""Characters at most in an evaluation."""


class Guided(NamedTuple):
    """What was owed and came, and how good it was.

    `ours`: of the late and missing, those that were our fault. `remarked`: taken with a remark on something that
    looked wrong. `promised`, `kept`: times that were named for a report, and kept. `advised`, `answered`: advice and
    directions to whoever reports, and those he confirmed or did.
    """

    due: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    ours: int = 0
    waived: int = 0
    nil: int = 0
    partial: int = 0
    remarked: int = 0
    returned: int = 0
    promised: int = 0
    kept: int = 0
    advised: int = 0
    answered: int = 0

    def plus(self, other: "Guided") -> "Guided":
        """Both together."""
        return Guided(*(one + two for one, two in zip(self, other, strict=True)))


def sentences(name: str, own: Guided) -> str:
    """Two sentences on a team, by rule: what came of what was owed, and how it was dealt with. The same for all."""
    if not own.due:
        return f"Tidak ada laporan {name} yang jatuh tempo pada tahapan ini. {_dealt(own)}"
    fault = f", {number(own.ours)} di antaranya karena sebab pada Tim DESK" if own.ours else ""
    which = f"laporan {name} yang jatuh tempo pada tahapan ini"
    came = f"{number(own.on_time)} diterima tepat waktu, {number(own.late)} terlambat, dan {number(own.missing)}"
    return f"Dari {number(own.due)} {which}, {came} belum masuk{fault}. {_dealt(own)}"


def _dealt(own: Guided) -> str:
    promised = f"{number(own.kept)} dari {number(own.promised)} janji waktu ditepati" if own.promised else ""
    answered = f"{number(own.answered)} dari {number(own.advised)} saran dan arahan dijawab" if own.advised else ""
    parts = [f"{number(own.partial)} laporan terisi sebagian", f"{number(own.returned)} dikembalikan untuk diperbaiki"]
    parts += [text for text in (promised, answered) if text]
    return f"Tercatat {', '.join(parts[:-1])}, dan {parts[-1]}."
