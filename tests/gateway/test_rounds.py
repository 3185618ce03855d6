"""Answers leave once in each round of the loop, whole and in their order."""

import asyncio
from typing import Any

from services.gateway.rounds import Outgoing


class Wire:
    """What was written, write by write."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closed_after: int | None = None

    def is_closing(self) -> bool:
        return self.closed_after is not None

    def writelines(self, parts: list[bytes]) -> None:
        self.writes.append(b"".join(parts))

    def write_eof(self) -> None:
        self.writes.append(b"<eof>")

    def close(self) -> None:
        self.closed_after = len(self.writes)

    def get_extra_info(self, name: str) -> str:
        return f"the wire's {name}"


def outgoing() -> tuple[Wire, Any]:
    wire: Any = Wire()
    return wire, Outgoing(wire, asyncio.get_running_loop())


async def test_head_and_body_leave_in_one_write_after_the_round() -> None:
    wire, out = outgoing()
    out.write(b"head ")
    out.write(b"body")
    assert wire.writes == []
    await asyncio.sleep(0)
    assert wire.writes == [b"head body"]


async def test_each_round_writes_for_itself() -> None:
    wire, out = outgoing()
    out.write(b"first")
    await asyncio.sleep(0)
    out.write(b"second")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert wire.writes == [b"first", b"second"]


async def test_all_connections_of_a_round_are_written_to() -> None:
    ends = [outgoing() for _ in range(3)]
    for number, (_, out) in enumerate(ends):
        out.write(b"%d" % number)
    await asyncio.sleep(0)
    assert [wire.writes for wire, _ in ends] == [[b"0"], [b"1"], [b"2"]]


async def test_many_bytes_do_not_wait_for_the_end_of_the_round() -> None:
    wire, out = outgoing()
    for _ in range(3):
        out.write(b"x" * 40_000)
    assert wire.writes == [b"x" * 80_000]
    await asyncio.sleep(0)
    assert b"".join(wire.writes) == b"x" * 120_000


async def test_what_was_said_leaves_before_the_connection_ends() -> None:
    wire, out = outgoing()
    out.write(b"bye")
    out.write_eof()
    out.write(b"")
    out.close()
    assert wire.writes[:2] == [b"bye", b"<eof>"]
    assert wire.closed_after == len(wire.writes)
    assert out.is_closing()


async def test_all_else_is_the_transports_own() -> None:
    _, out = outgoing()
    assert out.get_extra_info("peername") == "the wire's peername"
