"""Puts the parts together, once per process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from remit.cache.memory import MemoryAnswers
from remit.cache.pace import SitePaces
from remit.cache.redis import RedisAnswers, RedisCounts, RedisSignals
from remit.cache.redis import connect as connect_redis
from remit.entrypoints.metrics import CountedAnswers, Metrics
from remit.entrypoints.servers import Servers
from remit.entrypoints.settings import Settings, configured_sources
from remit.entrypoints.telemetry import noting
from remit.ports import Leases, Vault
from remit.storage.engine import connect
from remit.storage.evidence import PostgresEvidence
from remit.storage.leases import PostgresLeases
from remit.storage.migrate import require_current, upgrade
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.storage.sealing import Seal
from remit.storage.vault import PostgresVault
from remit.usecases.desk import Desk
from remit.usecases.shipped import shipped_catalogue
from remit_integrations.keeping import Keeping
from remit_integrations.source import Shared, Source


@dataclass(frozen=True, slots=True)
class Remit:
    """Everything a door needs."""

    desk: Desk
    sources: tuple[Source, ...]
    leases: Leases
    engine: AsyncEngine
    metrics: Metrics = field(default_factory=Metrics)


@asynccontextmanager
async def remit(
    settings: Settings, servers: Servers, *, sources: tuple[Source, ...] | None = None, check: bool = True
) -> AsyncIterator[Remit]:
    """The parts, connected. An embedded database is migrated; `check` makes sure that any other is current."""
    metrics, engine = Metrics(), connect(servers.database_url)
    redis = connect_redis(servers.redis_url)
    try:
        shared = Shared(SitePaces(redis), vault(settings, engine), Keeping(settings.feedback_text))
        sources = configured_sources(settings, shared) if sources is None else sources
        if servers.embedded:
            await upgrade(servers.database_url)
        desk = Desk(
            catalogue=shipped_catalogue(),
            models=PostgresModels(engine),
            mirror=PostgresMirror(engine),
            evidence=PostgresEvidence(engine),
            kept=CountedAnswers(MemoryAnswers(RedisAnswers(redis)), metrics),
            counts=RedisCounts(redis),
            signals=RedisSignals(redis),
            clock=now,
            sources=tuple((source.name, source.kind) for source in sources),
            stale_after=settings.stale_after,
            unknown_after=settings.unknown_after,
            team_fields={source.name: source.team_field for source in sources if source.team_field is not None},
        )
        if check and not servers.embedded:
            await require_current(engine)
        with noting(metrics.note):
            yield Remit(desk, sources, PostgresLeases(engine), engine, metrics)
    finally:
        await redis.aclose()
        await engine.dispose()


def vault(settings: Settings, engine: AsyncEngine) -> Vault | None:
    """Where credentials that change are kept; None without a key to seal them. Raises Invalid when it is none."""
    if settings.secret_key is None:
        return None
    return PostgresVault(engine, Seal(settings.secret_key.get_secret_value()))


def now() -> datetime:
    return datetime.now(UTC)
