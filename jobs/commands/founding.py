"""From nothing to a desk: ask what only people know, write its files, plan and rehearse it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic_core import PydanticCustomError

from config import areas, contacts, founding, loader
from config import settings as environment
from config.areas import Area
from config.documents import Document
from config.errors import Unusable
from config.founding import Place
from config.words import line, plain_line, zone
from jobs.commands import rehearsing
from jobs.operator import founding as work
from jobs.operator.refusals import Refusal
from rules import founding as rule
from rules.calendar import VOTING_DAY, Edge
from rules.founding import Seat

app = typer.Typer()
Read = TypeVar("Read")
ELECTION, POLICY = Path("config/elections/pemilu-2024.yaml"), Path("config/policies/default.yaml")


class Asking:
    """Asks for what no option gave. `quiet`: nobody is there to answer, and what has a default takes it."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    def __call__(
        self,
        question: str,
        option: str,
        given: str | None,
        read: Callable[[str], Read],
        *,
        usual: str | None = None,
        hidden: bool = False,
    ) -> Read:
        """What was given, or is answered; asked again until it can be read. Raises: Refusal: nobody can answer."""
        if given is not None or (self.quiet and usual is not None):
            try:
                return read(given if given is not None else usual or "")
            except (Unusable, PydanticCustomError) as error:
                raise Refusal(f"{option}: {_said(error)}") from None
        if self.quiet:
            raise Refusal(f"{option} is needed: {question}")
        while True:
            answer = typer.prompt(question, default=usual, hide_input=hidden, show_default=bool(usual), err=True)
            try:
                return read(answer)
            except (Unusable, PydanticCustomError) as error:
                typer.echo(f"  {_said(error)}", err=True)


def _said(error: Unusable | PydanticCustomError) -> str:
    if isinstance(error, Unusable):
        return f"{error.what}. {error.remedy}"
    context = error.context or {}
    return f"{context['what']}. {context['remedy']}"


Text = str | None


@app.command()
def init(
    province: Annotated[Text, typer.Option(help="Its code or name.")] = None,
    regency: Annotated[Text, typer.Option(help="Its code or name: 63.05, or Tapin.")] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(help="Only write the table of offices to fill in (XLSX).", show_default=False),
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--from", help="The filled table of offices (XLSX or CSV).", show_default=False)
    ] = None,
    time_zone: Annotated[Text, typer.Option("--zone", help="Asia/Jakarta, Asia/Makassar or Asia/Jayapura.")] = None,
    seat: Annotated[Text, typer.Option(help="Where letters are dated: the regency's capital.")] = None,
    province_seat: Annotated[Text, typer.Option(help="Where the Governor's letters go.")] = None,
    signatory: Annotated[Text, typer.Option(help="Who signs: BUPATI TAPIN.")] = None,
    brand: Annotated[Text, typer.Option(help="What texts begin with; at most 15 characters: Desk Tapin.")] = None,
    phone: Annotated[Text, typer.Option(help="What people call for help; empty: none yet.")] = None,
    public_url: Annotated[Text, typer.Option(help="Where people open the pages.")] = None,
    mail: Annotated[
        Text,
        typer.Option(envvar="DESK_SMTP_URL", help="The mail server: smtp://user:password@host:587; file: none."),
    ] = None,
    sender: Annotated[Text, typer.Option(help="Where mails come from; needed with a mail server.")] = None,
    desk_file: Annotated[Path, typer.Option("--desk", help="The desk's file to write.")] = Path("var/desk.yaml"),
    settings_file: Annotated[Path, typer.Option("--settings", help="The file of settings to write.")] = Path(
        "var/desk.env"
    ),
    election: Annotated[Path, typer.Option(help="Calendar of the election.")] = Path(
        "config/elections/pemilu-2024.yaml"
    ),
    policy: Annotated[Path, typer.Option(help="The policy.")] = POLICY,
    rehearsal: Annotated[Path, typer.Option(help="Folder of the rehearsal.")] = Path("var/gladi"),
    rehearse: Annotated[bool, typer.Option(" /--no-rehearsal", help="Only plan it.")] = True,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: options and their defaults answer.")] = False,
) -> None:
    """Make a new desk for a regency: asks, writes its file and its settings, then plans and rehearses it.

    Nothing is overwritten, and nothing is sent: the settings begin with a trial in which nobody gets anything. Whatever
    an option says is not asked. Names count from the folder of the desk.
    """
    ask, home = Asking(quiet=yes), environment.home()
    regency_area, province_area = _where(ask, province, regency)
    districts = areas.within(regency_area.code)
    if sheet is not None:
        _sheet(sheet, districts)
        return
    place = Place(
        province=province_area,
        regency=regency_area,
        districts=districts,
        zone=ask("Time zone", "--zone", time_zone, zone, usual=areas.zone(regency_area.code)),
        seat=ask("Capital of the regency, where letters are dated", "--seat", seat, line),
        province_seat=ask(
            "Capital of the province, where letters to the Governor go", "--province-seat", province_seat, line
        ),
        signatory=ask("Who signs its letters", "--signatory", signatory, line, usual=founding.signatory(regency_area)),
        brand=ask("What texts begin with", "--brand", brand, _brand, usual=founding.brand(regency_area)),
        phone=ask("Telephone for help (empty: none yet)", "--phone", phone, _maybe(contacts.telephone), usual=""),
    )
    values = _settings(ask, public_url, mail, sender)
    seats = _seats(ask, table, districts, place)
    named = {"DESK_DESK": str(desk_file), "DESK_ELECTION": str(election), "DESK_POLICY": str(policy)}
    text = work.environment({**named, **values})
    day = datetime.now(UTC).date().isoformat()
    source = table.name if table else str(desk_file)
    files = [loader.read(home / election), work.desk(place, seats, home / desk_file, day=day, source=source)]
    files.append(loader.read(home / policy))
    programme = loader.programme(*files)
    work.written({home / desk_file: files[1].text, home / settings_file: text})
    print(f"wrote {desk_file} and {settings_file}")
    owed = len(programme.obligations())
    print(f"{programme.code}: {owed} reports owed, {len(districts)} districts, {len(seats)} offices")
    _next(home / settings_file, named)
    if rehearse:
        _rehearse(files, home / rehearsal)


