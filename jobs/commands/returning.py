"""The ways back for mail: what could not be delivered, and what people answer, is piped into these commands."""

import sys
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from config import settings as environment
from config.errors import ConfigError, Finding
from jobs.assemble import opened
from jobs.delivery import bounces, replies
from notifiers import answered, ways_in
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
    gateway: Annotated[bool, typer.Option(help="Print the addresses to which Kannel hands texts on.")] = False,
    way: Annotated[str, typer.Option(help="Print the address and the seal of another way in, by its file.")] = "",
) -> None:
    """Take in one mail that somebody wrote in answer, from standard input. Status 75: not now, keep it and try again.

    Any mail is kept, and ends with status 0, so that it does not cause yet another mail.
    """
    if text:
        print(replies.tried(text))
        return
    if gateway or way:
        print(_ways("gateway" if gateway else way, kannel=gateway))
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


def _ways(name: str, *, kannel: bool) -> str:
    """Where a provider hands on what people write, and the seal that it repeats."""
    settings = environment.read()
    address = ways_in.address(settings.public_url, name)
    seal = ways_in.word(settings.signing_key().get_secret_value().encode(), name)
    if not kannel:
        return f"{address}\n{seal}"
    return f"post-url = {address}?seal={seal}&id=%I\nget-url = {address}?seal={seal}&from=%p&id=%I&text=%b"
