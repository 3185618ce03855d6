"""The forms in which reports arrive, and reading bodies no larger than allowed."""

from collections.abc import AsyncIterator, Iterator, Mapping

import msgspec

from services.gateway.problems import Malformed, NotAcceptable, TooLarge, UnsupportedMedia
from services.reading.reports import DEEPEST, LARGEST_REPORT

STRUCTURED = "application/cloudevents+json"
BINARY = "application/json"
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"
LARGEST_BATCH = 16 * 2**20
MOST_REPORTS = 1000

_cut = msgspec.json.Decoder(list[msgspec.Raw]).decode


def media_type(content_type: str | None, *, encoding: str | None, binary: bool) -> str:
    """Which of the accepted forms a body has. Raises UnsupportedMedia."""
    if encoding not in (None, "", "identity"):
        raise UnsupportedMedia("Content-Encoding is not accepted; send it plain.")
    media, _, parameters = (content_type or "").partition(";")
    media = media.strip().lower()
    charset = parameters.lower().replace(" ", "").replace('"', "")
    if charset.startswith("charset=") and charset != "charset=utf-8":
        raise UnsupportedMedia("JSON is UTF-8.")
    if media in (STRUCTURED, BATCH, LINES) or (media == BINARY and binary):
        return media
    if not media and binary:
        # The public SDK sends none where `datacontenttype` was left out; CloudEvents reads that as JSON.
        return BINARY
    accepted = f"{STRUCTURED}, {BINARY} with ce- headers, {BATCH}, {LINES}"
    raise UnsupportedMedia(f"Accepted are: {accepted}.")


async def read_body(headers: Mapping[str, str], chunks: AsyncIterator[bytes], *, most: int) -> bytes:
    """The whole body, refused as soon as it is too large."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise TooLarge(f"At most {most} bytes.")
    read, size = [], 0
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise TooLarge(f"At most {most} bytes.")
        read.append(chunk)
    return read[0] if len(read) == 1 else b"".join(read)


def reports_of(batch: bytes) -> list[bytes]:
    """The reports of a batch, each in the sender's own bytes."""
    try:
        items = _cut(batch)
    except msgspec.DecodeError:
        raise Malformed("A batch is a JSON array of reports.") from None
    except RecursionError:
        raise TooLarge(f"Nesting is at most {DEEPEST} deep.") from None
    if not items:
        raise NotAcceptable([{"pointer": "", "detail": "The batch is empty."}])
    if len(items) > MOST_REPORTS:
        raise TooLarge(f"At most {MOST_REPORTS} reports in a batch; use {LINES} for more.")
    return [bytes(item) for item in items]


async def lines_of(chunks: AsyncIterator[bytes], *, slice_size: int) -> AsyncIterator[list[bytes]]:
    """The lines of an NDJSON body, in slices; memory stays bounded whatever the length.

    A line that is too long comes as its beginning, longer than any report may be, so that it is refused by itself.
    """
    rest, ready = b"", []
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        rest = rest[: LARGEST_REPORT + 1]
        ready.extend(whole)
        for part in _slices(ready, slice_size):
            yield part
        ready = ready[len(ready) - len(ready) % slice_size :]
    if rest:
        ready.append(rest)
    if ready:
        yield ready


def _slices(lines: list[bytes], size: int) -> Iterator[list[bytes]]:
    for start in range(0, len(lines) - len(lines) % size, size):
        yield lines[start : start + size]
