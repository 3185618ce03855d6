"""Figures as the gateway reads them, against a second count of the log: at every position, with totals and without."""

from decimal import Decimal
from typing import Any

import pytest

from schemas.event import REGISTER
from schemas.metrics import adds_alone, metric
from services.gateway.asked import Filtered
from services.gateway.figures.amounts import Sums
from services.gateway.figures.drill_down import contributions
from services.gateway.figures.figure import all_figures, numbers_of, one_figure
from services.gateway.figures.history import history
from services.gateway.figures.questions import Figure, FigureHistory, FigureLines
from services.gateway.figures.running_totals import last_tally
from services.gateway.figures.sums import counts
from services.projector.runner import Runner
from services.projector.totals import Totals
from tests.projector.conftest import VIEWERS, Projected, Readers
from tests.projector.counted_again import Amounts, Counted, count_again, counting_log
from tests.projector.random_log import WrittenLog


def amounts(sums: Sums) -> Amounts:
    found: Amounts = {}
    for unit, one in sums.by_unit.items():
        for qualifier, stated in one.by_qualifier.items():
            if stated.lines:
                found[unit, qualifier] = (stated.total, stated.lines, 0)
        if one.not_stated:
            total, lines, _ = found.get((unit, "not_stated"), (Decimal(), 0, 0))
            found[unit, "not_stated"] = (total, lines, one.not_stated)
    return found


def plain(metrics: dict[str, Any]) -> dict[str, Any]:
    return {name: found for name, sums in metrics.items() if (found := amounts(sums))}


def without_nothing(metrics: dict[str, Amounts]) -> dict[str, Amounts]:
    return {name: found for name, found in metrics.items() if found}


@pytest.mark.parametrize("every", [7, 1_000_000], ids=["with totals", "counted from the start"])
@pytest.mark.parametrize("seed", [1, 2])
async def test_every_figure_is_what_a_second_count_of_the_log_gives(
    projected: Projected, readers: Readers, seed: int, every: int
) -> None:
    log = counting_log(160, seed=seed, operation=readers.operation)
    projected.runner = Runner(projected.writer, totals=Totals(every=every))

    await projected.take(log, batch=23)

    lines = log.lines()
    for position in range(1, len(lines) + 1, 4):
        for code, tokens in VIEWERS.items():
            expected: Counted = count_again(lines, position, tokens)
            async with readers.at(code, position) as picture:
                found = await counts(picture, Filtered())

            where = f"{code} at {position}"
            assert plain(found.reported) == without_nothing(expected.reported), where
            assert plain(found.deduplicated) == without_nothing(expected.deduplicated), where
            credit = {name: plain(agencies) for name, agencies in found.credit.items()}
            assert {name: one for name, one in credit.items() if one} == expected.credit, where


async def test_only_metrics_that_say_so_have_numbers_that_depend_on_others(projected: Projected) -> None:
    await projected.take(counting_log(160, seed=3, operation=projected.writer.operation))

    rows = projected.rows()["facts"]
    judged = {row["metric"] for row in rows if row["latest_of"] or row["distinct_on"] or row["manner"]}
    assert {name.partition(".")[0] for name in judged} == {"checks", "officers", "participants"}
    assert not [name for name in judged if adds_alone(name)]
    assert adds_alone("arrests.smugglers") and not adds_alone("searches")


async def test_totals_change_no_answer(projected: Projected, readers: Readers) -> None:
    log = counting_log(160, seed=4, operation=readers.operation)

    async def answers() -> list[Any]:
        found: list[Any] = []
        for position in range(5, 161, 31):
            for code in VIEWERS:
                async with readers.at(code, position) as picture:
                    found.append(await all_figures(picture, Filtered()))
                    found.append(await one_figure(picture, "arrests", Figure(by=["country"])))
                    found.append(await one_figure(picture, "checks.person", Figure(by=["day", "agency"])))
        return found

    await projected.take(log)
    counted = await answers()
    projected.forget()
    projected.runner = Runner(projected.writer, totals=Totals(every=10))
    await projected.take(log, batch=1)

    async with readers.at("MD", 160) as picture:
        assert await last_tally(picture) == 160
    assert await answers() == counted
    assert {figure["metric"] for figure in counted[0]} >= {metric("arrests").name}


