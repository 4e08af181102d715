"""The annex of restricted problems: a document of its own, with facts of its own, for the one addressed alone.

Its facts are those of a report that tells of these problems and of nothing else. Of it the report itself has no more
than its Sifat and its hash (`Enclosed`), so whoever holds both can tell that they belong together.
"""

from collections.abc import Iterable
from dataclasses import replace

from reports.government.approved import Approved
from reports.government.document import Document, Pairs
from reports.government.facts import Asked, District, Enclosed, Problem, Recommendation, Weekly, digest
from rules.government import Chapter, Covers, Form, Part, ReportKind, Secrecy
from rules.indonesian import moment

KIND = ReportKind(
    code="lampiran-terbatas",
    name="Lampiran terbatas",
    covers=Covers.MOMENT,
    form=Form.LETTER,
    subject="Lampiran Terbatas Laporan {election} di {regency}",
    opening=(
        "Dengan hormat kami sampaikan permasalahan terbatas yang tidak dirinci dalam laporan kami periode {period}, "
        "menurut data sampai dengan {cut_off}. Lampiran ini hanya untuk yang dituju:"
    ),
    closing="Mohon lampiran ini tidak digandakan. Atas perhatian Bapak/Ibu {addressee} diucapkan terima kasih.",
    parts=(Part("", (Chapter("asked"), Chapter("problems"))),),
    annexes=("problems",),
)
PROOF = "Periksa keaslian"


def annex(
    facts: Weekly,
    nature: Secrecy,
    districts: Iterable[District],
    problems: tuple[Problem, ...],
    recommendations: tuple[Recommendation, ...],
    asked: Asked | None,
) -> Weekly:
    """The facts of the annex to a report, of its days and known as of the same moment."""
    head = replace(facts.header, nature=nature.capitalize(), copies=(), subject="")
    places = {problem.district for problem in problems}
    own = Weekly(
        header=head,
        legal_bases=(),
        stages=(),
        polling=None,
        districts=tuple(replace(one, reports=()) for one in districts if one.code in places),
        problems=problems,
        recommendations=recommendations,
        kind=KIND,
        asked=asked,
    )
    return replace(own, header=replace(head, subject=KIND.subject.format(election=head.election, regency=head.regency)))


def sealed(facts: Weekly, annex: Weekly | None) -> Weekly:
    """The facts of a report, which name the hash of its annex."""
    if annex is None or facts.kind.restricted is None:
        return facts
    return replace(facts, enclosed=Enclosed(facts.kind.restricted, digest(annex)))


def document(facts: Weekly, approved: Approved, *, stored: str) -> Document:
    """The annex, with who approved the report. It has no code to be looked up by: `/cek` says nothing of it."""
    from reports.government import letter  # jinja2 for its charts: the clock, which only seals, stays small

    made = letter.document(facts, replace(approved, narrative=()), stored=stored)
    until = moment(facts.header.cut_off, facts.header.zone)
    about = Pairs(tuple(row for row in made.about.rows if row[0] != PROOF))
    nature = facts.header.nature.lower()
    return replace(made, about=about, footer=f"{nature} · hanya untuk yang dituju · data sampai dengan {until}")
