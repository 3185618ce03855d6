"""The room in the reader's language: nothing that the console says is left untranslated, and no id is translated."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from schemas import codes
from schemas.event import REGISTER
from schemas.metrics import METRICS, NOT_ESTABLISHED, metric
from tests.console.conftest import counters

SOURCES = Path(__file__).parents[2] / "services" / "console" / "src"
LABELS = SOURCES / "labels"
OTHERS = sorted(path for path in LABELS.glob("*.json") if path.name != "en.json")
# The forms of a number that a language tells apart (CLDR), without those of fractions.
FORMS = {"en": {"one", "other"}, "sr": {"one", "few", "other"}}
SAID = re.compile(r'\b(?:say|labelled)\(\s*("(?:[^"\\]|\\.)*")')
# What a reader is shown or told: visible text and names of controls, but for what is marked as English, an id, a code.
LATIN = """() => {
  const found = [];
  const other = '[lang]:not(html), .mono, code, kbd, abbr, script, noscript, style';
  const own = (element) => !element.closest(other);
  const latin = (text) => /[a-z]{3,}/.test(text.replace(/[A-Z][a-z]+\\/[A-Z][a-z_]+|\\b(API|PDF)\\b|ms\\b/g, ''));
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement, textContent } = walk.currentNode;
    if (own(parentElement) && latin(textContent)) found.push(textContent.trim());
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (own(element) && latin(element.getAttribute(name))) found.push(`${name}=${element.getAttribute(name)}`);
  return [...new Set(found)];
}"""


def said() -> Iterator[str]:
    for source in sorted([*SOURCES.rglob("*.ts"), *SOURCES.rglob("*.svelte")]):
        for literal in SAID.findall(source.read_text()):
            yield json.loads(literal)


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_every_language_says_all_that_is_said_and_nothing_else(path: Path) -> None:
    labels = json.loads(path.read_text())["says"]

    assert sorted(set(said()) - set(labels)) == []
    assert sorted(set(labels) - set(said())) == []


@pytest.mark.parametrize("path", sorted(LABELS.glob("*.json")), ids=lambda path: path.stem)
def test_a_translation_keeps_what_is_filled_in_and_has_every_form(path: Path) -> None:
    for text, label in json.loads(path.read_text())["says"].items():
        forms = {"other": label} if isinstance(label, str) else label
        if not isinstance(label, str):
            assert set(forms) == FORMS[path.stem], text
        for form in forms.values():
            assert holes(form) <= holes(text), text
        assert holes(forms["other"]) == holes(text), text


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_every_language_has_words_for_each_event_type_its_noun_and_its_verb(path: Path) -> None:
    labels = json.loads(path.read_text())["words"]
    names = [name.split(".")[:2] for name in REGISTER]
    spelt = {one.replace("_", " ") for noun, verb in names for one in (f"{noun} {verb}", noun, verb)}

    assert sorted(spelt - set(labels)) == []


def fields_and_codes() -> Iterator[str]:
    """Names of all members of events, and codes among which they are chosen, as forms show them."""
    for event in REGISTER.values():
        schemas: list[Any] = [event.model_json_schema()]
        while schemas:
            schema = schemas.pop()
            if isinstance(schema, dict):
                yield from schema.get("properties", {})
                yield from (code for code in schema.get("enum", []) if re.fullmatch("[a-z][a-z_]{2,}", str(code)))
                schemas += schema.values()
            elif isinstance(schema, list):
                schemas += schema


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_every_language_has_words_for_each_field_and_code_of_a_form(path: Path) -> None:
    words = json.loads(path.read_text())["words"]
    spelt = {name.replace("_", " ") for name in fields_and_codes()}

    assert sorted(spelt - set(words)) == []
    assert (
        sorted(event.title for event in REGISTER.values() if not words.keys() & {event.title, event.title.lower()})
        == []
    )


def titles() -> Iterator[str]:
    """Of every figure there can be, whatever its unit."""
    goods = [
        f"{family}.{one}"
        for family in ("goods", "seizures")
        for one in (*codes.GOODS_CATEGORIES.codes, NOT_ESTABLISHED)
    ]
    names = [
        *METRICS,
        *(f"{one}.KGM" for one in goods),
        *(f"{one}.value.EUR" for one in goods if one.startswith("seizures")),
        *(
            f"hits.{one}.{state}"
            for one in ("SIS", "EIS", "national", "other")
            for state in ("raised", "confirmed", "actioned")
        ),
        *(f"searches.{one}" for one in codes.SEARCH_SYSTEMS.codes),
        *(f"checks.{one}" for one in codes.CHECK_KINDS.codes),
        *(f"documents_fraudulent.class.{one}" for one in codes.DOCUMENT_CLASSES.codes),
        *(f"documents_fraudulent.type.{one}" for one in codes.FRAUD_TYPES.codes),
    ]
    for name in names:
        yield from metric(name).title.split(": ")


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_every_language_names_each_figure(path: Path) -> None:
    labels = json.loads(path.read_text())["words"]

    assert sorted({title for title in titles() if title not in labels}) == []


def test_serbian_is_written_in_cyrillic() -> None:
    labels = json.loads((LABELS / "sr.json").read_text())
    forms = [
        form
        for label in [*labels["says"].values(), *labels["words"].values()]
        for form in ([label] if isinstance(label, str) else label.values())
    ]

    assert [form for form in forms if not re.search("[Ѐ-ӿ]", form) and holes(form) == set()] == []


@pytest.fixture
def serbian(danube: Any, enter: Callable[..., Page]) -> Page:
    page = enter()
    page.get_by_label("Language").select_option("sr")
    expect(page.locator("html")).to_have_attribute("lang", "sr")
    return page


BOARDS = ("room", "figures", "report", "changes", "search", "incidents", "entities", "protection", "participants")


@pytest.mark.parametrize("view", [*BOARDS, "disclosures", "reviews", "status"])
def test_a_room_in_serbian_says_nothing_of_its_own_in_english(danube: Any, serbian: Page, view: str) -> None:
    page = serbian

    page.evaluate(f"location.hash = '#/{danube.played.operation}/{view}'")
    page.locator("main").wait_for()
    expect(page.get_by_text("Тражи се …")).to_have_count(0)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)

    assert page.evaluate(LATIN) == []


def test_an_event_in_serbian_keeps_its_ids_and_times(danube: Any, serbian: Page) -> None:
    page = serbian
    expect(page.get_by_text("УЖИВО", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Догађаји 2.526")).to_be_visible()
    assert counters(page)["arrests"] == "83"

    page.locator("button.line").first.click()
    event = page.get_by_role("article", name="Изабрани догађај")
    event.get_by_text("Порекло").click()

    expect(event.get_by_text(re.compile(r"^2022-\d\d-\d\d \d\d:\d\d:\d\dZ"))).not_to_have_count(0)
    expect(event.get_by_text(re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-"))).to_be_visible()
    assert page.evaluate(LATIN) == []


def test_a_form_in_serbian_names_its_fields_in_serbian(danube: Any, serbian: Page) -> None:
    page = serbian
    page.get_by_role("link", name="Пријава").click()
    page.get_by_role("button", name=re.compile("^Хапшење")).click()
    form = page.get_by_role("dialog", name="Хапшење")

    expect(form.get_by_label("Основ*")).to_be_visible()
    expect(
        form.get_by_role("group", name="Ко сме да види").get_by_role("radio", name="сви", exact=True)
    ).to_be_visible()
    assert page.evaluate(LATIN) == []


def test_a_headline_is_told_after_its_kind_in_the_reader_s_language(danube: Any, serbian: Page) -> None:
    line = serbian.locator("button.line").first

    expect(line).to_contain_text("Фаза")
    expect(line.locator("[lang=en]").first).to_have_text("Phase: follow up")


def test_the_language_is_that_of_the_browser_until_it_is_chosen(danube: Any, new_page: Callable[..., Page]) -> None:
    page = new_page(locale="sr-Cyrl-RS")
    page.goto(f"{danube.stack.base_url}/")
    expect(page.locator("html")).to_have_attribute("lang", "sr")
    page.get_by_text("Користи жетон").click()
    page.get_by_label("Ваш жетон").fill(danube.desks.lead_token)
    page.keyboard.press("Enter")

    page.get_by_label("Језик").select_option("en")
    page.reload()

    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_report_in_serbian_has_its_headings_and_figures_in_serbian(danube: Any, serbian: Page) -> None:
    page = serbian
    page.evaluate(f"location.hash = '#/{danube.played.operation}/afterwards'")
    page.locator("[data-made=true] h2").first.wait_for()
    told = page.locator(".report").locator("h2, dt, thead th, td:not([class]):first-child").all_inner_texts()

    expect(page.get_by_role("heading", name="Од погодака до хапшења")).to_be_visible()
    expect(page.locator(".report").get_by_text("Ухапшени кријумчари људи", exact=False).first).to_be_visible()
    assert len(told) > 40
    assert [text for text in told if re.search("[a-z]{3,}", text) and not re.search("[Ѐ-ӿ]", text)] == []