def _where(ask: Asking, province: Text, regency: Text) -> tuple[Area, Area]:
    """The regency and its province; the regency's code alone is enough."""
    code = (regency or "").strip()
    if province is None and len(code) == 5 and code[2] == ".":
        province = code[:2]
    above = ask("Province (code or name)", "--province", province, lambda text: areas.find(text, ""))
    own = ask("Regency (kabupaten/kota; code or name)", "--regency", regency, lambda text: areas.find(text, above.code))
    return own, above


def _brand(text: str) -> str:
    return plain_line(text, longest=15)


def _maybe(read: Callable[[object], str]) -> Callable[[str], str]:
    return lambda text: read(text) if text.strip() else ""


def _sheet(file: Path, districts: list[Area]) -> None:
    """Write the empty table, where no file is."""
    try:
        with file.open("xb") as out:
            out.write(work.sheet(dict(districts)))
    except OSError as error:
        raise Refusal(f"{file} cannot be written, and nothing is overwritten: {error.strerror}") from None
    print(f"wrote {file}: a row for each office. Fill in hp and surel, correct what differs, then:")
    print(f"  ./desk init --from {file}")
    posts = ", ".join(rule.Post)
    print(f"tugas is one of {posts}; two are separated by ;. kecamatan: names separated by ;, or {rule.ALL}.")


def _settings(ask: Asking, public_url: Text, mail: Text, sender: Text) -> dict[str, str]:
    values = {
        "DESK_PUBLIC_URL": ask("Address of the pages", "--public-url", public_url, line, usual="http://127.0.0.1:8000"),
        "DESK_TRIAL_ALLOW": "",
    }
    server = ask(
        "Mail server (smtp://user:password@host:587?tls=starttls; Enter: none yet)", "--mail", mail, str, usual="file:"
    )
    if server != "file:":
        values["DESK_SMTP_URL"] = server
        values["DESK_MAIL_FROM"] = ask("Mails come from", "--sender", sender, contacts.email)
    return values


def _seats(ask: Asking, table: Path | None, districts: list[Area], place: Place) -> list[Seat]:
    """The offices: from the table, or typed one after the other. Raises: Refusal, ConfigError."""
    if table is not None:
        return work.read(table, dict(districts))
    if ask.quiet:
        raise Refusal("--from is needed: the table of offices; ./desk init --sheet FILE writes it to be filled in")
    typer.echo(f"\nThe offices of {place.regency.name}: a mobile number or a mail address for each.", err=True)
    typer.echo(
        "Many? Ctrl-C, ./desk init --sheet offices.xlsx, fill it in, ./desk init --from offices.xlsx.\n", err=True
    )
    return [_reached(ask, seat) for seat in rule.blank(dict(districts))]


def _reached(ask: Asking, seat: Seat) -> Seat:
    contact = ask(f"{seat.title}, number or mail", "--from", None, _contact)
    return replace(seat, email=contact) if "@" in contact else replace(seat, phone=contact)


def _contact(text: str) -> str:
    return contacts.mailbox(text) if "@" in text else contacts.phone(text)


def _next(settings_file: Path, named: dict[str, str]) -> None:
    print("next: look at both files, then")
    print(f"  set -a; . {settings_file}; set +a        # on a server: docs/operate.md, step 4")
    print(f"  ./desk load {named['DESK_ELECTION']} {named['DESK_DESK']} {named['DESK_POLICY']}")
    print("  ./desk run")


def _rehearse(files: list[Document], out: Path) -> None:
    """Live through the days around voting day, so that everybody's mails and texts can be looked at."""
    programme = loader.programme(*files)
    voting = programme.election.dated(VOTING_DAY, Edge.START)
    days = (voting - timedelta(days=2), voting + timedelta(days=1)) if voting else (None, None)
    script = loader.parse(founding.course(programme), "awal.yaml")
    rehearsing.rehearsed(files, script, days=days, out=out, documents="none")
