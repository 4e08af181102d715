"""The shape of a desk file: its districts, offices and area teams, who coordinates what, and who is addressed."""

from functools import partial
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from config import words
from config.shapes.kit import (
    Brand,
    Clock,
    Code,
    Day,
    Digest,
    DistrictCode,
    Email,
    Flag,
    Length,
    Line,
    Phone,
    PictureName,
    Positive,
    Prose,
    PublicKey,
    RegencyCode,
    Shape,
    SmsName,
    Telephone,
    Title,
    VillageCode,
    Zone,
)
from config.shapes.scenario import CategoryWord
from config.shapes.support import PreparationShape
from rules.levels import Level

LevelWord = Annotated[
    Level, PlainValidator(partial(words.one_of, Level)), WithJsonSchema({"enum": [str(level) for level in Level]})
]


class DistrictShape(Shape):
    """A kecamatan; for a province's desk a regency, for the centre's a province."""

    code: DistrictCode = Field(description='Kemendagri code in quotes: "63.04.02"; of a regency "63.04".')
    name: Line = Field(
        description="Its name without the word Kecamatan or Provinsi; of a regency with Kabupaten or Kota.",
        examples=["Tamban"],
    )
    brief: SmsName | None = Field(
        None, description="What texts call it where its name is too long: Kab. HSS; at most 20 plain characters."
    )
    zone: Zone | None = Field(None, description="Where it differs from the desk's.")
    grace: Length | None = Field(None, description="Delays chasing for want of signal, such as PT1H; never a due time.")
    tile: Annotated[list[Positive], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Column and row of its tile on the schematic map, from 1 to 30: [3, 2]. Two share no tile."
    )


class OwnQuietShape(Shape):
    """Quiet hours of one office, every day: for texts, and for nothing that is urgent."""

    start: Clock = Field(alias="from", description='In its own zone, in quotes: "21:00".')
    end: Clock = Field(alias="until", description='It may pass midnight, in quotes: "06:00"; 12 hours at most.')


class OfficeShape(Shape):
    """An office (jabatan), never a person."""

    code: Code = Field(description="Its name in this file, such as camat-tamban.")
    title: Title = Field(description="Exactly as letters write it; at most 115 characters.", examples=["Camat Tamban"])
    sms_name: SmsName | None = Field(None, description="At most 20 plain characters; needed where the title is longer.")
    email: Email | None = Field(None, description="One plain address.")
    phone: Phone | None = Field(None, description="One mobile number.")
    zone: Zone | None = Field(None, description="Where it differs from the desk's: quiet hours are kept in it.")
    quiet: OwnQuietShape | None = Field(
        None, description="In these hours no routine text goes there, besides the policy's quiet hours."
    )
    illustrative: Flag = Field(False, description="true: made up to fill an example, not from a decree.")


class TeamShape(Shape):
    """An area team, such as Tim DESK VIII."""

    code: Code = Field(description="Its number, such as VIII.")
    name: Line = Field(description="Such as Tim DESK VIII.", examples=["Tim DESK VIII"])
    members: list[Code] = Field(description="Offices, by their codes.", min_length=1, max_length=200)
    reporters: dict[DistrictCode, Code] = Field(
        max_length=500, description="Each district the team is placed in, and the member that files for it."
    )
    illustrative: Flag = Field(False, description="true: made up to fill an example, not from a decree.")


class OtherAddresseeShape(Shape):
    """Where reports of one kind go, as far as that differs."""

    to: Line | None = Field(None, description="Such as Gubernur Kalimantan Selatan.")
    attention: Line | None = Field(None, description="The unit after c.q.")
    place: Line | None = Field(None, description="Where it is, such as Banjarbaru.")
    copies: list[Line] | None = Field(None, max_length=50, description="Tembusan, in order; [] for none.")
    email: Email | None = Field(None, description="Where the unit takes reports by mail.")


