"""The files of an answer. They are looked at and kept before the answer itself, and outside its transaction."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import structlog

from models.desk.files import Files
from rules import forms
from rules.attachments import Attached, Limits
from rules.forms import Form
from rules.incidents import NOWHERE, Place
from rules.typed import Fault
from web import views
from web.books import Books
from web.guards.bodies import Sent
from web.team import photos
from web.team.photos import Looked
from web.team.visits import report, visit

log = structlog.get_logger()


class Wanted(NamedTuple):
    """What a form asks for, and how many files of what size it takes."""

    form: Form
    limits: Limits
    place: Place = NOWHERE


class Taken(NamedTuple):
    """The files of an answer: the digests sent, by field; the files as kept; and what is wrong, by field."""

    digests: Mapping[str, Sequence[str]]
    attached: Sequence[Attached]
    flaws: Mapping[str, Fault]


NOTHING = Taken({}, (), {})


def wanted(books: Books, token: str, code: str) -> Wanted:
    """What may be sent by this link, asked before a byte of it is read. Raises: Refusal: nothing may."""
    with books.sessions.begin() as session:
        at = visit(books, session, token, code)
        item = report(session, at, code)
        duty = at.programme.policy.duty(item.duty, item.key)
    place = views.place(at.programme, item.area, at.now)
    return Wanted(books.form(duty.form), at.programme.policy.attachments, place)


def take(files: Files, form: Wanted, sent: Sent, *, filled: bool = True) -> Taken:
    """Look at the files, and keep them if the answer they came with can be taken. Safe to repeat.

    Args:
        filled: they came with a filled-in form, not with a text instead of it.
    """
    uploads = [upload for upload in sent.uploads if upload.place in form.form.attachable()]
    looked = photos.look(uploads, form.limits)
    digests = looked.digests()
    if looked.flaws or (filled and forms.read(form.form, sent.fields, digests, form.place).flaws):
        return Taken(digests, (), looked.flaws)
    try:
        return Taken(digests, _kept(files, looked), {})
    except OSError as error:
        log.error("files not kept", errno=error.errno)
        return Taken(digests, (), {looked.files[0].place: Fault.NOT_KEPT})


def photos_of(files: Files, limits: Limits, sent: Sent) -> Taken:
    """The files of something that is no report, in the one field that takes them. Safe to repeat."""
    return take(files, Wanted(forms.PLAIN, limits), sent, filled=False)


def _kept(files: Files, looked: Looked) -> list[Attached]:
    return [Attached(f.place, f.sent, files.keep(f.data), f.kind, len(f.data)) for f in looked.files]