async def test_a_claim_of_credit_leaves_standing_what_its_series_counts(projected: Projected, readers: Readers) -> None:
    """Whatever other series say: the last of them by name has its number much later."""
    log = WrittenLog(readers.operation)
    log.post(REGISTER["operation.created.v1"], by="FRONTEX", code=readers.operation)
    for place, hour, credit_only in (("BA-1", 1, False), ("BA-1", 2, True), ("BA-2", 9, False)):
        occurred = {"from": f"2022-06-24T0{hour}:00:00+02:00", "precision": "hour"}
        log.post(
            REGISTER["border_check.reported.v1"],
            by="BA",
            mode="cumulative_to_date",
            credit_only=credit_only,
            occurred={**occurred, "to": f"2022-06-24T{hour + 1:02}:00:00+02:00", "precision": "period"},
            place={"country": "BA", "crossing_point": place},
            lines=[{"covers": ["person"], "level": "first_line", "direction": "entry", "quantity": 100 + hour}],
        )
    projected.runner = Runner(projected.writer, totals=Totals(every=1))
    await projected.take(log, batch=1)

    async with readers.at("MD", 4) as picture:
        figure = await one_figure(picture, "checks.person", Figure())
    assert figure["deduplicated"]["value"] == 101 + 109
    assert figure["credit"] == [{"agency": "BA", "value": 101 + 102 + 109, "qualifier": "exact"}]


NAMES = ("arrests", "arrests.smugglers", "checks.person", "thb_victims.minors", "participants.countries")


async def test_the_history_of_a_figure_is_what_it_was_at_every_position(projected: Projected, readers: Readers) -> None:
    log = counting_log(70, seed=5, operation=readers.operation)
    await projected.take(log, batch=40)
    size = len(log.lines())
    number_at = {line.entry: line.position for line in log.lines()}

    for code in VIEWERS:
        was: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
        for position in range(1, size + 1):
            async with readers.at(code, position) as picture:
                for name in NAMES:
                    was[name].append(await numbers_of(picture, metric(name), Filtered()))
        async with readers.at(code, size) as picture:
            told = {name: await every_move(picture, name) for name in NAMES}

        for name, numbers in was.items():
            moved = [at for at in range(1, size) if numbers[at] != numbers[at - 1]]
            where = f"{name} for {code}"
            numbers_told = [{key: move[key] for key in numbers[0]} for move in told[name]]
            assert numbers_told == [numbers[at] for at in moved], where
            named = [number_at[move["entry"]] if move["entry"] else None for move in told[name]]
            assert all(said in (None, at + 1) for said, at in zip(named, moved, strict=True)), where


async def every_move(picture: Any, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    asked = FigureHistory(limit=4)
    while True:
        page = await history(picture, metric(name), asked)
        found += page.rows
        if page.next is None:
            return found
        asked = FigureHistory(limit=4, cursor=page.next)


async def test_lines_and_parts_sum_to_the_figure_at_every_moment(projected: Projected, readers: Readers) -> None:
    log = counting_log(140, seed=6, operation=readers.operation)
    await projected.take(log, batch=50)
    for position in range(20, 141, 60):
        for code in VIEWERS:
            async with readers.at(code, position) as picture:
                for name in NAMES:
                    for by in (["phase"], ["country"], ["agency", "phase"], ["day"], ["scope"]):
                        figure = await one_figure(picture, name, Figure(by=by))
                        where = f"{name} by {by} for {code} at {position}"
                        assert parts_of(figure, "reported") == stated(figure["reported"]), where
                        assert parts_of(figure, "deduplicated") == stated(figure["deduplicated"]), where
                    for number in ("reported", "deduplicated"):
                        lines = await contributions(picture, name, FigureLines(number=number, limit=1000))
                        summed = sum((one["contribution"]["value"] or 0 for one in lines.rows), Decimal())
                        assert summed == stated(figure[number]), f"{name} {number} for {code} at {position}"


def parts_of(figure: dict[str, Any], number: str) -> Decimal:
    broken = figure["breakdown"]
    parts = [*broken["items"], broken["unattributed"], broken["restricted"], broken.get("withheld", {})]
    return sum((stated(part[number]) for part in parts if part), Decimal())


def stated(quantity: dict[str, Any]) -> Decimal:
    return Decimal(str(quantity["value"] or 0))
