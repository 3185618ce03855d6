"""How much a credential may ask for: bursts, patience, and one that does not use up another's."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from services.gateway import rates as module
from services.gateway.credentials import Caller
from services.gateway.problems import SlowDown
from services.gateway.rates import Rates


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rates(clock: Clock) -> Rates:
    return Rates(10, clock=clock)


def caller(credential: UUID | None = None) -> Caller:
    return Caller(credential or uuid4(), "AT", "national", "AT", "system", (), may_post=True)


def seconds_to_wait(ask: Callable[[], None]) -> int:
    with pytest.raises(SlowDown) as refused:
        ask()
    return int(refused.value.headers["Retry-After"])


def test_a_burst_is_followed_by_a_refusal_that_says_how_long_to_wait(rates: Rates, clock: Clock) -> None:
    one = caller()
    for _ in range(20):
        rates.count(one)

    assert seconds_to_wait(lambda: rates.count(one)) == 1
    assert seconds_to_wait(lambda: rates.count(one, 15)) == 2

    clock.now += 2
    rates.count(one, 15)


def test_a_refusal_costs_nothing(rates: Rates, clock: Clock) -> None:
    one = caller()
    rates.count(one, 20)
    for _ in range(100):
        seconds_to_wait(lambda: rates.count(one))

    clock.now += 0.1
    rates.count(one)


def test_what_is_larger_than_a_bucket_goes_through_and_is_paid_for_afterwards(rates: Rates, clock: Clock) -> None:
    one = caller()

    rates.count(one, 999)

    assert seconds_to_wait(lambda: rates.count(one)) == 98
    clock.now += 98
    rates.count(one)


def test_one_token_does_not_use_up_anothers(rates: Rates) -> None:
    rates.count(caller(), 20)

    rates.count(caller(), 20)


async def test_a_stream_waits_for_what_it_owes_and_no_longer(
    rates: Rates, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        clock.now += seconds

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    one = caller()
    for _ in range(4):
        await rates.pace(one, 10)

    assert slept == [1, 1]


def test_only_buckets_that_are_not_full_are_remembered(
    rates: Rates, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_BUCKETS", 100)
    for _ in range(1000):
        rates.count(caller())
        clock.now += 0.1

    assert len(rates._empty_at) <= 101
