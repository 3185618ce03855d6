"""Officers from the command line: their password is shown once, and whatever is changed signs them out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from click.testing import Result
from sqlalchemy import Engine, create_engine, insert, select, text
from typer.testing import CliRunner

from services.cli.commands import app
from services.shared.database import engine_url
from services.shared.desk_tables import officers, sessions
from services.shared.passwords import holds
from services.shared.running import as_environment
from services.shared.settings import Settings

Vcp = Callable[..., Result]


@pytest.fixture
def vcp(settings: Settings) -> Vcp:
    runner = CliRunner(env={**as_environment(settings), "COLUMNS": "200"})

    def run(*arguments: str, typed: str = "") -> Result:
        return runner.invoke(app, arguments, input=typed)

    assert run("agency", "add", "AT").exit_code == 0
    return run


@pytest.fixture
def desk(settings: Settings) -> Iterator[Engine]:
    engine = create_engine(engine_url(settings.gateway_database_url))
    yield engine
    engine.dispose()


def officer_of(desk: Engine, name: str) -> UUID:
    with desk.connect() as connection:
        return connection.execute(select(officers.c.id).where(officers.c.name == name)).scalar_one()


def sign_in(desk: Engine, name: str) -> None:
    now = datetime.now(UTC)
    row = {"digest": name.encode(), "officer": officer_of(desk, name), "added_at": now, "seen_at": now}
    with desk.begin() as connection:
        connection.execute(insert(sessions).values(**row, expires_at=now + timedelta(hours=1)))


def signed_in(desk: Engine) -> set[str]:
    with desk.connect() as connection:
        found = connection.execute(select(officers.c.name).join(sessions, sessions.c.officer == officers.c.id))
        return {name for (name,) in found}


def test_a_password_is_shown_once_and_kept_as_an_argon2_hash(vcp: Vcp, desk: Engine) -> None:
    added = vcp("officer", "add", "A.Moser", "--agency", "AT")
    password = added.stdout.strip().splitlines()[-1]

    with desk.connect() as connection:
        kept = connection.execute(select(officers)).one()
    assert added.exit_code == 0
    assert password not in vcp("officer", "list").output
    assert kept.name == "a.moser"
    assert kept.password.startswith("$argon2id$v=19$m=65536,t=3,")
    assert holds(password, kept.password)
    assert not holds(password.upper(), kept.password)


def test_a_password_may_be_typed_and_then_nothing_shows_it(vcp: Vcp, desk: Engine) -> None:
    typed = "a sentence of an officer"

    added = vcp("officer", "add", "a.moser", "--agency", "AT", "--prompt", typed=f"{typed}\n{typed}\n")
    short = vcp("officer", "reset", "a.moser", "--prompt", typed="short\nshort\n")

    with desk.connect() as connection:
        kept = connection.execute(select(officers.c.password)).scalar_one()
    assert added.exit_code == 0
    assert typed not in added.output
    assert (short.exit_code, holds(typed, kept)) == (1, True)


def test_who_signs_in_at_the_provider_has_no_password_here(vcp: Vcp, desk: Engine) -> None:
    added = vcp("officer", "add", "a.moser", "--agency", "AT", "--subject", "248289761001")

    with desk.connect() as connection:
        kept = connection.execute(select(officers)).one()
    assert (added.exit_code, added.stdout) == (0, "")
    assert (kept.subject, kept.password) == ("248289761001", None)


def test_the_list_tells_roles_and_the_name_in_the_log(vcp: Vcp, desk: Engine) -> None:
    vcp("officer", "add", "a.moser", "--agency", "AT", "--role", "reader", "--operation", "jad-one")
    vcp("officer", "role", "a.moser", "reporter", "--operation", "jad-two", "--group", "safeguarding")

    listed = vcp("officer", "list").output

    assert "reader in jad-one; reporter in jad-two (safeguarding)" in listed
    assert f"officer {officer_of(desk, 'a.moser').hex[:12]}" in listed


@pytest.mark.parametrize(
    "change",
    [
        ("role", "a.moser", "reader"),
        ("role", "a.moser", "reporter", "--operation", "jad-other"),
        ("role", "a.moser", "none"),
        ("reset", "a.moser"),
        ("remove", "a.moser"),
    ],
    ids=" ".join,
)
def test_whatever_is_changed_signs_that_officer_out_and_no_other(
    vcp: Vcp, desk: Engine, change: tuple[str, ...]
) -> None:
    for name in ("a.moser", "b.huber"):
        vcp("officer", "add", name, "--agency", "AT")
        sign_in(desk, name)

    assert vcp("officer", *change).exit_code == 0

    assert signed_in(desk) == {"b.huber"}


@pytest.mark.parametrize(
    "statement",
    [
        "update desk.officers set agency = 'BA' where name = 'a.moser'",
        "update desk.officer_roles set role = 'reader'",
        "delete from desk.officer_roles",
        "delete from desk.officers",
    ],
)
def test_a_change_by_hand_signs_out_too(vcp: Vcp, desk: Engine, statement: str) -> None:
    vcp("officer", "add", "a.moser", "--agency", "AT")
    sign_in(desk, "a.moser")

    with desk.begin() as connection:
        connection.execute(text(statement))

    assert signed_in(desk) == set()


def test_who_was_removed_stays_on_the_list_and_the_name_is_free(vcp: Vcp, desk: Engine) -> None:
    vcp("officer", "add", "a.moser", "--agency", "AT", "--subject", "one")
    former = officer_of(desk, "a.moser").hex[:12]
    vcp("officer", "remove", "a.moser")

    again = vcp("officer", "add", "a.moser", "--agency", "AT", "--subject", "one")

    assert again.exit_code == 0
    assert f"officer {former}" in vcp("officer", "list").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "A.MOSER", "--agency", "AT"), "already"),
        (("add", "b.huber", "--agency", "MD"), "vcp agency add MD"),
        (("add", "b.huber", "--agency", "AT", "--role", "chief"), "reader, reporter"),
        (("role", "nobody", "reader"), "no officer nobody"),
        (("role", "a.moser", "none", "--operation", "jad-one"), "no role there"),
        (("reset", "nobody"), "no officer nobody"),
        (("remove", "nobody"), "no officer nobody"),
    ],
    ids=lambda said: " ".join(said) if isinstance(said, tuple) else "",
)
def test_what_stands_in_the_way_is_said_in_a_sentence(vcp: Vcp, arguments: tuple[str, ...], said: str) -> None:
    vcp("officer", "add", "a.moser", "--agency", "AT")

    refused = vcp("officer", *arguments)

    assert refused.exit_code in (1, 2)
    assert said in refused.output
    assert "Traceback" not in refused.output
