"""Another logic of the read models is another fingerprint, wherever it is written."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.shared import picture_logic, picture_set

_WHAT_MAKES_ROWS = """
import sys
import services.projector.totals
from services.projector.projection import find_views

find_views()
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] in ("schemas", "services") and module.__file__:
        print(module.__file__)
"""


def test_all_that_is_needed_to_make_rows_is_in_the_fingerprint() -> None:
    told = subprocess.run([sys.executable, "-c", _WHAT_MAKES_ROWS], capture_output=True, text=True, check=True)

    needed = {Path(line) for line in told.stdout.splitlines()} - {
        Path(picture_logic.__file__).parents[1] / "__init__.py"
    }
    assert len(needed) > 50
    assert needed - set(picture_logic.sources()) == set()


def test_what_a_module_does_is_told_and_what_it_says_of_itself_is_not() -> None:
    told = picture_logic._told
    first = 'def rows():\n    """One."""\n    return 1\n'

    assert told(first) == told('# Explained.\ndef rows():\n    """Other words."""\n\n    return 1\n')
    assert told(first) != told(first.replace("return 1", "return 2"))


def test_another_logic_means_a_fresh_set(monkeypatch: pytest.MonkeyPatch) -> None:
    before = picture_set.shape()

    monkeypatch.setattr(picture_set, "logic", lambda: "of a later version")

    assert picture_set.shape() != before
