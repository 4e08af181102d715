"""What the page of a report to the Government shows of its way out, and of what came after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from models.matters import documents, sendings
from models.matters.sendings import Sending
from models.messages import delivery_reports
from models.messages.messages import Message
from models.messages.notices import Notice
from reports.government.corrections import sentence
from reports.government.forms import RESTRICTED
from rules import access, indonesian, sending
from rules import delivery_reports as fates
from rules import submissions as rule
from rules.delivery import State
from rules.dispatch import NoticeState
from rules.sending import By
from rules.submissions import LEFT
from rules.submissions import State as Stage
from services.government import later
from services.government import sending as service
from web import pages
from web.door.who import Who
from web.government.looked import Looked

WAYS = {By.MAIL: "Surel", By.HAND: "Diserahkan untuk Srikandi"}
PLANNED, NOBODY, MOOT = (
    "menunggu giliran kirim",
    "tidak dapat dikirim: alamatnya tidak berlaku lagi",
    "tidak jadi dikirim",
)
MAILS = {
    State.PENDING: "menunggu giliran kirim",
    State.SENDING: "sedang dikirim",
    State.SENT: "diterima server surel penerima",
    State.IN_DOUBT: "belum pasti sampai",
    State.FAILED: "tidak terkirim",
    State.CANCELLED: "tidak jadi dikirim",
}
KEPT_BACK = "hanya disimpan di folder keluar, tidak dikirim"
LOST = "dikembalikan: tidak sampai"
TYPED = ("number", "on", "agenda", "by", "form", "sending", "reason")


def facts(session: Session, at: Who, looked: Looked, typed: Mapping[str, str]) -> dict[str, Any]:
    """All that the sections about sending and correcting ask for."""
    submission, desk = looked.own.submission, looked.programme.desk
    keeps, last, withheld = access.keeps_books(desk, at.code), looked.last, bool(looked.withheld)
    made = [own for own, _ in documents.of(session, [submission.id]) if own.file_name]
    leaves = last and submission.state in sending.SENDABLE and not withheld
    left = submission.state is Stage.HANDED_OUT or (last and submission.state in LEFT)
    sent = sendings.of(session, submission.id)
    since = later.since(session, looked.programme, looked.own.matter.programme_id, submission)
    return {
        "leaves": keeps and leaves and bool(made),
        "records": keeps and (leaves or left) and bool(made),
        "withheld": withheld,
        "gathers": last and withheld and rule.gathers_again(desk, at.code, submission.state),
        "drops": last and rule.drops(desk, at.code, submission.state, submission.correction),
        "recipients": service.recipients(session, looked.programme, submission),
        "made": [(own.form, own.form.upper()) for own in made if own.form != RESTRICTED.code],
        "annex_made": any(own.form == RESTRICTED.code for own in made),
        "sendings": _sendings(session, looked, sent),
        "later": [sentence(own, looked.zone) for own in since],
        "corrects": last and rule.corrects(desk, at.code, submission.state),
        "typed": {name: typed.get(name, "") for name in TYPED} | {"act": typed.get("act", "")},
    }


def _sendings(session: Session, looked: Looked, sent: Sequence[Sending]) -> list[dict[str, Any]]:
    mails = sendings.messages(session, looked.own.submission.id)
    ids = [message.id for _, message in mails.values() if message]
    ends = delivery_reports.ends(session, ids) if ids else {}
    return [_sending(own, looked.zone, mails.get(own.id), ends) for own in sent]


def _sending(
    own: Sending,
    zone: str,
    mail: tuple[Notice, Message | None] | None,
    ends: Mapping[int, fates.Fate],
) -> dict[str, Any]:
    return {
        "id": own.id,
        "title": own.title,
        "tembusan": own.copy,
        "way": WAYS[own.by],
        "at": pages.moment(own.left_at or own.asked_at, zone),
        "state": _state(mail, ends) if mail else "",
        "number": own.reference,
        "dated": indonesian.day(own.dated) if own.dated else "",
        "agenda": own.agenda,
        "by": own.handed_by,
        "proof": own.proof is not None,
        "left": own.left_at is not None,
    }


def _state(mail: tuple[Notice, Message | None], ends: Mapping[int, fates.Fate]) -> str:
    """How far a mail is, in words."""
    notice, message = mail
    if message is None:
        return {NoticeState.NOBODY: NOBODY, NoticeState.MOOT: MOOT}.get(notice.state, PLANNED)
    if message.kept_back:
        return KEPT_BACK
    end = ends.get(message.id)
    return LOST if end is not None and end.lost else MAILS[message.state]
