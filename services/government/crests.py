"""The crest that a report was frozen with, from the books: a desk's file may have another by now."""

from base64 import b64decode

from sqlalchemy.orm import Session

from models.desk import programmes
from reports.government.facts import from_json


def contents(session: Session, facts_json: str) -> dict[str, bytes]:
    """The picture in the report's letterhead by its hash; nothing where it has none."""
    digest = from_json(facts_json).header.crest
    text = programmes.crest(session, digest) if digest else None
    return {digest: b64decode(text)} if text else {}
