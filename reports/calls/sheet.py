"""The call sheet as a PDF, with boxes to tick."""

from pathlib import Path

from reports import printable, typesetting
from reports.calls.facts import Facts

TEMPLATE = Path(__file__).parent / "templates" / "calls.typ"


def pdf(facts: Facts) -> bytes:
    """The sheet. The same facts give the same bytes. Raises: DocumentError."""
    letter = {
        "desk": facts.desk,
        "office": facts.office,
        "election": facts.election,
        "moment": facts.moment,
        "help": facts.help,
        "duty": list(facts.duty),
        "calls": [
            {
                "office": call.office,
                "numbers": list(call.numbers) or ["nomor tidak tercatat"],
                "reasons": [
                    {"code": own.code, "what": own.what, "since": own.since, "ask": own.ask} for own in call.reasons
                ],
            }
            for call in facts.calls
        ],
    }
    return typesetting.pdf_a(TEMPLATE, printable.every(letter), created_at=facts.made_at)
