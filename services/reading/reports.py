"""Reading a report: from bytes to a checked event, or to a problem that names every fault."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import unquote
from uuid import UUID

import msgspec
from msgspec import Meta
from pydantic import ValidationError

from schemas.door import door_context
from schemas.entry import SOURCE_CHARACTER, report_adapter, report_model
from schemas.event import REGISTER, Event
from schemas.subjects import entry_id
from services.reading.faults import faults_of, unknown_type
from services.reading.problems import Malformed, NotAcceptable, TooLarge

LARGEST_REPORT = 256 * 1024
DEEPEST = 32
_ENVELOPE_FORMS = {"id": re.compile(r"^(?s:.){1,128}$"), "source": re.compile(r"^\S{1,256}$")}
_CE_HEADER = re.compile(r"^ce-([a-z0-9]{1,40})$")

_decode = msgspec.json.Decoder().decode
_members_of = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_canonical = msgspec.json.Encoder(order="deterministic").encode


class Envelope(msgspec.Struct, frozen=True):
    """The attributes of a CloudEvent, in the forms of `schemas.entry.Report`, which takes longer to read."""

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=128)]
    source: Annotated[str, Meta(max_length=256, pattern=rf"^{SOURCE_CHARACTER}+\Z")]
    type: str
    data: msgspec.Raw
    subject: Annotated[str, Meta(min_length=1, max_length=256)] | None = None
    time: Annotated[datetime, Meta(tz=True)] | None = None
    datacontenttype: Literal["application/json"] | None = None
    ifmatch: Annotated[str, Meta(max_length=128)] | None = None


class Posted(msgspec.Struct, frozen=True):
    """A report that was read and is valid by itself; rights and versions are not judged yet."""

    raw: bytes
    data: dict[str, Any]
    envelope: Envelope
    event: Event
    content: bytes
    """Type, subject and data as canonical JSON: what the digest is taken of."""

    def members(self) -> dict[str, msgspec.Raw]:
        """All that was posted, with members that the contract does not know, each as it was written."""
        return _members_of(self.raw)


envelope_of: Callable[[bytes], Envelope] = msgspec.json.Decoder(Envelope).decode
"""Raises DecodeError, as `msgspec.ValidationError` too."""


def data_of(envelope: Envelope) -> dict[str, Any]:
    read: dict[str, Any] = _decode(envelope.data)
    return read


def is_plain(raw: bytes) -> bool:
    """Whether it is small, flat and without escapes, as nearly all reports are: then nothing can hide in its texts."""
    return len(raw) <= LARGEST_REPORT and b"\\" not in raw and raw.count(b"[") + raw.count(b"{") <= DEEPEST


def said_once(raw: bytes, data: dict[str, Any], envelope: Envelope, event: Event) -> Posted | None:
    """A plain report that was read step by step; None when a key may be given twice, or is none of the contract's."""
    content = _canonical([envelope.type, envelope.subject, data])
    if raw.count(b'"') != content.count(b'"') + _quotes_around(envelope):
        return None
    return Posted(raw, data, envelope, event, content)


def read_report(raw: bytes, *, accredited: bool = False) -> Posted:
    """The report in structured form. Raises Malformed, TooLarge or NotAcceptable."""
    if len(raw) > LARGEST_REPORT:
        raise TooLarge("A report is at most 256 KiB; photographs are references.")
    escaped = b"\\" in raw
    _refuse_depth(raw)
    if escaped:
        _members(raw)
    context = door_context(accredited=accredited)
    try:
        envelope = envelope_of(raw)
        data = data_of(envelope)
        event = REGISTER[envelope.type].adapter().validate_json(bytes(envelope.data), strict=True, context=context)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, ValidationError):
        members = _members(raw)
        envelope, event = _read_by_model(raw, members, context)
        data = members["data"]
    if not escaped and (posted := said_once(raw, data, envelope, event)) is not None:
        return posted
    _refuse_duplicate_keys(raw)
    return Posted(raw, data, envelope, event, _canonical([envelope.type, envelope.subject, data]))


