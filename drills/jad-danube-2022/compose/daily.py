"""What comes by the clock: deployments beforehand, checks as numbers, nil reports, the situation report."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from book import DAYS, FIRST_DAY, Book, chance_of
from invented import NATIONAL, place

CUT_OFF_HOUR = 20
TOPICS = ["hit", "goods", "vehicle", "document_fraud", "arrest"]


def compose(book: Book) -> None:
    chance = chance_of("daily")
    _deployments(book, chance)
    for day in range(DAYS):
        cut_off = FIRST_DAY + timedelta(days=day, hours=CUT_OFF_HOUR)
        begin = max(FIRST_DAY, cut_off - timedelta(days=1))
        _checks(book, chance, day=day, period=[begin, cut_off])
        _nil_reports(book, chance, day=day, period=[begin, cut_off])
        _situation_report(book, day=day, period=[begin, cut_off])


def _deployments(book: Book, chance: Random) -> None:
    day_before = FIRST_DAY - timedelta(days=1)
    for country in NATIONAL:
        at = day_before + timedelta(hours=14, minutes=chance.randrange(6) * 10)
        for point in range(3):
            _deployment(book, at, by=country, country=country, point=point, officers=chance.randint(8, 40))
    for country in ("AL", "ME", "RS", "MD"):
        at = day_before + timedelta(hours=16)
        _deployment(book, at, by="FRONTEX", country=country, point=0, officers=chance.randint(4, 12))


def _deployment(book: Book, at: datetime, *, by: str, country: str, point: int, officers: int) -> None:
    data: dict[str, Any] = {"officers": officers, "place": place(chance_of("place"), country, at=point)}
    name = f"deployment-{by.lower()}-{country.lower()}-{point + 1}"
    book.add(at, by=by, type="deployment.reported.v1", id=name, data=data)


def _checks(book: Book, chance: Random, *, day: int, period: list[datetime]) -> None:
    for country in NATIONAL:
        at = period[1] + timedelta(minutes=10 + 5 * chance.randrange(5))
        persons = chance.randint(900, 9000)
        lines = [
            {"covers": ["person"], "quantity": persons, "level": "first_line"},
            {"covers": ["vehicle"], "quantity": persons // chance.randint(3, 5), "level": "first_line"},
            {"covers": ["person"], "quantity": persons // chance.randint(12, 30), "level": "second_line"},
            {
                "covers": ["document"],
                "quantity": persons * chance.randint(60, 95) // 100,
                "level": "database_search",
                "system": "SLTD",
            },
        ]
        book.add(
            at,
            by=country,
            type="border_check.reported.v1",
            id=f"checks-{country.lower()}-{day + 1:02}",
            data={"place": {"country": country}, "lines": lines},
            occurred=period,
        )


def _nil_reports(book: Book, chance: Random, *, day: int, period: list[datetime]) -> None:
    for country in chance.sample(NATIONAL, 2):
        at = period[1] + timedelta(minutes=45)
        data = {"topics": sorted(chance.sample(TOPICS, 2))}
        name = f"nil-{country.lower()}-{day + 1:02}"
        book.add(at, by=country, type="nil_report.filed.v1", id=name, data=data, occurred=period)


def _situation_report(book: Book, *, day: int, period: list[datetime]) -> None:
    cut_off = f"{period[1].isoformat()}+02:00"
    data = {"cut_off": cut_off, "summary": f"Invented: day {day + 1}. The figures are those of the picture."}
    at = period[1] + timedelta(minutes=55)
    book.add(at, by="FRONTEX", type="sitrep.issued.v1", id=f"sitrep-{day + 1:02}", data=data, occurred=period)
