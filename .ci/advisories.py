"""Asks which of the pinned packages have known weaknesses: `make check` does, and where nobody can be asked it says so.

For example: uv run python .ci/advisories.py --strict
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

CONSOLE = Path(__file__).parents[1] / "services" / "console"
Verdict = Literal["clean", "found", "not asked"]


def python_packages(code: int) -> Verdict:
    """By the exit code of `uv audit`."""
    return {0: "clean", 1: "found"}.get(code, "not asked")


def console_packages(code: int, said: str) -> Verdict:
    """By the exit code of `npm audit --json`, which is the same for what it found and for a server that is away."""
    try:
        is_report = "auditReportVersion" in json.loads(said)
    except ValueError:
        is_report = False
    if not is_report:
        return "not asked"
    return "clean" if code == 0 else "found"


def asked(program: str, *arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True)  # noqa: S603


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--strict", action="store_true", help="fail as well where nobody can be asked")
    strict = options.parse_args().strict
    uv = asked("uv", "audit", "--preview-features", "audit-command")
    npm = asked("npm", "audit", "--json", cwd=CONSOLE)
    verdicts = {
        "Python packages": (python_packages(uv.returncode), uv.stdout + uv.stderr),
        "the console's packages": (console_packages(npm.returncode, npm.stdout), npm.stdout),
    }
    failed = False
    for packages, (verdict, said) in verdicts.items():
        if verdict == "not asked":
            print(
                f"Advisories on {packages}: NOT CHECKED, the service that knows them cannot be reached.",
                file=sys.stderr,
            )
        elif verdict == "found":
            print(
                said,
                f"Advisories on {packages}: see above. `make pins` takes newer versions.",
                sep="\n",
                file=sys.stderr,
            )
        failed = failed or verdict == "found" or (strict and verdict == "not asked")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
