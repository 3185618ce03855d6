"""What each user of the NATS server may publish and hear; what is not named here, the server refuses.

Nobody who serves requests may delete, purge, change or restore a stream: not even a sealed one is safe from that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.subjects import INTAKE, ROOT

SEALING = "vcpseal"
"""`vcpseal.<operation>`: the gateway asks the archivist for a log to be as one of the words below says."""
CLOSED, OPEN, SEALED = b"closed", b"open", b"sealed"
WAKE = "vcpwake"
LEDGER, LEDGER_SUBJECTS = "DISCLOSURES", "vcpledger"
"""The disclosure ledger's stream; `vcpledger.<operation>.<originator>.<reader>` are its lines."""
INTAKE_QUEUE = "gateways"
GATEWAY, PROJECTOR, CROSSCHECK, ARCHIVIST, INSTALLER = "gateway", "projector", "crosscheck", "archivist", "installer"

_API = "$JS.API"
_STREAMS = "*"  # a wildcard is a whole token; there are no streams but the logs
_READING = (
    f"{_API}.INFO",
    f"{_API}.STREAM.NAMES",
    f"{_API}.STREAM.INFO.{_STREAMS}",
    f"{_API}.STREAM.MSG.GET.{_STREAMS}",
    f"{_API}.DIRECT.GET.{_STREAMS}",
)
_FOLLOWING = (
    f"{_API}.CONSUMER.CREATE.{_STREAMS}.*",
    f"{_API}.CONSUMER.DELETE.{_STREAMS}.*",
    f"{_API}.CONSUMER.MSG.NEXT.{_STREAMS}.*",
)


@dataclass(frozen=True, slots=True)
class Rights:
    """Subjects. Where a user answers stands there too: what the server allows for one answer, a reload forgets."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def inbox(name: str) -> str:
    """Where the answers to a user arrive; no other user can listen there."""
    return f"_INBOX_{name}"


def rights_of_agency(code: str) -> Rights:
    """Its own intake, whatever the operation, and the answers to it."""
    return Rights((f"{INTAKE}.{code}.*",), (f"{inbox(code)}.>",))


def rights_of(service: str, *, agencies: Iterable[str] = ()) -> Rights:
    """Of one of our own services; the gateway answers these agencies."""
    answers = tuple(f"{inbox(code)}.>" for code in agencies)
    own = f"{inbox(service)}.>"  # published to as well: the watchdog's echo
    reads_log = (*_READING, *_FOLLOWING, own)
    known = {
        GATEWAY: Rights(
            (
                f"{ROOT}.>",
                f"{LEDGER_SUBJECTS}.>",
                f"{WAKE}.*",
                f"{SEALING}.*",
                f"{_API}.STREAM.CREATE.{_STREAMS}",
                *_READING,
                own,
                *answers,
            ),
            (own, f"{WAKE}.*", f"{INTAKE}.*.* {INTAKE_QUEUE}"),
        ),
        PROJECTOR: Rights((f"{WAKE}.*", *reads_log), (own, f"{WAKE}.*")),
        CROSSCHECK: Rights(reads_log, (own, f"{WAKE}.*")),
        ARCHIVIST: Rights(
            (f"{_API}.STREAM.UPDATE.{_STREAMS}", *_READING, own, f"{inbox(GATEWAY)}.>"), (own, f"{SEALING}.*")
        ),
        INSTALLER: Rights((">",), (">",)),
    }
    return known[service]


SERVICES = (GATEWAY, PROJECTOR, CROSSCHECK, ARCHIVIST, INSTALLER)
