"""The files that come with an answer: looked at and kept before the answer itself is, and outside its transaction."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import structlog

from models.files import Files
from rules import forms
from rules.attachments import Attached, Limits
from rules.forms import Form
from rules.typed import Fault
from web import photos
from web.bodies import Sent
from web.books import Books
from web.photos import Looked
from web.visits import report, visit

log = structlog.get_logger()


class Wanted(NamedTuple):
    """What a form asks for, and how many files of which size it takes."""

    form: Form
    limits: Limits


class Taken(NamedTuple):
    """The files of an answer: by field what was sent, as they are kept, and by field what is wrong with one."""

    digests: Mapping[str, Sequence[str]]
    attached: Sequence[Attached]
    flaws: Mapping[str, Fault]


NOTHING = Taken({}, (), {})


def wanted(books: Books, token: str, code: str) -> Wanted:
    """What may be sent by this link: before a byte of it is read. Raises: Refusal: nothing."""
    with books.sessions.begin() as session:
        at = visit(books, session, token)
        duty = at.programme.policy.duty(report(session, at, code).duty)
    return Wanted(books.form(duty.form), at.programme.policy.attachments)


def take(files: Files, form: Wanted, sent: Sent, *, filled: bool = True) -> Taken:
    """Look at the files and keep them, if what they came with can be taken. Safe to repeat.

    Args:
        filled: they came with the form filled in, not with a text beside it.
    """
    uploads = [upload for upload in sent.uploads if upload.place in form.form.attachable()]
    looked = photos.look(uploads, form.limits)
    digests = looked.digests()
    if looked.flaws or (filled and forms.read(form.form, sent.fields, digests).flaws):
        return Taken(digests, (), looked.flaws)
    try:
        return Taken(digests, _kept(files, looked), {})
    except OSError as error:
        log.error("files not kept", errno=error.errno)
        return Taken(digests, (), {looked.files[0].place: Fault.NOT_KEPT})


def _kept(files: Files, looked: Looked) -> list[Attached]:
    return [Attached(f.place, f.sent, files.keep(f.data), f.kind, len(f.data)) for f in looked.files]
