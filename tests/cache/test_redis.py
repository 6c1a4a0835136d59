"""Redis absent, restarted, full or full of something else: a miss and never an error."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis import exceptions
from redis.asyncio import Redis

from remit import __version__
from remit.cache.redis import KEPT_FOR_S, RETRY_AFTER_S, RedisAnswers, connect, name
from remit.domain.answers import Outcome, Ownership
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.ports import CellKey
from remit.storage.embedded.valkey import embedded_redis
from support.counting import count_commands

KEY = CellKey(AreaKey("shop"), "a-digest", "-", 0)
OTHER = CellKey(AreaKey("other"), "a-digest", "-", 0)
UNOWNED = (Ownership(AreaKey("shop"), ResponsibilityKey("innovation"), Outcome.UNOWNED),)


class AStopwatch:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


async def test_many_keys_are_one_round_trip(redis: Redis) -> None:
    kept = RedisAnswers(redis)
    many = {CellKey(AreaKey(str(number)), "a-digest", "-", 0): UNOWNED for number in range(200)}
    await kept.put(many)
    async with count_commands(redis) as commands:
        assert await kept.get(list(many)) == many
    assert commands == {"mget": 1}


async def test_what_is_kept_goes_by_itself(redis: Redis) -> None:
    await RedisAnswers(redis).put({KEY: UNOWNED})
    assert KEPT_FOR_S - 5 <= await redis.ttl(name(KEY)) <= KEPT_FOR_S


def test_another_release_of_the_program_has_other_keys() -> None:
    assert name(KEY) == f"remit:ownership:{__version__}.1:a-digest:-:shop:0"


def test_a_key_of_any_area_stays_one_key() -> None:
    tricky = CellKey(AreaKey("a:b c\nd"), "a-digest", "-", 0)
    assert name(tricky) == f"remit:ownership:{__version__}.1:a-digest:-:a%3Ab%20c%0Ad:0"


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xc1garbage", id="no msgpack"),
        pytest.param(msgspec.msgpack.encode([{"responsibility": "innovation"}]), id="a field is missing"),
        pytest.param(msgspec.msgpack.encode([["an", "answer"]]), id="another shape"),
        pytest.param(
            msgspec.msgpack.encode([{"area": None, "responsibility": "innovation", "outcome": "SHARED"}]),
            id="an outcome of another release",
        ),
        pytest.param(b"\x91\x81\xa4area\xa1\x80", id="text that is no UTF-8"),
        pytest.param(b"\x91" * 100_000, id="nested without end"),
    ],
)
async def test_an_unreadable_value_is_a_miss_and_the_others_are_found(redis: Redis, found: bytes) -> None:
    kept = RedisAnswers(redis)
    await kept.put({OTHER: UNOWNED})
    await redis.set(name(KEY), found)
    assert await kept.get([KEY, OTHER]) == {OTHER: UNOWNED}


async def test_a_value_of_another_type_is_a_miss(redis: Redis) -> None:
    kept = RedisAnswers(redis)
    await redis.rpush(name(KEY), "a list")
    assert await kept.get([KEY]) == {}


async def test_a_flushed_server_is_a_miss(redis: Redis) -> None:
    kept = RedisAnswers(redis)
    await kept.put({KEY: UNOWNED})
    await redis.flushall()
    assert await kept.get([KEY]) == {}


async def test_a_full_server_is_a_miss(redis: Redis) -> None:
    before = await redis.config_get("maxmemory*")
    try:
        await redis.config_set("maxmemory-policy", "noeviction")
        await redis.config_set("maxmemory", 1)
        await RedisAnswers(redis).put({KEY: UNOWNED})
    finally:
        await redis.config_set("maxmemory-policy", before["maxmemory-policy"])
        await redis.config_set("maxmemory", before["maxmemory"])
    assert await redis.get(name(KEY)) is None


async def test_a_server_that_wants_a_password_is_a_miss(redis: Redis, redis_url: str) -> None:
    async with connect(redis_url) as stranger:
        await redis.config_set("requirepass", "secret")
        try:
            kept = RedisAnswers(stranger)
            await kept.put({KEY: UNOWNED})
            assert await kept.get([KEY]) == {}
        finally:
            await redis.config_set("requirepass", "")


async def test_a_server_that_comes_back_is_used_again_after_a_rest(tmp_path: Path) -> None:
    stopwatch = AStopwatch()
    with embedded_redis(tmp_path) as url:
        client = connect(url)
        kept = RedisAnswers(client, monotonic=stopwatch)
        await kept.put({KEY: UNOWNED})
        assert await kept.get([KEY]) == {KEY: UNOWNED}
    assert await kept.get([KEY]) == {}
    with embedded_redis(tmp_path) as again:
        assert again == url
        await kept.put({KEY: UNOWNED})
        assert await kept.get([KEY]) == {}, "left alone for a while"
        stopwatch.now_s += RETRY_AFTER_S
        await kept.put({KEY: UNOWNED})
        assert await kept.get([KEY]) == {KEY: UNOWNED}
        await client.aclose()


@pytest.mark.parametrize(
    "trouble",
    [
        ConnectionError("refused"),
        TimeoutError("too slow"),
        exceptions.ConnectionError("hung up"),
        exceptions.TimeoutError("too slow"),
        exceptions.BusyLoadingError("LOADING the dataset"),
        exceptions.AuthenticationError("NOAUTH"),
        exceptions.OutOfMemoryError("OOM"),
        exceptions.ResponseError("WRONGTYPE"),
        exceptions.ReadOnlyError("READONLY"),
        exceptions.InvalidResponse("no protocol of ours"),
    ],
    ids=lambda trouble: f"{type(trouble).__module__}.{type(trouble).__name__}",
)
async def test_whatever_goes_wrong_is_a_miss(trouble: Exception) -> None:
    assert await RedisAnswers(Tried(trouble)).get([KEY]) == {}  # type: ignore[arg-type]


async def test_an_absent_server_is_asked_once_and_then_left_alone() -> None:
    stopwatch = AStopwatch()
    tried = Tried(ConnectionRefusedError())
    kept = RedisAnswers(tried, monotonic=stopwatch)  # type: ignore[arg-type]
    assert [await kept.get([KEY]) for _ in range(3)] == [{}, {}, {}]
    assert tried.times == 1
    stopwatch.now_s += RETRY_AFTER_S
    assert await kept.get([KEY]) == {}
    assert tried.times == 2


@pytest.mark.parametrize("values", [[], [None, None, None]])
async def test_an_answer_of_the_wrong_length_is_a_miss(values: list[Any]) -> None:
    kept = RedisAnswers(Tried(values))  # type: ignore[arg-type]
    assert await kept.get([KEY, OTHER]) == {}


class Tried:
    """Stands in for a client: answers every MGET alike, or fails it, and counts."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.times = answer, 0

    async def mget(self, _: list[str]) -> Any:
        self.times += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer
