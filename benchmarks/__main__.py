"""`make bench`: every measurement, one after the other, each beside a floor of the same run."""

import sys

from benchmarks import appending, ingest, lines, projection, reads, visible


def main() -> None:
    for measured in (ingest, lines, appending, projection, visible, reads):
        print(f"\n{(measured.__doc__ or '').splitlines()[0]}", flush=True)
        sys.argv = [measured.__name__]
        measured.main()


if __name__ == "__main__":
    main()
