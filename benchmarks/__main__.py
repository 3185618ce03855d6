"""`make bench`: every measurement, one after the other, each beside a floor of the same run.

`uv run python -m benchmarks NAME [options]` makes one of them.
"""

import sys

from benchmarks import (
    appending,
    console,
    console_stream,
    danube,
    demo,
    figures,
    ingest,
    ledger,
    lines,
    persons,
    projection,
    reads,
    searchable,
    views,
    visible,
    watching,
)

ALL = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        demo,
        ingest,
        lines,
        appending,
        projection,
        figures,
        visible,
        watching,
        reads,
        views,
        persons,
        ledger,
        console,
        console_stream,
        danube,
        searchable,
    )
}


def main() -> None:
    name, *options = sys.argv[1:] or [""]
    if name and name not in ALL:
        sys.exit(f"Measured are: {', '.join(ALL)}.")
    for measured in [ALL[name]] if name else ALL.values():
        print(f"\n{(measured.__doc__ or '').splitlines()[0]}", flush=True)
        sys.argv = [measured.__name__, *options]
        measured.main()


if __name__ == "__main__":
    main()
