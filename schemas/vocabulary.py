"""The words that events share: agencies, places, times, quantities, handling, audiences."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from schemas import codes
from schemas.door import fault
from schemas.metrics import is_metric


class Word(BaseModel):
    """Base of every shared word: immutable, and an unknown member is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _country(code: str) -> str:
    if code in codes.COUNTRIES:
        return code
    better = codes.COUNTRY_MISSPELLINGS.get(code.upper())
    raise ValueError(f"use {better}" if better else "use an ISO 3166-1 alpha-2 code, or XK for Kosovo")


def _state(code: str, others: codes.CodeList) -> str:
    return code if code in others else _country(code)


CountryCode = Annotated[
    str,
    StringConstraints(min_length=2, max_length=3),
    AfterValidator(_country),
    Field(json_schema_extra={"pattern": "^[A-Z]{2}$", "description": "ISO 3166-1 alpha-2, and XK for Kosovo."}),
]
Nationality = Annotated[
    str,
    StringConstraints(min_length=2, max_length=3),
    AfterValidator(lambda code: _state(code, codes.NATIONALITY_LIST)),
    Field(description="A country, or XXA stateless, XXB and XXC refugee, XXX unspecified (ICAO 9303)."),
]
Issuer = Annotated[
    str,
    StringConstraints(min_length=2, max_length=3),
    AfterValidator(lambda code: _state(code, codes.ISSUER_LIST)),
    Field(description="A country, or an issuer of ICAO 9303 that is none: EUE, UNO, XOM, XPO, XXA, ..."),
]
AgencyCode = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Z]{2}(-[A-Z0-9]{2,12})?|[A-Z]{3,16})$"),
    Field(description="A national body (BA, AT-CUSTOMS) or an international one (FRONTEX, EUROPOL)."),
]


def listed(code_list: codes.CodeList) -> tuple[Any, ...]:
    """What makes an Annotated string a code of a list."""
    return (
        StringConstraints(max_length=64),
        AfterValidator(code_list.checked),
        Field(json_schema_extra={"enum": list(code_list.codes)}),
    )


OperationCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,40}$")]
EntryId = Annotated[UUID, Field(description="The id of an entry, which is also its receipt (UUID version 5).")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$")]
MetricName = Annotated[
    str,
    StringConstraints(max_length=128),
    AfterValidator(lambda name: _metric(name)),
    Field(description="A name of the register of metrics, such as arrests.smugglers."),
]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Urgency = Literal["immediate", "urgent", "routine"]
AgencyKind = Literal["national", "frontex", "europol", "eurojust", "interpol", "other"]
_INTERNATIONAL: dict[str, AgencyKind] = {
    "FRONTEX": "frontex",
    "EUROPOL": "europol",
    "EUROJUST": "eurojust",
    "INTERPOL": "interpol",
}


def kind_of(agency: str) -> AgencyKind:
    """The kind of an agency that nobody has introduced yet, from its code."""
    return _INTERNATIONAL.get(agency, "national" if len(agency.partition("-")[0]) == 2 else "other")


PhaseName = Literal["preparation", "intelligence", "operational", "follow_up"]
Role = Literal["lead", "co_lead", "participant", "support", "observer"]


class Secret:
    """Marks a member that is sealed at the door: personal data, or free text that may hold some.

    Secret members are optional, so that an entry stays valid with them sealed, and after their erasure.
    """

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), "x-sealed": True}


SECRET = Secret()


class OfKind:
    """Marks a member that names a thing of one kind; without it, any entry may be named."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Occurred(Word):
    """When the fact happened, by the agency's clock: a minute, an hour, a day or a period."""

    from_: AwareDatetime = Field(alias="from", description="Start, RFC 3339 with its offset.")
    to: AwareDatetime | None = Field(None, description="End; required for a period.")
    precision: Literal["minute", "hour", "day", "period"] = "minute"

    @model_validator(mode="after")
    def _in_order(self) -> "Occurred":
        if self.precision == "period" and self.to is None:
            raise ValueError("a period needs `to`")
        if self.to is not None and self.to < self.from_:
            raise ValueError("`to` lies before `from`")
        return self

    @property
    def until(self) -> datetime:
        """The end of what is claimed; the start where no end is given."""
        return self.to or self.from_


class Audience(Word):
    """Who may see an entry. Required on every event: the server never fills it in."""

    scope: Literal["all", "eu", "named"] = Field(
        description="all: every participant, third countries included; eu: national bodies of EU Member "
        "States, Frontex, Europol, Eurojust and who is bound by the same law; named: those listed."
    )
    agencies: list[AgencyCode] = Field(default=[], max_length=100)
    roles: list[Role] = Field(default=[], max_length=5)
    groups: list[Code] = Field(default=[], max_length=20, description="For example safeguarding.")

    @model_validator(mode="after")
    def _named_means_named(self) -> "Audience":
        listed = bool(self.agencies or self.roles or self.groups)
        if self.scope == "named" and not listed:
            raise ValueError("a named audience lists agencies, roles or groups")
        if self.scope != "named" and listed:
            raise ValueError("only a named audience lists agencies, roles or groups")
        return self

    @property
    def lists_its_own(self) -> bool:
        """Whether it names agencies or groups, and no role: in that of a participant is everybody."""
        return self.scope == "named" and not self.roles


