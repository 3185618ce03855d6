"""What waits for a viewer who reads slowly comes in order and whole, or not at all."""

import pytest

from services.gateway.mailbox import Mailbox


async def test_what_waits_is_taken_together_and_in_order() -> None:
    mailbox = Mailbox()
    for chunk in (b"one ", b"two ", b"three"):
        mailbox.put(chunk)

    assert await mailbox.take(seconds=5) == b"one two three"
    with pytest.raises(TimeoutError):
        await mailbox.take(seconds=0)


async def test_a_full_mailbox_closes_and_gives_nothing_more() -> None:
    mailbox = Mailbox(most_bytes=5)
    mailbox.put(b"1234")
    mailbox.put(b"56")
    mailbox.put(b"7")

    assert mailbox.closed
    assert await mailbox.take(seconds=5) is None
    assert await mailbox.take(seconds=5) is None


async def test_one_chunk_always_fits() -> None:
    mailbox = Mailbox(most_bytes=5)
    mailbox.put(b"123456789")

    assert await mailbox.take(seconds=5) == b"123456789"
    mailbox.put(b"again")
    assert await mailbox.take(seconds=5) == b"again"
