"""A wire between a browser and the gateway that a test can cut, and let hang."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Wire:
    target: int
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    ends: list[socket.socket] = field(default_factory=list)
    whole: threading.Event = field(default_factory=threading.Event)
    """While it is set, bytes pass; else what is sent waits, as where a cable was pulled."""
    severed: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def cut(self) -> None:
        """Ends what is open, and whatever is begun until it is mended."""
        self.severed = True
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.ends.clear()

    def mend(self) -> None:
        self.severed = False
        self.whole.set()

    def hang(self) -> None:
        self.whole.clear()

    def accept(self) -> None:
        with suppress(OSError):  # The listener was closed: the test is over.
            while True:
                near, _ = self.listener.accept()
                if self.severed:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.target))
                self.ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError), one, other:  # Either end may go away; both are closed then.
            while said := one.recv(65536):
                self.whole.wait()
                other.sendall(said)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    wire = Wire(port)
    wire.whole.set()
    threading.Thread(target=wire.accept, daemon=True).start()
    try:
        yield wire
    finally:
        wire.listener.close()
        wire.whole.set()
        wire.cut()
