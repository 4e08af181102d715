"""The way back for mail: the mail server pipes what it could not deliver into this command."""

import sys

import typer
from sqlalchemy.exc import SQLAlchemyError

from config.errors import ConfigError, Finding
from jobs.assemble import opened
from jobs.delivery import bounces
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
