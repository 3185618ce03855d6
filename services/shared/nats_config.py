"""The configuration of the NATS server that keeps the log, for a laptop, a test, a container and a cluster alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Member:
    """One server's place in a cluster: its own name and port, and the addresses of all."""

    server: str
    port: int
    routes: Sequence[str]
    cluster: str = "vcp"


def server_config(
    *,
    store: Path,
    port: int,
    durability: Literal["strict", "standard"],
    monitor_port: int | None = None,
    users_file: Path | None = None,
    pid_file: Path | None = None,
    member: Member | None = None,
) -> str:
    """The text of nats.conf. Through the monitoring port the gateway checks the durability it asks for.

    Without a file of users everybody is let in who reaches the port: for a server with one program before it.
    """
    # Without a sync_interval the server acknowledges up to two minutes before the entry is on disk.
    sync = "always" if durability == "strict" else "100ms"
    lines = [f'listen: "127.0.0.1:{port}"']
    if monitor_port is not None:
        lines.append(f'http: "127.0.0.1:{monitor_port}"')
    lines.append(f'server_name: "{member.server if member else "vcp"}"')
    lines.append(f'jetstream {{ store_dir: "{store}", sync_interval: {sync} }}')
    # With the second form of acknowledgement subjects nats-py's read task dies in silence.
    lines.append("feature_flags { js_ack_fc_v2: false }")
    if pid_file is not None:
        lines.append(f'pid_file: "{pid_file}"')
    if member is not None:
        routes = ", ".join(f'"{route}"' for route in member.routes)
        lines.append(f'cluster {{ name: "{member.cluster}", listen: "127.0.0.1:{member.port}", routes: [{routes}] }}')
    if users_file is not None:
        lines.append(f'include "{users_file.name}"')  # relative to the configuration
    return "\n".join(lines) + "\n"
