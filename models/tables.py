"""Every table, so that whoever asks for the metadata gets all of it."""

from models.base import Base
from models.desk.changes import Change
from models.desk.folios import Folio
from models.desk.orders import Order
from models.desk.programmes import Document, Programme
from models.desk.rearrangements import Rearrangement
from models.desk.shifts import DutyShift
from models.desk.uploads import Upload
from models.machine.clock import Mark
from models.machine.departures import Departure, Inquiry
from models.machine.floors import Floor
from models.machine.gaps import Gap
from models.machine.stops import Stop
from models.machine.tokens import AccessToken
from models.matters.advice import Advice, Charge
from models.matters.aiding import Asked
from models.matters.appeals import Appeal
from models.matters.arrivals import Arrival, ArrivalDocument, DeskKey
from models.matters.attachments import Attachment, Enclosure, Evidence, ReplyFile
from models.matters.documents import SubmissionDocument
from models.matters.guiding import Evaluation
from models.matters.issues import Issue, IssueEvent
from models.matters.matters import Matter
from models.matters.meetings import Minutes
from models.matters.obligations import Obligation
from models.matters.promises import Promise
from models.matters.reports import Report
from models.matters.risks import PlaceRisk
from models.matters.rollcalls import RollCall
from models.matters.sendings import Sending, SendingDocument
from models.matters.silences import Silence
from models.matters.submissions import NarrativeEdit, Submission, SubmissionEvent
from models.matters.tasks import Task
from models.matters.trips import Trip, TripPhoto
from models.messages.channels import ChannelState
from models.messages.delivery_reports import DeliveryReport
from models.messages.inbound import Inbound, InboundWord
from models.messages.mailboxes import Mailbox
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from models.messages.spending import BudgetRaise, Spending
from models.offices.aides import Aide
from models.offices.assignments import Assignment
from models.offices.drafts import Draft
from models.offices.guests import Guest, GuestLook
from models.offices.links import Link
from models.offices.offices import Contact, Office
from models.offices.sessions import SignedIn, SignIn

ALL: tuple[type[Base], ...] = (
    AccessToken,
    Advice,
    Aide,
    Appeal,
    Arrival,
    ArrivalDocument,
    Asked,
    Assignment,
    Attachment,
    Attempt,
    BudgetRaise,
    ChannelState,
    Change,
    Charge,
    Contact,
    Departure,
    DeskKey,
    Document,
    Draft,
    DutyShift,
    Enclosure,
    Evaluation,
    Evidence,
    Floor,
    Folio,
    Gap,
    Guest,
    GuestLook,
    Inbound,
    InboundWord,
    Inquiry,
    Issue,
    IssueEvent,
    Link,
    Mailbox,
    Mark,
    Matter,
    Message,
    Minutes,
    NarrativeEdit,
    Notice,
    Obligation,
    Office,
    Order,
    PlaceRisk,
    Programme,
    Promise,
    DeliveryReport,
    Rearrangement,
    ReplyFile,
    Report,
    RollCall,
    Sending,
    SendingDocument,
    SignIn,
    SignedIn,
    Silence,
    Spending,
    Stop,
    Submission,
    SubmissionDocument,
    SubmissionEvent,
    Task,
    Upload,
    Trip,
    TripPhoto,
)
