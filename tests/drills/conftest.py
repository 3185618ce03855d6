"""The Danube drill, read once."""

from pathlib import Path

import pytest

from services.drill import Drill, read_drill


@pytest.fixture(scope="session")
def danube_folder() -> Path:
    return Path(__file__).parents[2] / "drills" / "jad-danube-2022"


@pytest.fixture(scope="session")
def danube(danube_folder: Path) -> Drill:
    return read_drill(danube_folder)
