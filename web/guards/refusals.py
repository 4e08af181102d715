"""Why a page says no. A refusal is an answer: `web.guards.guard` makes a page of it."""

from enum import StrEnum


class Help(StrEnum):
    """Which words a page of help has."""

    UNKNOWN = "unknown"
    NO_LINK = "no_link"
    NO_VILLAGE_LINK = "no_village_link"
    NO_RECEIPT = "no_receipt"
    LOST_RECEIPT = "lost_receipt"
    NOT_YOURS = "not_yours"
    FOREIGN = "foreign"
    NOT_YET = "not_yet"
    NOT_OWED = "not_owed"
    STILL_OWED = "still_owed"
    NO_NIL = "no_nil"
    OVERTAKEN = "overtaken"
    PROMISED = "promised"
    BAD_TIME = "bad_time"
    TOO_LATE = "too_late"
    BAD_FORM = "bad_form"
    TOO_LARGE = "too_large"
    NO_NOTE = "no_note"
    TOO_OFTEN = "too_often"
    WRONG_WAY = "wrong_way"
    SIGNED_OUT = "signed_out"
    NOT_ALLOWED = "not_allowed"
    NO_REASON = "no_reason"
    CHANGED = "changed"
    NOT_MERGED = "not_merged"
    NOT_CONFIRMED = "not_confirmed"
    BAD_FILES = "bad_files"
    NO_ROOM = "no_room"
    CLOSED = "closed"
    UNREADABLE = "unreadable"
    BROKEN = "broken"


STATUS = {
    Help.UNKNOWN: 404,
    Help.NO_LINK: 404,
    Help.NO_VILLAGE_LINK: 404,
    Help.NO_RECEIPT: 404,
    Help.LOST_RECEIPT: 410,
    Help.NOT_YOURS: 403,
    Help.FOREIGN: 403,
    Help.NOT_YET: 409,
    Help.NOT_OWED: 409,
    Help.STILL_OWED: 409,
    Help.NO_NIL: 422,
    Help.OVERTAKEN: 409,
    Help.PROMISED: 409,
    Help.BAD_TIME: 422,
    Help.TOO_LATE: 409,
    Help.BAD_FORM: 400,
    Help.TOO_LARGE: 413,
    Help.NO_NOTE: 422,
    Help.TOO_OFTEN: 429,
    Help.WRONG_WAY: 405,
    Help.SIGNED_OUT: 403,
    Help.NOT_ALLOWED: 403,
    Help.NO_REASON: 422,
    Help.CHANGED: 409,
    Help.NOT_MERGED: 409,
    Help.NOT_CONFIRMED: 409,
    Help.BAD_FILES: 422,
    Help.NO_ROOM: 503,
    Help.CLOSED: 410,
    Help.UNREADABLE: 503,
    Help.BROKEN: 503,
}


class Refusal(Exception):
    """Nothing was changed. `back` is where the reader may go on, `retry` after how many seconds he may try again.

    `draft` is the token under which his browser finds what he typed; empty: it was not kept. `ask` is whom to ask,
    where that is not the secretariat of a live programme.
    """

    def __init__(self, help: Help, *, back: str = "", retry: int = 0, ask: str = "") -> None:
        super().__init__(help.value)
        self.help = help
        self.back = back
        self.retry = retry
        self.ask = ask
        self.draft = ""
