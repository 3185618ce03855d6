"""Logs as JSON lines: one constant message a kind of line, what varies as ids beside it, never a payload."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

_STANDARD = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """Of an exception, its class and where it was raised: its text may repeat what somebody posted."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, default=str, ensure_ascii=False)


def write_json_lines(*, level: int = logging.INFO) -> None:
    """Sends every logger's lines to standard error as JSON; called once, by whatever starts a service."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # It names whole addresses, and an address may say what somebody asked for.
    logging.getLogger("httpx").setLevel(logging.WARNING)
