"""`python -m services.drill check FOLDER`: is every report of a drill acceptable at the door?"""

import sys
from pathlib import Path

from services.drill.check import faults
from services.drill.story import DrillUnreadable, read_drill


def main(arguments: list[str]) -> int:
    """Print what is wrong; 0 when nothing is."""
    if len(arguments) != 2 or arguments[0] != "check":
        print("usage: python -m services.drill check FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[1])
    try:
        wrong = faults(folder)
        count = len(read_drill(folder).postings)
    except DrillUnreadable as unreadable:
        print(unreadable, file=sys.stderr)
        return 1
    for line in wrong:
        print(line)
    print(f"{count} reports, {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
