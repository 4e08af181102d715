"""The shape of a desk file: its districts, offices and area teams, who coordinates what, and who is addressed."""

from typing import Annotated

from pydantic import Field

from config.shapes.kit import (
    Brand,
    Code,
    DistrictCode,
    Email,
    Flag,
    Length,
    Line,
    Phone,
    Positive,
    Prose,
    RegencyCode,
    Shape,
    SmsName,
    Title,
    Zone,
)


class DistrictShape(Shape):
    """A kecamatan."""

    code: DistrictCode = Field(description='Kemendagri code in quotes: "63.04.02".')
    name: Line = Field(description="Its name without the word Kecamatan.", examples=["Tamban"])
    zone: Zone | None = Field(None, description="Where it differs from the desk's.")
    grace: Length | None = Field(None, description="Delays chasing for want of signal, such as PT1H; never a due time.")


class OfficeShape(Shape):
    """An office (jabatan), never a person."""

    code: Code = Field(description="Its name in this file, such as camat-tamban.")
    title: Title = Field(description="Exactly as letters write it; at most 115 characters.", examples=["Camat Tamban"])
    sms_name: SmsName | None = Field(None, description="At most 20 plain characters; needed where the title is longer.")
    email: Email | None = Field(None, description="One plain address.")
    phone: Phone | None = Field(None, description="One mobile number.")
    zone: Zone | None = Field(None, description="Where it differs from the desk's: quiet hours are kept in it.")
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


class AddresseeShape(Shape):
    """Where a report to the Government goes."""

    to: Line = Field(description="Such as Gubernur Kalimantan Selatan.")
    attention: Line = Field(description="The unit after c.q.")
    place: Line = Field(description="Where it is, such as Banjarbaru.")
    copies: list[Line] = Field([], max_length=50, description="Tembusan, in order.")


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


class DeskShape(Shape):
    """One Tim DESK."""

    desk: Code = Field(description="The desk's code, such as barito-kuala.", examples=["desk"])
    name: Line = Field(description="Such as Tim DESK Pemilu Kabupaten ...", examples=["Desk"])
    brand: Brand = Field(
        description="Begins every text message; at most 15 plain characters: Desk Batola.", examples=["Desk"]
    )
    zone: Zone = Field(description="The desk's time zone.", examples=["Asia/Makassar"])
    regency_code: RegencyCode = Field(description='Kemendagri code in quotes: "63.04".', examples=["00.00"])
    regency: Line = Field(description="Such as Kabupaten Barito Kuala.", examples=["Kabupaten"])
    province: Line = Field(description="Such as Kalimantan Selatan.", examples=["Provinsi"])
    seat: Line = Field(description="Where letters are dated, such as Marabahan.", examples=["Ibu kota"])
    signatory: Line = Field(description="The office that signs, such as Pj. BUPATI ...", examples=["BUPATI"])
    secretary: Code = Field(description="Office: secretary of the desk.", examples=["x"])
    chair: Code = Field(description="Office: chair of the desk (Sekda).", examples=["x"])
    secretariat: Code = Field(description="Office: the secretariat, which gets what finds nobody.", examples=["x"])
    districts: list[DistrictShape] = Field(
        description="All districts of the regency.", examples=[[]], json_schema_extra={"minItems": 1}, max_length=2000
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
    addressees: dict[Code, AddresseeShape] = Field(
        {}, max_length=100, description="By election code, by its first word (pemilu, pilkada), or default."
    )
    polling: dict[Code, PollingShape] = Field(
        {}, max_length=100, description="By election code: the figures differ by election."
    )
