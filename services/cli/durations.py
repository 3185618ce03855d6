"""Durations as they are typed: 90m, 12h, 30d, 2w."""

import re
from datetime import timedelta

import typer

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_FORM = re.compile(r"([0-9]{1,4})([mhdw])")


def duration(typed: str | timedelta) -> timedelta:
    """What was typed, as an option's parser reads it."""
    if isinstance(typed, timedelta):
        return typed
    matched = _FORM.fullmatch(typed)
    if matched is None:
        raise typer.BadParameter("say a number and m, h, d or w, such as 12h or 30d")
    return timedelta(**{_UNITS[matched[2]]: int(matched[1])})
