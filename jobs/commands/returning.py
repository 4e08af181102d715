"""The ways back for mail: what could not be delivered, and what people answer, is piped into these commands."""

import sys
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from config import settings as environment
from config.errors import ConfigError, Finding
from jobs.assemble import opened
from jobs.delivery import bounces, replies
from notifiers import answered, reports
from notifiers.bounces import LARGEST

app = typer.Typer()
LATER = 75
"""EX_TEMPFAIL of sysexits.h: whoever pipes the mail keeps it and tries again."""


@app.command()
def bounce() -> None:
    """Take in one mail that came back, from standard input. Exit status 75: not now, keep it and try again.

    Any other mail is ignored with status 0, so that it does not cause yet another mail.
    """
    mail = sys.stdin.buffer.read(LARGEST)
    while sys.stdin.buffer.read(LARGEST):
        pass
    try:
        with opened() as rt:
            if not rt.bounce_to:
                raise ConfigError([Finding("DESK_BOUNCE_TO", 0, "", "is not set", "Name where bounces are collected")])
            print(bounces.take(rt, mail))
    except (ConfigError, SQLAlchemyError) as error:
        print(f"desk: {error if isinstance(error, ConfigError) else type(error).__name__}", file=sys.stderr)
        raise typer.Exit(LATER) from None


@app.command()
def reply(
    text: Annotated[str, typer.Option("--try", help="Show how this text would be read; nothing is kept or done.")] = "",
    gateway: Annotated[bool, typer.Option(help="Print the address to which a gateway hands texts on.")] = False,
) -> None:
    """Take in one mail that somebody wrote in answer, from standard input. Status 75: not now, keep it and try again.

    Any mail is kept, and ends with status 0, so that it does not cause yet another mail.
    """
    if text:
        print(replies.tried(text))
        return
    if gateway:
        settings = environment.read()
        print(reports.inbound_address(settings.public_url, settings.signing_key().get_secret_value().encode()))
        return
    mail = sys.stdin.buffer.read(answered.LARGEST)
    while sys.stdin.buffer.read(LARGEST):
        pass
    try:
        with opened() as rt:
            if not rt.reply_to:
                raise ConfigError([Finding("DESK_REPLY_TO", 0, "", "is not set", "Name where answers are collected")])
            print(replies.take(rt, mail))
    except (ConfigError, SQLAlchemyError) as error:
        print(f"desk: {error if isinstance(error, ConfigError) else type(error).__name__}", file=sys.stderr)
        raise typer.Exit(LATER) from None
