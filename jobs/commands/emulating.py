"""Providers for a trial, so that a desk can be seen to send, to be refused and to be left in doubt."""

from datetime import datetime
from typing import Annotated

import typer

app = typer.Typer()

SETTINGS = """emulator: nothing that it takes goes any further. Screens and dials: http://{host}:{port}/
Settings for a desk that hands over to it:

DESK_SMTP_URL="smtp://{host}:{smtp_port}?tls=none"
DESK_SMS_URL="gateway:http://{host}:{port}/sendsms?from=DESK"

or by Twilio's interface, for texts and WhatsApp:

DESK_SMS_URL=twilio:
DESK_TWILIO_BASE_URL=http://{host}:{port}
"""


@app.callback()
def main() -> None:
    """Providers for a trial."""


@app.command()
def emulator(
    port: Annotated[int, typer.Option(help="Port of its pages and of its gateway.", min=1, max=65535)] = 8025,
    smtp_port: Annotated[int, typer.Option(help="Port of its mail server.", min=1, max=65535)] = 2525,
) -> None:
    """Run a mail server, a gateway and Twilio for a trial, with a page that shows every phone's screen."""
    import uvicorn

    from jobs.commands.serving import refuse_taken
    from jobs.emulator.app import application
    from jobs.emulator.phones import Phones

    host = "127.0.0.1"
    refuse_taken(host, port, options="--port")
    refuse_taken(host, smtp_port, "its mail server", "--smtp-port")
    print(SETTINGS.format(host=host, port=port, smtp_port=smtp_port), flush=True)
    phones = Phones(now=lambda: datetime.now().astimezone())
    own = application(phones, host=host, smtp_port=smtp_port)
    uvicorn.run(own, host=host, port=port, log_level="warning", access_log=False)
