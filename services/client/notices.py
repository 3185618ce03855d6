"""Public notices in INTERPOL's form, as lines of a watch list: partial dates, names that are null, several warrants."""

from collections.abc import Mapping
from typing import Any

from services.client.blocks import NoBlock, date, filled, known

_SEXES = ("M", "F", "U")
_LONGEST_TEXT = 200


def is_notice(row: Mapping[str, Any]) -> bool:
    """Whether a row has the form of a notice."""
    return "entity_id" in row


def line(notice: Mapping[str, Any]) -> dict[str, Any]:
    """What a line of a list says for a notice. Raises NoBlock where no machine may compare it, or nothing could be."""
    if _colour(notice) not in ("red", None):
        raise NoBlock("Only red notices are compared: whom other colours speak of is left to people.")
    names = [filled({"given": _text(notice.get("forename")), "family": _text(notice.get("name"))})]
    if not names[0]:
        raise NoBlock("There is no name in it.")
    nationalities = notice.get("nationalities")
    born = notice.get("date_of_birth")
    sex = notice.get("sex_id")
    person = {
        "subject_category": "suspect",
        "names": names,
        "birth_date": date(born) if isinstance(born, str) else None,
        "birth_place": _text(notice.get("place_of_birth")),
        "sex": sex if sex in _SEXES else None,
        "nationalities": known([one for one in nationalities if isinstance(one, str)])
        if isinstance(nationalities, list)
        else None,
    }
    warrants = [one for one in notice.get("arrest_warrants") or [] if isinstance(one, dict)]
    issuers = known(
        list(dict.fromkeys(code for one in warrants if isinstance(code := one.get("issuing_country_id"), str)))
    )
    return filled(
        {
            "reference": str(notice["entity_id"]),
            # Several countries may want one person; none of them is then the only one that asked.
            "issuing_country": issuers[0] if len(issuers) == 1 else None,
            "requested_action": f"Arrest; warrants of {', '.join(issuers)}" if len(issuers) > 1 else "Arrest",
            "subject": filled(person),
        }
    )


def _colour(notice: Mapping[str, Any]) -> str | None:
    """The colour, which only the address of a notice says."""
    links = notice.get("_links")
    place = links.get("self") if isinstance(links, dict) else None
    address = place.get("href") if isinstance(place, dict) else None
    parts = address.split("/") if isinstance(address, str) else []
    return parts[-2] if len(parts) > 1 and parts[-2].isalpha() else None


def _text(written: Any) -> str | None:
    return written.strip()[:_LONGEST_TEXT] or None if isinstance(written, str) else None