class AddresseeShape(Shape):
    """Where a report to the Government goes."""

    to: Line = Field(description="Such as Gubernur Kalimantan Selatan.")
    attention: Line = Field(description="The unit after c.q.")
    place: Line = Field(description="Where it is, such as Banjarbaru.")
    copies: list[Line] = Field([], max_length=50, description="Tembusan, in order.")
    email: Email | None = Field(
        None,
        description="Where the unit takes reports by mail, with the documents attached. None: they are handed out.",
    )
    copy_emails: dict[Line, Email] = Field(
        {}, max_length=50, description="Where copies are mailed to, by their names as under copies. None: on paper."
    )
    kinds: dict[Code, OtherAddresseeShape] = Field(
        {}, max_length=50, description="By kind of report (`config/reports`), what differs for it."
    )


class DecreeShape(Shape):
    """The decree (SK) that formed the team."""

    number: Line = Field(description="Its number, as it is written.")
    date: Day = Field(description="Its day.")
    about: Line = Field(description="What it is about, such as Pembentukan Tim DESK Pemilu.")
    title: Line = Field("Keputusan Bupati", description="What it is, such as Keputusan Bupati Barito Kuala.")


class SignatoryShape(Shape):
    """Who signs from a day on."""

    since: Day = Field(alias="from", description="The first local day, by the cut-off of the report.")
    signatory: Line = Field(description="The office with its form: Plt. BUPATI ..., a.n. BUPATI ... SEKRETARIS DAERAH.")
    on_behalf: Line | None = Field(
        None, description="After `a.n. BUPATI ...`: the office that signs, such as SEKRETARIS DAERAH."
    )
    letterhead: list[Line] = Field(
        [], max_length=6, description="The lines of its letterhead, the office last; none: from the signatory."
    )


class DistrictPollingShape(Shape):
    """What is known of one district."""

    stations: Positive | None = Field(None, description="Polling stations (TPS).")
    voters: Positive | None = Field(None, description="Registered voters (DPT).")


class PollingShape(Shape):
    """What is known of polling stations and voters in one election."""

    stations: Positive | None = Field(None, description="Polling stations (TPS) in the regency.")
    voters: Positive | None = Field(None, description="Registered voters (DPT) in the regency.")
    source: Prose = Field(description="Where the figures were read.")
    by_district: dict[DistrictCode, DistrictPollingShape] = Field(
        {}, max_length=500, description="Where more is known, by district."
    )


class ResponsibleShape(Shape):
    """Which office is responsible for problems of a category."""

    category: CategoryWord = Field(description="The category of the problem: logistics.", examples=["logistics"])
    office: Code = Field(description="The office that has such a problem until it hands it on.", examples=["x"])
    districts: list[DistrictCode] = Field([], max_length=500, description="Only there; none: in every district.")


class NeighboursShape(Shape):
    """Which districts border on each other."""

    of: dict[DistrictCode, Annotated[list[DistrictCode], Field(max_length=100)]] = Field(
        max_length=2000, description="Each district with all its neighbours; both name each other."
    )
    illustrative: Flag = Field(False, description="true: not from a map that the desk has confirmed.")


class PostsShape(Shape):
    """What is different in one election: its secretary, and what the desk is called."""

    secretary: Code | None = Field(None, description="Office: secretary of the desk in it. None: as in the others.")
    name: Line | None = Field(
        None, description="What the desk is called in it. None: as in the others.", examples=["Tim Desk Pilkada"]
    )


