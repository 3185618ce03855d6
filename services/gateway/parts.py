"""The parts of a running gateway, made at start and closed at the end."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from psycopg_pool import AsyncConnectionPool
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.agencies import Agencies
from services.gateway.atomic import AtomicDoor
from services.gateway.auditing import Audits
from services.gateway.circles import Circles
from services.gateway.combining import Combining
from services.gateway.command_ids import CommandIds
from services.gateway.commands import Commands
from services.gateway.concerned import Targets
from services.gateway.credentials import Credentials
from services.gateway.cursors import Seals
from services.gateway.door import Door
from services.gateway.drafting import Drafting
from services.gateway.engines import Engines
from services.gateway.erasing import Erasing
from services.gateway.intake import Intake, taking_in
from services.gateway.issuer import Issuer
from services.gateway.ledger_index import LedgerIndex, indexing
from services.gateway.links import Links
from services.gateway.live import Live
from services.gateway.people import People, people
from services.gateway.picture import Pictures
from services.gateway.progress import Progress
from services.gateway.rates import Rates
from services.gateway.replay import Replays
from services.gateway.roster import Rosters
from services.gateway.series import Series
from services.gateway.sessions import checkpoint_of, known_entries
from services.gateway.sweeping import Sweep, sweeping
from services.gateway.trawling import Questions
from services.gateway.watching import watching
from services.shared.bus import Log
from services.shared.database import PATIENCE_SECONDS, pool, snapshots
from services.shared.master_keys import MasterKeys
from services.shared.settings import Settings
from services.shared.together import Together
from services.shared.vault import Vault


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work with."""

    settings: Settings
    log: Log
    pool: AsyncConnectionPool
    engine: AsyncEngine
    credentials: Credentials
    people: People
    rates: Rates
    rosters: Rosters
    pictures: Pictures
    door: Door
    atomic: AtomicDoor
    live: Live
    replays: Replays
    audits: Audits
    engines: Engines


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Parts]:
    """Connects to log and database, and puts the parts together. Raises LogUnavailable, or what is OUT_OF_REACH."""
    async with AsyncExitStack() as opened:
        log = await Log.connect(settings, name="gateway", patience=PATIENCE_SECONDS)
        opened.push_async_callback(log.close)
        connections = pool(settings.gateway_database_url)
        opened.push_async_callback(connections.close)
        await connections.open(wait=True, timeout=PATIENCE_SECONDS)
        reads = snapshots(settings.gateway_database_url)
        opened.push_async_callback(reads.dispose)
        async with _put_together(settings, log, connections, reads) as parts:
            yield parts


@asynccontextmanager
async def _put_together(
    settings: Settings, log: Log, connections: AsyncConnectionPool, reads: AsyncEngine
) -> AsyncIterator[Parts]:
    secret = settings.secret_file.read_bytes()
    masters = MasterKeys.of(settings, secret=secret)
    progress = Progress(lambda operation: checkpoint_of(connections, operation))
    await log.on_wake(progress.woken)
    seals, vault = Seals(secret), Vault(connections, secret, masters=masters)
    await vault.check()
    rosters = Rosters(connections, log, progress)
    known: Together[tuple[str, UUID], UUID] = Together(lambda asked: known_entries(connections, asked))
    links, accredited = Links(connections, log, progress), settings.accredited
    ledger = await log.disclosures()
    erasing = Erasing(connections, log, progress, vault, ledger)
    combining = Combining(connections, ledger)
    sweep = Sweep(connections, log, progress, erasing)
    commands = Commands(
        log=log,
        targets=Targets(connections),
        links=links,
        circles=Circles(connections, log, progress),
        accredited=accredited,
        rosters=rosters,
        progress=progress,
        vault=vault,
        seals=seals,
        known=known,
        erasing=erasing,
        combining=combining,
    )
    command_ids = CommandIds(connections, log, progress)
    door = Door(
        log=log,
        rosters=rosters,
        vault=vault,
        commands=commands,
        links=links,
        series=Series(connections, log, progress),
        drafting=Drafting(accredited=accredited),
        seals=seals,
        command_ids=command_ids,
        questions=Questions(settings.questions_per_hour),
        combining=combining,
    )
    atomic = AtomicDoor(
        door=door, commands=commands, log=log, vault=vault, progress=progress, known=known, combining=combining
    )
    index = LedgerIndex(connections, ledger)
    pictures = Pictures(reads, progress, seals=seals, vault=vault, swept=sweep.swept, ledger=ledger, index=index)
    live = Live(pictures, progress, seals=seals)
    replays = Replays(pictures, seals=seals)
    audits = Audits(ledger, index, seals=seals)
    issuer = Issuer(settings, secret=secret) if settings.oidc_issuer is not None else None
    credentials = Credentials(connections, issuer=issuer)
    signing_in = people(connections, credentials, settings=settings, secret=secret, issuer=issuer)
    rates = Rates(settings.rate_per_second)
    async with (
        watching(settings.gateway_database_url, credentials),
        indexing(index),
        sweeping(sweep),
        taking_in(log, Intake(Agencies(connections), door, atomic, rates)),
    ):
        yield Parts(
            settings,
            log,
            connections,
            reads,
            credentials,
            signing_in,
            rates,
            rosters,
            pictures,
            door,
            atomic,
            live,
            replays,
            audits,
            Engines(connections),
        )
