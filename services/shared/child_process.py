"""A long-running program as a child of ours: it writes to a log file and ends when we do, however we end."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_ROTATE_BYTES = 10 * 2**20


@dataclass
class ChildProcess:
    """A program with its arguments; `start` may be called again after it died."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: dict[str, str] | None = None
    folder: Path | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    before_start: Callable[[], None] | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        if self.before_start is not None:
            self.before_start()
        if self.log.exists() and self.log.stat().st_size > _ROTATE_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            # A session of its own, so that Ctrl-C reaches only us and we stop the parts in their order.
            self._process = subprocess.Popen(  # noqa: S603 (the command is ours)
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.folder,
                user=self.user,
                group=self.user and _group_of(self.user),
                extra_groups=[] if self.user else None,
                start_new_session=True,
                # Runs after the change of user, which would undo it.
                preexec_fn=_end_with_parent(self.stop_signal),
            )

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs, or before it was started."""
        return self._process.poll() if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, *, timeout_seconds: float = 20) -> None:
        """Asks it to end, and kills it when it does not."""
        if not self.is_running:
            return
        process = self._running()
        process.send_signal(self.stop_signal)
        try:
            process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """Ends it as a power cut would: no chance to tidy up."""
        self._running().kill()
        self._running().wait()

    def last_words(self, *, lines: int = 8) -> str:
        """The end of its log, for the sentence that says why it died."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process


def _end_with_parent(wanted: signal.Signals) -> Callable[[], None] | None:
    """Run between fork and exec: the kernel sends the signal when the parent is gone, even after SIGKILL."""
    if sys.platform != "linux":
        return None
    set_option, parent = ctypes.CDLL(None).prctl, os.getpid()

    def before_exec() -> None:
        set_option(_PR_SET_PDEATHSIG, int(wanted))
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def _group_of(user: str) -> int:
    import pwd  # not on every platform; only needed where a user is changed

    return pwd.getpwnam(user).pw_gid