class DeskShape(Shape):
    """One Tim DESK."""

    desk: Code = Field(description="The desk's code, such as barito-kuala.", examples=["desk"])
    name: Line = Field(description="Such as Tim DESK Pemilu Kabupaten ...", examples=["Desk"])
    brand: Brand = Field(
        description="Begins every text message; at most 15 plain characters: Desk Batola.", examples=["Desk"]
    )
    zone: Zone = Field(description="The desk's time zone.", examples=["Asia/Makassar"])
    level: LevelWord = Field(
        Level.REGENCY, description="Whose desk it is. The districts of a province's desk are its regencies."
    )
    regency_code: RegencyCode = Field(
        description='Kemendagri code of its own area in quotes: "63.04"; of a province "63", of the centre "00".',
        examples=["00.00"],
    )
    regency: Line = Field(
        description="The desk's own area, such as Kabupaten Barito Kuala, or Provinsi Kalimantan Selatan.",
        examples=["Kabupaten"],
    )
    province: Line = Field(description="Such as Kalimantan Selatan.", examples=["Provinsi"])
    seat: Line = Field(description="Where letters are dated, such as Marabahan.", examples=["Ibu kota"])
    signatory: Line = Field(description="The office that signs, such as Pj. BUPATI ...", examples=["BUPATI"])
    signatories: list[SignatoryShape] = Field(
        [], max_length=50, description="Who signs later, each from a day on; before the first, `signatory`."
    )
    address: list[Line] = Field(
        [], max_length=4, description="Lines below the letterhead: street, place and code, telephone, website."
    )
    crest: PictureName | None = Field(
        None,
        description="A PNG or SVG beside this file for the letterhead: lambang.png. Never the image of a signature.",
    )
    crest_digest: Digest | None = Field(
        None, description="Leave it out: `./desk load` adds which picture it was (SHA-256) to what the books keep."
    )
    decree: DecreeShape | None = Field(None, description="The decree that formed the team; reports cite it.")
    letters: dict[Code, list[Line]] = Field(
        {},
        max_length=100,
        description="Letters of the Minister and the Governor that reports cite, by election as under addressees.",
    )
    secretary: Code = Field(description="Office: secretary of the desk.", examples=["x"])
    chair: Code = Field(description="Office: chair of the desk (Sekda).", examples=["x"])
    secretariat: Code = Field(description="Office: the secretariat, which gets what finds nobody.", examples=["x"])
    secretariat_phone: Telephone | None = Field(
        None, description="What is called for help; messages and pages carry it. A fixed line, or a mobile number."
    )
    secretariat_whatsapp: Telephone | None = Field(
        None, description="What is written to for help; messages and pages carry it. The same number, or another."
    )
    districts: list[DistrictShape] = Field(
        description="All districts of the regency.", examples=[[]], json_schema_extra={"minItems": 1}, max_length=2000
    )
    villages: dict[VillageCode, Line] = Field(
        {},
        max_length=10_000,
        description='Its villages by code in quotes, as "63.04.02.2011": Koanda. None: reports name no village.',
    )
    risks: dict[Code, Line] = Field(
        {},
        max_length=100,
        description="Why a village or TPS may be at risk, by code: banjir: Rawan banjir. None: the usual kinds.",
    )
    offices: list[OfficeShape] = Field(
        description="Every office named below.", examples=[[]], json_schema_extra={"minItems": 1}, max_length=2000
    )
    teams: list[TeamShape] = Field(
        description="The area teams.", examples=[[]], json_schema_extra={"minItems": 1}, max_length=2000
    )
    coordination: dict[Code, Annotated[list[DistrictCode], Field(max_length=500)]] = Field(
        max_length=500,
        description="The coordinating offices, each with its districts; every district exactly once.",
        examples=[{}],
    )
    responsible: list[ResponsibleShape] = Field(
        [],
        max_length=200,
        description="Who has a problem, by category; the first that fits. None: the coordinator of its district.",
    )
    neighbours: NeighboursShape | None = Field(
        None, description="Which districts border on each other; none: silence and nil are not compared."
    )
    posts: dict[Code, PostsShape] = Field(
        {},
        max_length=100,
        description="Who is secretary in one election only, by its code or first word (pemilu, pilkada).",
    )
    addressees: dict[Code, AddresseeShape] = Field(
        {}, max_length=100, description="By election code, by its first word (pemilu, pilkada), or default."
    )
    keys: dict[DistrictCode, PublicKey] = Field(
        {}, max_length=500, description="By area, the key that signs packages of its desk (./desk package key)."
    )
    support: list[PreparationShape] = Field(
        [], max_length=20, description="What offices have ready, by what it is for; none: nobody is asked."
    )
    polling: dict[Code, PollingShape] = Field(
        {}, max_length=100, description="By election code: the figures differ by election."
    )
