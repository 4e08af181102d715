"""The emulated mail server: SMTP without encryption or password, for this machine only."""

import asyncio
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, Envelope, Session

from jobs.emulator.phones import Answer, Phones
from rules.desk import Channel

_SAYS = {Answer.REFUSE: "550 5.1.1 No such user here", Answer.LATER: "451 4.3.0 Try again later"}


class Handler:
    """What aiosmtpd asks at each step; the names are its own."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse a recipient, or take it."""
        dial = self._phones.dials[Channel.EMAIL]
        await asyncio.sleep(dial.delay)
        if dial.answer in _SAYS:
            return _SAYS[dial.answer]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail; where its answer is to be lost the line is cut first."""
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        body = mail.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        names = [name for part in mail.iter_attachments() if (name := part.get_filename())]
        text += "".join(f"\n[lampiran: {name}]" for name in names)
        for to in envelope.rcpt_tos:
            self._phones.keep(Channel.EMAIL, to, text, sender=str(mail["from"]), subject=str(mail["subject"]))
        if self._phones.dials[Channel.EMAIL].answer is Answer.LOSE:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"


async def listen(phones: Phones, host: str, port: int) -> asyncio.Server:
    """Listen on this loop; port 0: any that is free."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(Handler(phones), loop=loop, hostname="emulator.invalid", enable_SMTPUTF8=True), host, port
    )
