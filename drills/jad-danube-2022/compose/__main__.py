"""Composes the drill's routine reports: `python drills/jad-danube-2022/compose`; `--check` only compares.

The same at each run. What a reader should follow (the fugitive, the two cases, what was corrected) is told in
reports/story.ndjson, which is written by hand.
"""

import sys
from pathlib import Path

import arrests
import cross_checks
import daily
import field
import hits
from book import Book

REPORTS = Path(__file__).parent.parent / "reports"


def main(*, check: bool) -> int:
    """Write the files, or say which of them differ from what would be written."""
    book = Book()
    for part in (cross_checks, hits, arrests, field, daily):
        part.compose(book)
    if not check:
        book.write(REPORTS)
        return 0
    differ = [
        name
        for name, text in book.files().items()
        if not (REPORTS / name).is_file() or (REPORTS / name).read_text(encoding="utf-8") != text
    ]
    for name in differ:
        print(f"{name} is not what would be composed")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