def _read_by_model(raw: bytes, members: dict[str, Any], context: dict[str, Any]) -> tuple[Envelope, Event]:
    """Asks the contract's own model, which decides, and names every fault in the envelope and in the data."""
    try:
        report = report_adapter().validate_json(raw, strict=True, context=context)
    except ValidationError as refused:
        _refuse_envelope(members, refused)
        said = members.get("type")
        event_type = REGISTER.get(said) if isinstance(said, str) else None
        if event_type is None:
            raise NotAcceptable([unknown_type(said)]) from None
        raise NotAcceptable(faults_of(refused, members, report_model(event_type), skip=1)) from None
    said = {name: getattr(report, name) for name in Envelope.__struct_fields__ if name != "data"}
    return Envelope(data=msgspec.Raw(), **said), report.data


def read_binary(headers: Mapping[str, str], body: bytes) -> bytes:
    """A report in binary mode (attributes in `ce-` headers, `data` as the body), as one in structured form."""
    attributes: dict[str, str] = {"datacontenttype": "application/json"}
    for name, value in headers.items():
        if name.startswith("ce-"):
            matched = _CE_HEADER.match(name)
            if matched is None:
                raise Malformed(
                    "A CloudEvents attribute has lower-case letters and digits alone: ce-id, ce-source, ..."
                )
            attributes[matched[1]] = unquote(value, errors="replace")
    missing = [f"ce-{name}" for name in ("specversion", "id", "source", "type") if name not in attributes]
    if missing:
        raise Malformed(f"In binary mode these headers are needed: {', '.join(missing)}.")
    if "data" in attributes:
        raise Malformed("`data` is the body, not a header.")
    return msgspec.json.encode(attributes)[:-1] + b',"data":' + (body.strip() or b"null") + b"}"


def id_of(operation: str, agency: str, envelope: Envelope) -> UUID:
    """The entry id of a report."""
    return entry_id(operation, agency=agency, source=envelope.source, id=envelope.id)


def _members(raw: bytes) -> dict[str, Any]:
    try:
        members = _decode(raw)
    except msgspec.DecodeError as refused:
        raise Malformed(f"This is not JSON ({_where(str(refused))}).") from None
    except RecursionError:
        raise TooLarge(f"Nesting is at most {DEEPEST} deep.") from None
    except UnicodeDecodeError:
        raise Malformed("This is not UTF-8.") from None
    if not isinstance(members, dict):
        raise Malformed("A report is a JSON object: a CloudEvent in structured form.")
    if b"\\" in raw and (b"\\u0000" in raw or b"\\ud" in raw or b"\\uD" in raw):
        _refuse_odd_characters(members)
    return members


def _refuse_envelope(members: Mapping[str, Any], refused: ValidationError) -> None:
    """An attribute out of its form means that this is no CloudEvent, before it is no acceptable event."""
    for error in refused.errors(include_url=False, include_input=False):
        if error["loc"][1:] in (("specversion",), ("time",)) and error["type"] != "missing":
            raise Malformed(f"The CloudEvents attribute `{error['loc'][1]}` is out of its form.")
    for name, form in _ENVELOPE_FORMS.items():
        if isinstance(members.get(name), str) and not form.match(members[name]):
            raise Malformed(f"The CloudEvents attribute `{name}` is out of its form.")


def _where(message: str) -> str:
    at = re.search(r"byte (\d+)", message)
    return f"at byte {at[1]}" if at else "it ends too early"


def _refuse_depth(raw: bytes) -> None:
    """Counts nesting without parsing, strings left out."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return
    depth = deepest = 0
    for byte in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", raw):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    if deepest > DEEPEST:
        raise TooLarge(f"Nesting is at most {DEEPEST} deep.")


def _refuse_odd_characters(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise Malformed("A text holds the character NUL.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Malformed("A text holds half a surrogate pair.") from None
    elif isinstance(value, dict):
        for name, inner in value.items():
            _refuse_odd_characters(name)
            _refuse_odd_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_odd_characters(inner)


def _quotes_around(envelope: Envelope) -> int:
    """Of the members that the contract knows, what quotes they have beside those in the content.

    Without escapes, the quotes of the posted bytes are more only when there are further members, or one was dropped.
    """
    said = (envelope.time, envelope.datacontenttype, envelope.ifmatch)
    return 16 + (envelope.subject is not None) * 2 + (3 - said.count(None)) * 4


def _refuse_duplicate_keys(raw: bytes) -> None:
    """A key given twice would leave open which value was meant."""
    _members(raw)
    try:
        json.loads(raw, object_pairs_hook=_each_once)
    except _Twice:
        raise Malformed("A key is given twice in one object.") from None


class _Twice(Exception):
    pass


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found
