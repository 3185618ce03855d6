"""A deployment that says it is accredited takes what is classified, newly reported or corrected."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from services.shared.embedded import free_port, held
from services.shared.settings import Settings
from services.stack import Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with TemporaryDirectory(prefix="vcp-stack-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings(port=free_port(), accredited=True)
        with held(Path(folder)), Stack(Path(folder), settings=settings) as running:
            yield running


def test_what_is_classified_is_taken_and_corrected(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", classification="eu_restricted")
    data = {**room.report("arrest.made.v1")["data"], "classification": "eu_confidential"}

    room.take("BA", "record.corrected.v1", target=arrest["entry"], corrected=data, etag=arrest["etag"])
