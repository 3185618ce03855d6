"""A spreadsheet goes out while it is packed, and is whole at its end."""

import io
import re
from hashlib import sha256
from zipfile import ZipFile

from services.gateway.as_xlsx import written
from services.gateway.downloads import Download
from services.gateway.handling import Stamp


def test_a_spreadsheet_goes_out_page_by_page_and_is_whole() -> None:
    download = Download("jad-x", "arrests", {"operation": "jad-x"})
    for page in range(3):
        rows = [{"row": page * 1000 + row, "text": sha256(b"%d" % row).hexdigest()} for row in range(1000)]
        download.add(rows, Stamp())

    chunks = list(written(download))

    assert len([chunk for chunk in chunks if chunk]) > 3
    assert max(map(len, chunks)) < sum(map(len, chunks)) / 2
    with ZipFile(io.BytesIO(b"".join(chunks))) as packed:
        assert packed.testzip() is None
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert [int(value) for value in re.findall(r'<c r="A\d+"><v>(\d+)</v>', sheet)] == list(range(3000))
    assert re.findall(r'<row r="(\d+)">', sheet) == [str(number) for number in range(1, 3002)]
