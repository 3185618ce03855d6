"""The public CloudEvents SDK, used as an agency's client would use it, is accepted unchanged."""

import json
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from cloudevents.v1 import conversion as conversion_before_version_2
from cloudevents.v1.http import CloudEvent as CloudEventBeforeVersion2

from schemas.event import REGISTER


def arrest(**attributes: Any) -> CloudEvent:
    """Time and id are the SDK's own."""
    return CloudEvent(
        attributes={"type": "arrest.made.v1", "source": "/ba/border-police", **attributes},
        data=REGISTER["arrest.made.v1"].example(),
    )


def sent(room: Any, message: HTTPMessage) -> Any:
    return room.as_agency("BA").post(f"{room.path}/events", content=message.body, headers=message.headers)


@pytest.mark.parametrize("attributes", [{}, {"datacontenttype": "application/json"}, {"traceparent": "00-ab-cd-01"}])
def test_a_structured_event_is_stored(room: Any, attributes: dict[str, str]) -> None:
    answer = sent(room, to_structured_event(arrest(**attributes)))

    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("attributes", [{}, {"datacontenttype": "application/json"}, {"subject": "Fall 7, Straße"}])
def test_a_binary_event_is_stored_and_is_the_same_report_as_the_structured_one(
    room: Any, attributes: dict[str, str]
) -> None:
    event = arrest(**attributes)

    binary = sent(room, to_binary_event(event))
    structured = sent(room, to_structured_event(event))

    assert binary.status_code == 201, binary.text
    assert structured.status_code == 200
    assert structured.json() == binary.json()


def test_a_batch_is_the_array_of_the_structured_events(room: Any) -> None:
    events = [arrest() for _ in range(3)]
    batch = b"[" + b",".join(JSONFormat().write(event) for event in events) + b"]"

    answer = room.as_agency("BA").post(
        f"{room.path}/events", content=batch, headers={"Content-Type": "application/cloudevents-batch+json"}
    )

    assert answer.status_code == 207
    assert [one["status"] for one in answer.json()["results"]] == [201, 201, 201]


def test_a_command_carries_the_version_that_it_saw_as_an_extension(room: Any) -> None:
    opened = sent(room, to_structured_event(arrest())).json()
    changed = {**REGISTER["arrest.updated.v1"].example(), "arrest": opened["entry"]}
    attributes = {"type": "arrest.updated.v1", "source": "/ba/border-police", "ifmatch": opened["etag"]}
    event = CloudEvent(attributes=attributes, data=changed)

    answer = sent(room, to_binary_event(event))

    assert answer.status_code == 201, answer.text


def test_events_of_the_sdks_first_version_are_stored_too(room: Any) -> None:
    event = CloudEventBeforeVersion2(
        {"type": "arrest.made.v1", "source": "/ba/border-police", "datacontenttype": "application/json"},
        REGISTER["arrest.made.v1"].example(),
    )
    structured = conversion_before_version_2.to_structured(event)
    binary = conversion_before_version_2.to_binary(event, data_marshaller=json.dumps)
    statuses = []
    for headers, body in (structured, binary):
        answer = room.as_agency("BA").post(f"{room.path}/events", content=body, headers=headers)
        statuses.append(answer.status_code)

    assert statuses == [201, 200]


def test_what_is_read_is_an_event_for_the_sdk(room: Any) -> None:
    event = arrest(subject="case 7")
    receipt = sent(room, to_binary_event(event)).json()

    entry = room.get("BA", f"events/{receipt['entry']}", after=receipt["entry"])
    read = JSONFormat().read(CloudEvent, json.dumps(entry["report"]))

    assert (read.get_id(), read.get_subject(), read.get_time()) == (event.get_id(), "case 7", event.get_time())
