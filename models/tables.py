"""Every table, so that whoever asks for the metadata gets all of it."""

from models.assignments import Assignment
from models.attachments import Attachment
from models.base import Base
from models.changes import Change
from models.channels import ChannelState
from models.clock import Mark
from models.issues import Issue, IssueEvent
from models.links import Link
from models.matters import Matter
from models.messages import Attempt, Message
from models.notices import Notice
from models.obligations import Obligation
from models.offices import Contact, Office
from models.programmes import Document, Programme
from models.promises import Promise
from models.receipts import Receipt
from models.reports import Report
from models.sessions import SignedIn, SignIn
from models.submissions import Submission
from models.tasks import Task
from models.uploads import Upload

ALL: tuple[type[Base], ...] = (
    Assignment,
    Attachment,
    Attempt,
    ChannelState,
    Change,
    Contact,
    Document,
    Issue,
    IssueEvent,
    Link,
    Mark,
    Matter,
    Message,
    Notice,
    Obligation,
    Office,
    Programme,
    Promise,
    Receipt,
    Report,
    SignIn,
    SignedIn,
    Submission,
    Task,
    Upload,
)
