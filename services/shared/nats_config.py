"""The configuration of the NATS server that keeps the log, for a laptop, a test and a container alike."""

from pathlib import Path
from typing import Literal


def server_config(
    *, store: Path, port: int, durability: Literal["strict", "standard"], monitor_port: int | None = None
) -> str:
    """The text of nats.conf. Through the monitoring port the gateway checks the durability it asks for."""
    # Without a sync_interval the server acknowledges up to two minutes before the entry is on disk.
    sync = "always" if durability == "strict" else "100ms"
    monitor = f'http: "127.0.0.1:{monitor_port}"\n' if monitor_port is not None else ""
    return (
        f'listen: "127.0.0.1:{port}"\n'
        f"{monitor}"
        f'server_name: "vcp"\n'
        f'jetstream {{ store_dir: "{store}", sync_interval: {sync} }}\n'
        # With the second form of acknowledgement subjects nats-py's read task dies in silence.
        "feature_flags { js_ack_fc_v2: false }\n"
    )
