"""The emulated mail server: SMTP without encryption or password, for this machine only."""

import asyncio
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from jobs.emulator.phones import Answer, Phones
from rules.desk import Channel

_SAYS = {Answer.REFUSE: "550 5.1.1 No such user here", Answer.LATER: "451 4.3.0 Try again later"}
_OK = "250 OK"


class Handler:
    """What aiosmtpd asks at each step; the names of its hooks are its own."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones

    async def says(self, phase: str, *addresses: str) -> str | None:
        """The answer in a phase: `mail`, `rcpt`, or `data` (after the final dot); None: as usual.

        `cut` closes the connection without a word; `lost` (in `data` only) takes the mail and then closes it without a
        word; `hang` never answers, `mute` takes the mail first.
        """
        dial = self._phones.dials[Channel.EMAIL]
        if phase == "rcpt":
            await asyncio.sleep(dial.delay)
            return _SAYS.get(dial.answer)
        return "lost" if phase == "data" and dial.answer is Answer.LOSE else None

    def keep(self, envelope: Envelope) -> None:
        """Show a mail that was taken on the screens of those whom it is for."""
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        body = mail.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        names = [name for part in mail.iter_attachments() if (name := part.get_filename())]
        text += "".join(f"\n[lampiran: {name}]" for name in names)
        for to in envelope.rcpt_tos:
            self._phones.keep(Channel.EMAIL, to, text, sender=str(mail["from"]), subject=str(mail["subject"]))

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse a sender, or take him."""
        reply = await self._answered(server, envelope, "mail", address)
        envelope.mail_from = address if reply == _OK else None
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse a recipient, or take it."""
        reply = await self._answered(server, envelope, "rcpt", address)
        envelope.rcpt_tos += [address] if reply == _OK else []
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Refuse a mail, or take it."""
        return await self._answered(server, envelope, "data", *envelope.rcpt_tos)

    async def _answered(self, server: SMTP, envelope: Envelope, phase: str, *addresses: str) -> str:
        reply = await self.says(phase, *addresses)
        if phase == "data" and reply in (None, "lost", "mute"):
            self.keep(envelope)
        if reply in ("hang", "mute"):
            await asyncio.Event().wait()
        if reply in ("cut", "lost"):
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return reply or _OK


async def listen(handler: Handler, host: str, port: int, **more: Any) -> asyncio.Server:
    """Listen on this loop; port 0: any that is free. `more`: what aiosmtpd may be told besides."""
    loop = asyncio.get_running_loop()
    options = {"hostname": "emulator.invalid", "enable_SMTPUTF8": True, **more}
    return await loop.create_server(lambda: SMTP(handler, loop=loop, **options), host, port)
