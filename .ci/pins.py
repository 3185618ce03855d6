"""Pins everything: writes each version of the resolution into pyproject.toml, and the image's requirements with hashes.

`make pins` upgrades to the newest versions first. uv.lock is not kept, because it holds addresses of registries.
"""

import re
import subprocess
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PYPROJECT = PROJECT / "pyproject.toml"
REQUIREMENTS = {"image": PROJECT / "requirements.txt", "console": PROJECT / "services" / "console" / "requirements.txt"}
"""Groups of which all files are listed by their hashes: what runs in the image, and what builds its console."""
LISTS = ("constraint-dependencies", "build-constraint-dependencies")


def main() -> None:
    write({name: [] for name in LISTS})
    uv("lock", "--upgrade")
    build = uv(
        "pip", "compile", "--universal", "--no-header", "--no-annotate", "-", given="hatchling\nnodejs-wheel\n"
    ).split("\n")
    write({"constraint-dependencies": resolved(), "build-constraint-dependencies": [line for line in build if line]})
    uv("lock")
    for group, requirements in REQUIREMENTS.items():
        only = ["--only-group" if group == "console" else "--group", group]
        exported = uv(
            "export", "--format", "requirements-txt", "--no-header", "--no-emit-project", "--no-default-groups", *only
        )
        requirements.write_text(
            f"# Written by `make pins`: what group {group} installs, each file by its hash.\n{exported}"
        )


def resolved() -> list[str]:
    """Every package of the lock with its version; where there are several, each with its own condition."""
    lock = tomllib.loads((PROJECT / "uv.lock").read_text())
    pins = []
    for package in lock["package"]:
        if "registry" not in package["source"]:
            continue
        condition = " or ".join(package.get("resolution-markers", []))
        pins.append(f"{package['name']}=={package['version']}" + (f" ; {condition}" if condition else ""))
    return sorted(pins)


def write(lists: dict[str, list[str]]) -> None:
    text = PYPROJECT.read_text()
    for name, pins in lists.items():
        lines = "".join(f"    {quoted(pin)},\n" for pin in pins)
        text, changed = re.subn(
            rf"(?m)^{name} = \[\n(?:    .*\n)*\]", lambda _, n=name, x=lines: f"{n} = [\n{x}]", text
        )
        if changed != 1:
            raise SystemExit(f"pyproject.toml has no list {name} under [tool.uv]")
    PYPROJECT.write_text(text)


def quoted(pin: str) -> str:
    return '"' + pin.replace('"', "'") + '"'


def uv(*arguments: str, given: str = "") -> str:
    done = subprocess.run(  # noqa: S603
        ["uv", "--quiet", *arguments],  # noqa: S607 (the uv on the path, as in every command here)
        cwd=PROJECT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
