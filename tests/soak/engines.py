"""`make soak-engines`: thousands of questions while the engines that answer them are killed at random.

For example: uv run python -m tests.soak.engines --questions 10000 --engines 2 --kills 12 --seed 7
"""

import argparse
import secrets
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from services.shared.embedded import free_port, held
from services.shared.settings import Settings
from services.stack import Stack
from tests.flow.conftest import open_room
from tests.soak.questioning import answered, ask, contribute, delegate, further_engine, kill_at_random, results, until

PATIENCE_SECONDS = 900.0

say = partial(print, flush=True)


def main() -> None:
    told = argparse.ArgumentParser(
        "python -m tests.soak.engines",
        description="Asks while engines are killed, and counts the results of each question.",
        epilog="For example: python -m tests.soak.engines --questions 1000 --kills 5 --seed 7",
    )
    told.add_argument("--questions", type=int, default=10_000, help="how many are asked (10000)")
    told.add_argument("--engines", type=int, choices=(1, 2), default=2, help="how many answer (2)")
    told.add_argument("--kills", type=int, default=12, help="how often one of them is killed (12)")
    told.add_argument("--seed", type=int, default=None, help="chooses victims and moments; printed")
    asked = told.parse_args()
    seed = secrets.randbelow(10_000) if asked.seed is None else asked.seed
    say(f"seed {seed}, {asked.questions} questions, {asked.engines} engines, {asked.kills} kills")
    with TemporaryDirectory(prefix="vcp-soak-") as folder, ExitStack() as opened:
        Path(folder).chmod(0o711)
        opened.enter_context(held(Path(folder)))
        stack = opened.enter_context(Stack(Path(folder), settings=Settings(port=free_port()), say=say))
        room = opened.enter_context(open_room(stack))
        delegate(stack, room)
        contribute(room)
        engines = [stack.crosscheck]
        if asked.engines > 1:
            engines.append(opened.enter_context(further_engine(stack)))
        began = time.monotonic()
        questions = ask(room, questions=asked.questions)
        say(f"posted after {time.monotonic() - began:.1f} s")
        kill_at_random(
            room,
            engines,
            chance=Random(seed),
            kills=asked.kills,
            questions=len(questions),
            say=say,
            within_seconds=PATIENCE_SECONDS,
        )
        until(lambda: results(room) >= len(questions), within_seconds=PATIENCE_SECONDS)
        say(f"all answered after {time.monotonic() - began:.1f} s")
        found = answered(room, questions)
    say(f"{found.once} of {found.questions} have exactly one result")
    say(f"{found.hits} hits, {found.twice} of them twice; {found.wrong} results say otherwise than the hits")
    if found.once != found.questions or found.twice or found.wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