class Handling(Word):
    """SIENA handling codes: H0 crime prevention only, H1 not in court, H2 not to be passed on, H3 see text."""

    codes: list[Literal["H0", "H1", "H2", "H3"]] = Field(min_length=1, max_length=4)
    text: LongText | None = Field(None, description="Required with H3.")

    @model_validator(mode="after")
    def _h3_says_what(self) -> "Handling":
        if "H3" in self.codes and not self.text:
            raise ValueError("H3 needs `text`")
        return self


class Evaluation(Word):
    """How reliable source and information are: 4x4 (Regulation (EU) 2016/794 Art. 29), or another scheme."""

    scheme: Literal["4x4", "3x5x2", "5x5x5", "admiralty"] = "4x4"
    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]$")]
    information: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]$")]

    @model_validator(mode="after")
    def _letters_of_the_scheme(self) -> "Evaluation":
        sources, informations = codes.EVALUATION_LETTERS[self.scheme]
        if self.source not in sources or self.information not in informations:
            raise ValueError(f"{self.scheme} has source {'/'.join(sources)} and information {'/'.join(informations)}")
        return self


CrimeArea = Annotated[str, *listed(codes.CRIME_AREAS)]
IncidentKind = Annotated[str, *listed(codes.INCIDENT_KINDS)]
RefusalReason = Annotated[str, *listed(codes.REFUSAL_REASONS)]
SisArticle = Annotated[str, *listed(codes.SIS_ARTICLES)]
MigrationType = Annotated[str, *listed(codes.IRREGULAR_MIGRATION_TYPES)]
ThbForm = Annotated[str, *listed(codes.THB_FORMS)]
DocumentClass = Annotated[str, *listed(codes.DOCUMENT_CLASSES)]
FraudType = Annotated[str, *listed(codes.FRAUD_TYPES)]
VehicleCategory = Annotated[str, *listed(codes.VEHICLE_CATEGORIES)]


def _goods_category(category: str) -> str:
    parts = category.split("+")
    for part in parts:
        codes.GOODS_CATEGORIES.checked(part)
    if parts != sorted(set(parts)):
        raise ValueError("the parts of a composite category are sorted, each once")
    return category


GoodsCategory = Annotated[
    str,
    StringConstraints(max_length=200),
    AfterValidator(_goods_category),
    Field(json_schema_extra={"examples": ["cannabis", "ammunition+firearm"]}),
]

Qualifier = Literal["exact", "about", "over", "at_least", "almost", "under", "not_stated"]


def _json_number(value: object) -> object:
    if isinstance(value, str):
        raise ValueError("a JSON number is expected, not text")
    return Decimal(str(value)) if type(value) in (int, float) else value


Amount = Annotated[
    Decimal,
    BeforeValidator(_json_number),
    Field(ge=0, max_digits=15, decimal_places=3),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0}),
]


def _unit(unit: str) -> str:
    if unit in codes.UNITS or unit in codes.CURRENCIES:
        return unit
    better = codes.UNIT_MISSPELLINGS.get(unit.upper())
    raise ValueError(f"use {better}" if better else "use KGM, LTR, C62 (pieces) or an ISO 4217 currency code")


Unit = Annotated[
    str,
    StringConstraints(min_length=1, max_length=8),
    AfterValidator(_unit),
    Field(json_schema_extra={"pattern": "^(KGM|LTR|C62|[A-Z]{3})$"}),
]


class Quantity(Word):
    """An amount with its unit, and how exactly it was stated. Sums of quantities are decimals."""

    value: Amount | None = Field(None, description="A JSON number; absent when not stated.")
    unit: Unit | None = Field(None, description="UN/ECE Rec. 20 (KGM, LTR, C62) or ISO 4217.")
    qualifier: Qualifier = "exact"
    covers: list[Code] = Field(default=[], max_length=8, description="What a composite count counts, as one number.")

    @model_validator(mode="after")
    def _stated_or_not(self) -> "Quantity":
        if (self.value is None) != (self.qualifier == "not_stated"):
            raise ValueError("give `value`, or the qualifier not_stated, never both")
        if self.value is not None and self.unit is None:
            raise ValueError("a stated quantity needs `unit`")
        return self


HowMany = Annotated[Count | Quantity, Field(description="A whole number, or a quantity such as over 276 pieces.")]


def _metric(name: str) -> str:
    if not is_metric(name):
        raise ValueError("use a name of the register of metrics")
    return name


class FigureValue(Word):
    """A number of a metric, as somebody states it; the product derives its own."""

    metric: MetricName
    quantity: Quantity


class Place(Word):
    """Where; as coarse as the sender wants. Decimal degrees, WGS 84."""

    country: CountryCode | None = None
    text: ShortText | None = None
    crossing_point: Code | None = Field(None, description="From the register of border crossing points.")
    border_section: Code | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    accuracy_metres: Annotated[float, Field(ge=0, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> "Place":
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give latitude and longitude, or neither")
        return self

    @property
    def spot(self) -> str | None:
        """The most precise of what is said in words."""
        return self.crossing_point or self.border_section or self.text


def unit_fault(category: str | None, quantity: Quantity) -> PydanticCustomError | None:
    """What is wrong with the unit in which goods of a category are counted; None when it suits."""
    if quantity.unit is None:
        return None
    suited = codes.units_of(category)
    if quantity.unit in suited or (codes.MONEY in suited and quantity.unit in codes.CURRENCIES):
        return None
    named = [unit for unit in suited if unit != codes.MONEY] + ["an ISO 4217 code"] * (codes.MONEY in suited)
    return fault("quantity/unit", f"this category is counted in {', '.join(named)}")
