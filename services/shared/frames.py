"""Entries as the NATS protocol carries them: HPUB with the headers by which JetStream stores each once."""

from schemas.subjects import entry_subject
from services.shared.records import Record


def framed(operation: str, record: Record, *, batch: str, number: int, guard: str | None) -> bytes:
    """One message of an atomic batch. `guard`: the subjects whose last position it holds against `expected`.

    Subjects and headers are ids, codes and numbers that the door has checked, so nothing in them breaks a line.
    """
    headers = f"NATS/1.0\r\nNats-Msg-Id: {record.entry}\r\nNats-Batch-Id: {batch}\r\nNats-Batch-Sequence: {number}\r\n"
    if guard is not None:
        headers += (
            f"Nats-Expected-Last-Subject-Sequence: {record.expected}\r\n"
            f"Nats-Expected-Last-Subject-Sequence-Subject: {guard}\r\n"
        )
    subject = entry_subject(operation, record.thing, record.entry, agency=record.agency, type=record.type)
    size = len(headers) + 2
    head = f"HPUB {subject} {size} {size + len(record.body)}\r\n{headers}\r\n"
    return b"%b%b\r\n" % (head.encode("ascii"), record.body)
