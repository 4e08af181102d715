"""Facts in, texts out: the one place where the words of a message meet what it is about.

A mail's wording is `templates/<say>/email.txt.j2`: the first line is the subject, blank lines part the paragraphs,
and `---` is where the list stands. The plain and the HTML form are made from the same words, so they cannot differ.
A WhatsApp text is made from them too, without the subject of a matter: it leaves the country.
An SMS is `templates/<say>/sms.txt.j2`. What people typed is data: it is never compiled, and in HTML always escaped.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.loaders import BaseLoader

from notifiers import gsm7, indonesian, listing
from notifiers.facts import Facts, Item, Text
from notifiers.forms import Form, Shaped, shaped
from rules.desk import Channel
from rules.ladder import Say

__all__ = ["SMS_LINK", "SMS_SIZE", "Facts", "Item", "Renderer", "Text"]

SMS_SIZE = 160
SMS_LINK = 52
"""Characters kept for the link in every SMS: an address of the length of https://desk.baritokualakab.go.id."""

SUBJECT_SIZE = 78
"""A subject is shorter: phones and mail programs show no more."""

WHATSAPP_SIZE = 900
"""Far below the 1600 characters of a free text: a provider's template takes 1024 with its own words."""

_LIST = "---"
_LISTED = (10, 5, 2, 0)
_BREVITY = 8
"""What a text leaves out, step by step, stands in `templates/_sms.txt.j2`."""


def environment(loader: BaseLoader | None = None) -> Environment:
    """The templates of this package, or of `loader`; an undeclared fact is an error."""
    templates = Environment(
        loader=loader or FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),  # noqa: S701 - plain texts are not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    for form in (indonesian.pukul, indonesian.tanggal, indonesian.hari_tanggal, indonesian.lengkap, indonesian.singkat):
        templates.filters[form.__name__] = form
    return templates


class Renderer:
    """Holds the compiled templates. Safe to use from several threads."""

    def __init__(self, loader: BaseLoader | None = None) -> None:
        templates = environment(loader)
        self._mail = {say: Form(templates.get_template(f"{say}/email.txt.j2")) for say in Say}
        self._sms = {say: Form(templates.get_template(f"{say}/sms.txt.j2")) for say in Say}
        self._text = Form(templates.get_template("email.txt.j2"))
        self._html = Form(templates.get_template("email.html.j2"))
        self._chat = Form(templates.get_template("whatsapp.txt.j2"))

    def render(self, channel: Channel, facts: Facts) -> Text:
        """The text of one message.

        Raises:
            jinja2.UndefinedError: a template asks for a fact nobody declared.
        """
        match channel:
            case Channel.EMAIL:
                return self.email(facts)
            case Channel.SMS:
                return self.sms(facts)
            case Channel.WHATSAPP:
                return self.whatsapp(facts)

    def email(self, facts: Facts) -> Text:
        """Subject, plain text and HTML of a mail."""
        view = shaped(listing.view(facts))
        page = shaped(self._page(facts.say, view))
        return Text(page.facts["subject"], self._text(view, page), self._html(view, page), 0)

    def whatsapp(self, facts: Facts) -> Text:
        """A mail's words with codes and times only; the list is cut until the text is short enough."""
        view = shaped(listing.view(facts))
        page = shaped(self._page(facts.say, view))
        for listed in _LISTED:
            text = self._chat(view, page, shaped({"listed": listed})).strip()
            if len(text) <= WHATSAPP_SIZE:
                return Text("", text, None, 0)
        return Text("", self.sms(facts).text, None, 0)

    def sms(self, facts: Facts) -> Text:
        """Always one segment of GSM 7-bit: words that do not fit are left out in a fixed order.

        First go facts that can be looked up, then courtesies, then the whole way to answer: a link is never cut. The
        salutation goes last. Only an absurdly long brand or code is still too long then, and is cut at a word. That it
        may be answered is said only where no other word makes room for it.
        """
        view = shaped(listing.brief(facts))
        tried = [self._brief(view, facts.say, 0)]
        while len(tried) < _BREVITY and gsm7.segments(tried[-1]) > 1:
            tried.append(self._brief(view, facts.say, len(tried)))
        lost = tried[-1] not in tried[:2]  # the number of the secretariat stands only where there is room
        if gsm7.segments(tried[-1]) == 1:
            inviting = facts.may_reply and self._brief(view, facts.say, len(tried) - 1, may_reply=True)
            fits = inviting and gsm7.segments(inviting) == 1
            return Text("", inviting if inviting and fits else tried[-1], None, 1, lost)
        return Text("", gsm7.plain(tried[-1])[: SMS_SIZE - 3].rpartition(" ")[0] + "...", None, 1, lost)

    def _brief(self, view: Shaped, say: Say, brevity: int, **more: object) -> str:
        matters = view.facts["matters" if brevity < 3 else "short" if brevity < 5 else "count"]
        return self._sms[say](view, shaped({"matters": matters, "brevity": brevity, **more})).strip()

    def _page(self, say: Say, view: Shaped) -> dict[str, Any]:
        for brevity, told in enumerate(("matters", "short", "count")):
            briefly = shaped({"matters": view.facts[told], "brevity": brevity})
            subject, _, body = self._mail[say](view, briefly).partition("\n")
            if len(subject) < SUBJECT_SIZE:
                break
        before, _, after = body.partition(f"\n{_LIST}\n")
        return {"subject": subject.strip(), "before": _paragraphs(before), "after": _paragraphs(after)}


@cache
def own() -> Renderer:
    """The one of this process, with the templates as they are when it is first asked for."""
    return Renderer()


def _paragraphs(text: str) -> list[str]:
    return [line for part in text.split("\n\n") if (line := " ".join(part.split()))]
