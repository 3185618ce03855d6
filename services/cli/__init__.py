"""The `vcp` command. This file is readable by any Python 3, so that an old one is told what is wrong."""

import sys


def main() -> None:
    """Runs the command; what stands in its way is one sentence on standard error."""
    if sys.version_info < (3, 11):  # noqa: UP036 (that is what this file is for)
        sys.exit("vcp needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031
    if sys.platform == "win32":
        sys.exit("vcp runs on Linux and macOS; on Windows use WSL or the container image.")
    from services.cli.commands import run

    run()
