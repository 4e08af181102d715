"""What anybody may know of a report to the Government whose code he holds: that it is ours, and which version."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rules import indonesian, proofs
from rules.submissions import State
from services import restoring
from services.government import checking
from services.government.checking import Checked
from web import pages, views
from web.books import Books
from web.guards import limits
from web.guards.refusals import Help, Refusal

PATH = "/cek"
STATES = {
    State.DRAFT: "Draf, belum disetujui",
    State.FOR_APPROVAL: "Menunggu persetujuan",
    State.APPROVED: "Disetujui, belum dikirim",
    State.HANDED_OUT: "Sudah diserahkan untuk dikirim",
    State.SENT: "Sudah dikirim",
    State.RECEIVED: "Sudah diterima",
    State.CORRECTED: "Sudah diralat",
    State.DROPPED: "Dibatalkan, tidak pernah dikirim",
}


def ask(request: Request) -> Response:
    """The field for a code; a typed one leads to its page."""
    books: Books = request.app.state.books
    typed = request.query_params.get("kode", "")
    beginning = proofs.beginning(typed)
    if beginning:
        return RedirectResponse(f"{books.base}{PATH}/{proofs.code(beginning)}", 303)
    return _page(books, typed, None, 404 if typed else 200)


def look(request: Request) -> Response:
    """What the books say of one code. It names no district, no figure and no word of the report."""
    books: Books = request.app.state.books
    if wait := books.links.wait(f"cek {limits.caller(request.scope)}"):
        raise Refusal(Help.TOO_OFTEN, retry=wait)
    typed = request.path_params["code"]
    with books.sessions.begin() as session:
        found = checking.by_code(session, typed)
        programme = books.past(session, found.programme_id) if found else None
        lost = [] if found else restoring.ever_lost(session, books.live(session).values())
    if found is None or not found.sound:
        return _page(books, typed, None, 404, lost=lost)
    duty = programme.policy.duty(found.kind).name if programme else found.name
    return _page(books, typed, _facts(found, duty), 200, views.secretariat(programme.desk) if programme else "")


def _page(
    books: Books,
    typed: str,
    found: dict[str, str] | None,
    status: int,
    secretariat: str = "",
    lost: Sequence[str] = (),
) -> Response:
    told = {"typed": typed[:40], "found": found, "secretariat": secretariat or books.secretariats(), "lost": lost}
    return pages.page("government/cek", status, base=books.base, path=PATH, **told)


def _facts(found: Checked, duty: str) -> dict[str, str]:
    standing = f"Yang berlaku adalah versi {found.last}."
    newer = f"Ada versi yang lebih baru, yaitu versi {found.last}." if found.last > found.version else standing
    return {
        "desk": found.desk,
        "kind": duty,
        "period": indonesian.period(*found.period),
        "version": f"{found.version}{f' (ralat ke-{found.correction})' if found.correction else ''}",
        "newer": "" if found.is_last else newer,
        "state": STATES[found.state],
        "digest": f"{found.digest[:16]}...",
        "code": found.code,
    }
