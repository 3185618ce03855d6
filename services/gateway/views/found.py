"""What was found: documents, with what experts say of them, and vehicles, with whose country is to be told."""

from collections import defaultdict
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement

from schemas.vocabulary import CountryCode, DocumentClass, FraudType
from services.gateway import view
from services.gateway.asked import Filtered, Sorted
from services.gateway.pages import Page
from services.gateway.picture import Picture
from services.gateway.shapes.records import Document, RecordCounts, Thing
from services.gateway.shapes.words import Listed
from services.gateway.ties import ties_of
from services.gateway.views.things import COUNTS_EXAMPLE, EXAMPLE, counts, one_thing, things_by_id, things_page
from services.shared.tables import things

_DETAIL = things.c.detail
_Status = Literal["stolen", "cloned_vin", "embezzled", "false_plates", "chop_shop", "used_for_smuggling", "other"]


class DocumentsAsked(Sorted):
    """False documents by what they are."""

    document_class: Annotated[list[DocumentClass], Field(max_length=20)] = Field(default=[])
    fraud_type: Annotated[list[FraudType], Field(max_length=20)] = Field(default=[])


class VehiclesAsked(Sorted):
    """Vehicles by how they were found, and by whom to tell."""

    status: Annotated[list[_Status], Field(max_length=7)] = Field(default=[])
    owner_country: Annotated[list[CountryCode], Field(max_length=60)] = Field(default=[], description="Whom to tell.")


_DOCUMENT = {
    **EXAMPLE,
    "kind": "document",
    "state": "detected",
    "category": None,
    "headline": "1 false document: passport, forged",
    "detail": {"document_class": "passport", "fraud_type": "forged", "count": 1, "issuer": "MD"},
    "opinions": [
        {
            "thing": "8c0f3a52-6d0e-5a51-9b7e-2f6f5a9d1c11",
            "state": "requested",
            "result": None,
            "agency": "BA",
            "occurred_at": "2022-06-24T08:00:00Z",
        }
    ],
}
_VEHICLE = {
    **EXAMPLE,
    "kind": "vehicle",
    "state": "stolen",
    "category": "car",
    "headline": "1 vehicle: stolen, car",
    "detail": {"status": "stolen", "category": "car", "count": 1, "owner_country": "IT"},
}


@view.pages("documents", summary="False documents", shape=Listed[Document], asked=DocumentsAsked, example=_DOCUMENT)
async def documents(picture: Picture, asked: DocumentsAsked) -> Page:
    """False documents, with the opinions that were asked for; those still pending are `/opinions?state=requested`."""
    conditions: list[ColumnElement[bool]] = []
    if asked.document_class:
        conditions.append(_DETAIL["document_class"].astext.in_(asked.document_class))
    if asked.fraud_type:
        conditions.append(_DETAIL["fraud_type"].astext.in_(asked.fraud_type))
    found = await things_page(picture, asked, *conditions, name="documents", kind="document")
    return Page(await _with_opinions(picture, found.rows), found.next)


@view.document(
    "documents/counts", summary="The documents, counted", shape=RecordCounts, asked=Filtered, example=COUNTS_EXAMPLE
)
async def documents_counted(picture: Picture, asked: Filtered) -> dict[str, Any]:
    """How many records of false documents there are: one record may be of several documents."""
    return await counts(picture, asked, kind="document")


@view.thing("documents/{thing}", summary="One document, by the entry that opened it", shape=Document, example=_DOCUMENT)
async def document(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One record of false documents, with the opinions that were asked for."""
    found = await one_thing(picture, thing, kind="document")
    return (await _with_opinions(picture, [found]))[0] if found else None


@view.pages("vehicles", summary="Vehicles that were found", shape=Listed[Thing], asked=VehiclesAsked, example=_VEHICLE)
async def vehicles(picture: Picture, asked: VehiclesAsked) -> Page:
    """Vehicles, boats, engines and parts that were found, by status and by the owner's country."""
    conditions: list[ColumnElement[bool]] = []
    if asked.status:
        conditions.append(_DETAIL["status"].astext.in_(asked.status))
    if asked.owner_country:
        conditions.append(_DETAIL["owner_country"].astext.in_(asked.owner_country))
    return await things_page(picture, asked, *conditions, name="vehicles", kind="vehicle")


@view.document(
    "vehicles/counts", summary="The vehicles, counted", shape=RecordCounts, asked=Filtered, example=COUNTS_EXAMPLE
)
async def vehicles_counted(picture: Picture, asked: Filtered) -> dict[str, Any]:
    """How many records of vehicles there are: one record may be of several vehicles."""
    return await counts(picture, asked, kind="vehicle")


@view.thing("vehicles/{thing}", summary="One vehicle, by the entry that opened it", shape=Thing, example=_VEHICLE)
async def vehicle(picture: Picture, thing: UUID) -> dict[str, Any] | None:
    """One record of vehicles."""
    return await one_thing(picture, thing, kind="vehicle")


async def _with_opinions(picture: Picture, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An opinion names the detection that it is about, or the detection names the opinion."""
    ids = [document["thing"] for document in documents]
    ties = [tie for tie in await ties_of(picture, ids) if tie.rel in ("detected", "opinion")]
    others = await things_by_id(picture, {end for tie in ties for end in (tie.thing, tie.target)})
    of_document: dict[UUID, dict[UUID, dict[str, Any]]] = defaultdict(dict)
    for tie in ties:
        for document, opinion in ((tie.thing, tie.target), (tie.target, tie.thing)):
            if opinion in others and others[opinion]["kind"] == "opinion":
                of_document[document][opinion] = _opinion(others[opinion])
    return [{**document, "opinions": list(of_document[document["thing"]].values())} for document in documents]


def _opinion(item: dict[str, Any]) -> dict[str, Any]:
    said = [step["outcome"] for step in item["steps"] if step["verb"] == "given"]
    told = {name: item[name] for name in ("thing", "state", "agency", "occurred_at")}
    return {**told, "result": said[-1] if said else None}
