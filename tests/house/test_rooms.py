"""Every import contract breaks when it should: import-linter is silent about a name that is misspelt in a contract."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
# For each contract, a file of the room and a line that the room forbids.
FORBIDDEN = {
    "The contract knows only pydantic": ("schemas/planted.py", "import sqlalchemy"),
    "A room enters only those below it": ("services/gateway/planted.py", "import services.projector.runner"),
    "What all services share knows no web": ("services/shared/planted.py", "import fastapi"),
    "A route reaches no table and no bus": ("services/gateway/routes/planted.py", "import services.shared.tables"),
    "A view does no input or output and reads no clock": ("services/projector/projections/planted.py", "import time"),
    "An agency's side needs nothing of ours but the contract and its reading": (
        "services/client/planted.py",
        "import services.shared.lines",
    ),
    "The cross-check engine reaches no table, no key and no bus": (
        "services/crosscheck/planted.py",
        "import services.shared.vault",
    ),
    "Views know nothing of each other": (
        "services/projector/projections/planted.py",
        "import services.projector.projections.arrests",
    ),
    "Services start no servers": ("services/gateway/planted.py", "import services.shared.embedded"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in ("schemas", "services"):
        shutil.copytree(
            PROJECT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "json", "console")
        )
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts() -> list[str]:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def verdicts(project: Path) -> dict[str, str]:
    """Each contract's name with KEPT or BROKEN."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=project,
        env={"PYTHONPATH": str(project), "PATH": "", "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.strip().rsplit(" ", 1) for line in done.stdout.splitlines()]
    return {line[0]: line[1] for line in lines if len(line) == 2 and line[1] in ("KEPT", "BROKEN")}


def test_every_contract_has_an_import_that_breaks_it() -> None:
    assert set(FORBIDDEN) == set(contracts())


@pytest.mark.parametrize("contract", FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(copy: Path, contract: str) -> None:
    path, line = FORBIDDEN[contract]
    (copy / path).write_text(f'"""Planted."""\n\n{line}  # noqa: F401\n')

    assert verdicts(copy)[contract] == "BROKEN"


def test_a_room_that_nobody_placed_breaks_the_layers(copy: Path) -> None:
    (copy / "services" / "attic").mkdir()
    (copy / "services" / "attic" / "__init__.py").write_text('"""Planted."""\n')

    assert "A room enters only those below it" not in [
        name for name, verdict in verdicts(copy).items() if verdict == "KEPT"
    ]
