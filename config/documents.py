"""What a file of elections, desks, policies, scenarios, forms or kinds of report is once it was read and holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from config import marked
from rules.calendar import Election
from rules.desk import Desk
from rules.forms import Form
from rules.government import ReportKind
from rules.policy import Policy
from rules.scenario import Scenario

Value = Election | Desk | Policy | Scenario | Form | ReportKind


@dataclass(frozen=True, slots=True)
class Document:
    """A file that holds. `digest` (SHA-256) is of its meaning: comments and the order of keys do not change it.

    `pictures`: what lies beside it and belongs to it, by SHA-256.
    """

    kind: str
    code: str
    name: str
    text: str
    digest: str
    value: Value
    root: marked.Node = field(repr=False, compare=False)
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
