"""Where a running stack leaves its settings, so that other commands find it."""

from pathlib import Path

from services.shared.settings import PREFIX, Settings


def as_environment(settings: Settings) -> dict[str, str]:
    """The VCP_* variables that give these settings again."""
    given = settings.model_dump(exclude_none=True)
    return {f"{PREFIX}{name.upper()}": str(value) for name, value in given.items()}


def running_file(folder: Path) -> Path:
    return folder / "secrets" / "running.env"


def write_running(folder: Path, settings: Settings) -> None:
    running_file(folder).write_text("".join(f"{name}={value}\n" for name, value in as_environment(settings).items()))


def settings_of_running(folder: Path) -> Settings | None:
    """The settings of the stack that runs on the folder, or None."""
    try:
        lines = running_file(folder).read_text().splitlines()
    except FileNotFoundError:
        return None
    return Settings.read(dict(line.split("=", 1) for line in lines))
