"""What every cache of answers promises, in memory, in Valkey, in the oldest Redis, and in memory before Redis."""

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from remit.cache.memory import MemoryAnswers
from remit.cache.redis import RedisAnswers
from remit.domain.answers import Candidate, Holder, Layer, Outcome, Ownership, Reason, Standing, Step
from remit.domain.catalogue import Letter
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.people import OwnerKind, OwnerRef
from remit.ports import CellKey, KeptAnswers
from support.desks import NOW

KEY = CellKey(AreaKey("shop/ü"), "a-digest", "7.2026-11-23T12:00:00Z", 3)
ANA = OwnerRef(OwnerKind.PERSON, OwnerKey("ana"))
CHOSEN = Candidate(
    Step.HOLDERS, Layer.AREA, "shop", Standing.CHOSEN, Reason.NEAREST, "Ana, here.", ("Assignment", "a1"), "pat", NOW
)
OWNED = Ownership(
    AreaKey("shop/ü"),
    ResponsibilityKey("coordination"),
    Outcome.OWNED,
    FunctionKey("product_management"),
    ANA,
    (Holder(ANA, FunctionKey("product_management"), Letter.ACCOUNTABLE, OwnerRef(OwnerKind.TEAM, OwnerKey("crew"))),),
    (CHOSEN, replace(CHOSEN, names=None, recorded_by=None, recorded_at=None)),
)
BLURRY = Ownership(None, ResponsibilityKey("leadership"), Outcome.BLURRY)


class KeptAnswersContract:
    """A cache may forget, but what it returns is what was put under that very key."""

    async def test_returns_what_was_put(self, kept: KeptAnswers) -> None:
        await kept.put({KEY: (OWNED, BLURRY)})
        assert await kept.get([KEY]) == {KEY: (OWNED, BLURRY)}

    async def test_keeps_that_an_area_has_no_answers(self, kept: KeptAnswers) -> None:
        await kept.put({KEY: ()})
        assert await kept.get([KEY]) == {KEY: ()}

    async def test_lacks_what_was_never_put(self, kept: KeptAnswers) -> None:
        other = replace(KEY, area=AreaKey("other"))
        await kept.put({KEY: (OWNED,)})
        assert await kept.get([other, KEY]) == {KEY: (OWNED,)}

    async def test_takes_the_later_of_two(self, kept: KeptAnswers) -> None:
        await kept.put({KEY: (OWNED,)})
        await kept.put({KEY: (BLURRY,)})
        assert await kept.get([KEY]) == {KEY: (BLURRY,)}

    async def test_asks_for_nothing_when_nothing_is_asked(self, kept: KeptAnswers) -> None:
        await kept.put({})
        assert await kept.get([]) == {}

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(replace(KEY, area=AreaKey("shop")), id="area"),
            pytest.param(replace(KEY, version="another"), id="model"),
            pytest.param(replace(KEY, segment="8.2026-11-23T12:00:00Z"), id="time"),
            pytest.param(replace(KEY, watermark=4), id="records"),
        ],
    )
    async def test_a_change_of_any_part_makes_another_key(self, kept: KeptAnswers, other: CellKey) -> None:
        await kept.put({KEY: (OWNED,)})
        assert await kept.get([other]) == {}


class TestInMemory(KeptAnswersContract):
    @pytest.fixture
    def kept(self) -> KeptAnswers:
        return MemoryAnswers()


class TestInRedis(KeptAnswersContract):
    """Runs on the newest Valkey and on Redis 6.2."""

    @pytest.fixture
    async def kept(self, redis: Redis) -> KeptAnswers:
        return RedisAnswers(redis)


class TestInMemoryBeforeRedis(KeptAnswersContract):
    @pytest.fixture
    async def kept(self, redis: Redis) -> KeptAnswers:
        return MemoryAnswers(RedisAnswers(redis), size=1)
