"""How fast a site may be called: together, in order, not at all while it wants silence, and also without Redis."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from structlog.testing import capture_logs

from remit.cache.pace import BURST_S, LONGEST_SILENCE_S, Budget, SitePace, SitePaces
from remit.cache.redis import RETRY_AFTER_S, connect
from remit.domain.errors import Limited

SITE = "https://acme.example"
SLOW = 0.001
"""A request in a thousand seconds: whatever the machine is doing meanwhile does not show in the waits."""
PATIENT_S = 1e9


class Time:
    """Seconds that pass when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds

    def thousands(self) -> list[int]:
        return [round(seconds / 1000) for seconds in self.slept]


def a_pace(time: Time, client: Redis | None, per_second: float = SLOW, site: str = SITE) -> SitePace:
    return SitePace(site, per_second, client, clock=time, sleep=time.sleep)


class Deaf:
    """A Redis that is not there, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def eval(self, *_: object) -> None:
        self.asked += 1
        raise ConnectionRefusedError


class PaceContract:
    async def test_the_first_request_does_not_wait(self, time: Time, client: Redis | None) -> None:
        await a_pace(time, client).turn(PATIENT_S)
        assert time.slept == []

    async def test_what_a_second_allows_may_go_out_at_once_after_a_pause(
        self, time: Time, client: Redis | None
    ) -> None:
        pace = a_pace(time, client, per_second=40)
        for _ in range(40):
            await pace.turn(PATIENT_S)
        assert sum(time.slept) < 0.001

    async def test_a_long_silence_is_told_instead_of_waited_for(self, time: Time, client: Redis | None) -> None:
        pace = a_pace(time, client)
        await pace.silence(1847)
        with pytest.raises(Limited, match=f"{SITE} asked not to be called for another 1847 s; try again after"):
            await pace.turn(30)
        assert time.slept == []

    async def test_a_shorter_wish_does_not_shorten_a_longer_one(self, time: Time, client: Redis | None) -> None:
        pace = a_pace(time, client)
        await pace.silence(1847)
        await pace.silence(1)
        with pytest.raises(Limited, match="another 1847 s"):
            await pace.turn(30)

    async def test_nobody_is_silent_for_years(self, time: Time, client: Redis | None) -> None:
        pace = a_pace(time, client)
        await pace.silence(999_999_999)
        with pytest.raises(Limited) as caught:
            await pace.turn(30)
        assert caught.value.retry_after_s == pytest.approx(LONGEST_SILENCE_S)

    async def test_sites_do_not_wait_for_each_other(self, time: Time, client: Redis | None) -> None:
        await a_pace(time, client).silence(1847)
        await a_pace(time, client, site="https://other.example").turn(30)
        assert time.slept == []


class TestWithoutRedis(PaceContract):
    @pytest.fixture
    def time(self) -> Time:
        return Time()

    @pytest.fixture
    def client(self) -> None:
        return None

    async def test_requests_go_out_at_the_rate(self, time: Time) -> None:
        pace = a_pace(time, None)
        for _ in range(4):
            await pace.turn(PATIENT_S)
        assert time.thousands() == [1, 1, 1]

    async def test_a_wish_for_silence_is_kept(self, time: Time) -> None:
        pace = a_pace(time, None, per_second=1000)
        await pace.turn(PATIENT_S)
        await pace.silence(20)
        await pace.turn(30)
        assert time.slept[0] == pytest.approx(20, abs=0.001)


class TestInRedis(PaceContract):
    """On the newest Valkey and on Redis 6.2."""

    @pytest.fixture
    def time(self) -> Time:
        return Time()

    @pytest.fixture
    def client(self, redis: Redis) -> Redis:
        return redis

    async def test_processes_share_one_budget(self, time: Time, redis: Redis, redis_url: str) -> None:
        async with connect(redis_url) as other:
            paces = [a_pace(time, redis), a_pace(time, other), a_pace(time, redis)]
            for pace in paces:
                await pace.turn(PATIENT_S)
        assert time.thousands() == [1, 2], "the server's clock stands still while these only seem to sleep"

    async def test_a_silence_is_known_to_every_process(self, time: Time, redis: Redis, redis_url: str) -> None:
        async with connect(redis_url) as other:
            await a_pace(time, redis).silence(1847)
            with pytest.raises(Limited) as caught:
                await a_pace(time, other).turn(30)
        assert caught.value.retry_after_s is not None
        assert 1700 < caught.value.retry_after_s <= 1847

    async def test_what_is_kept_goes_by_itself(self, time: Time, redis: Redis) -> None:
        pace = a_pace(time, redis, per_second=40)
        await pace.turn(PATIENT_S)
        (key,) = await redis.keys("remit:pace:*")
        assert 0 < await redis.ttl(key) <= 60
        await pace.silence(1000)
        assert 1000 < await redis.ttl(key) <= 1062

    async def test_many_requests_are_few_round_trips(self, time: Time, redis: Redis) -> None:
        pace = a_pace(time, redis, per_second=1000)
        before = (await redis.info("commandstats")).get("cmdstat_eval", {}).get("calls", 0)
        for _ in range(250):
            await pace.turn(PATIENT_S)
        assert (await redis.info("commandstats"))["cmdstat_eval"]["calls"] - before == 3

    async def test_a_key_of_another_type_is_no_reason_to_stop(self, time: Time, redis: Redis) -> None:
        pace = a_pace(time, redis)
        await pace.turn(PATIENT_S)
        (key,) = await redis.keys("remit:pace:*")
        await redis.delete(key)
        await redis.rpush(key, "a list")
        await pace.turn(PATIENT_S)
        assert time.slept == []


async def test_without_redis_the_process_keeps_the_budget_alone_and_asks_again_later() -> None:
    time, deaf = Time(), Deaf()
    pace = a_pace(time, deaf, per_second=1)  # type: ignore[arg-type]
    with capture_logs() as logs:
        for _ in range(5):
            await pace.turn(PATIENT_S)
    assert [(log["event"], log["site"], log["trouble"]) for log in logs] == [
        ("pace.alone", SITE, "ConnectionRefusedError")
    ] * deaf.asked
    assert (time.slept, deaf.asked, RETRY_AFTER_S) == ([1.0] * 4, 2, 2.0)


async def test_a_silence_counts_without_redis_too() -> None:
    time = Time()
    pace = a_pace(time, Deaf())  # type: ignore[arg-type]
    await pace.silence(1847)
    with pytest.raises(Limited):
        await pace.turn(30)


async def test_who_asks_first_is_served_first() -> None:
    time, served = Time(), list[int]()
    pace = a_pace(time, None)

    async def one(number: int) -> None:
        await pace.turn(PATIENT_S)
        served.append(number)

    await asyncio.gather(*map(one, range(5)))
    assert served == [0, 1, 2, 3, 4]


async def test_a_site_has_one_budget_in_a_process() -> None:
    paces = SitePaces()
    assert paces.of(SITE, per_second=40) is paces.of(SITE, per_second=40)
    assert paces.of(SITE, per_second=40) is not paces.of("https://other.example", per_second=40)


def test_after_a_silence_not_everybody_calls_at_once() -> None:
    budget = Budget()
    budget.silence(30, now=0.0)
    assert budget.take(0.5, now=30.0).wait_s == 0.5


Asked = st.lists(st.tuples(st.floats(0, 5), st.floats(0.001, BURST_S)), min_size=1, max_size=30)
"""After how many seconds, and for what share of a second's requests."""


@given(Asked)
def test_in_no_stretch_of_time_more_goes_out_than_the_rate_and_one_burst(asked: list[tuple[float, float]]) -> None:
    budget, now, granted = Budget(), 0.0, list[tuple[float, float]]()
    for later_s, cost_s in asked:
        now += later_s
        granted.append((now + budget.take(cost_s, now).wait_s, cost_s))
    for first, (begin, _) in enumerate(granted):
        spent = 0.0
        for end, cost_s in granted[first:]:
            spent += cost_s
            assert spent <= end - begin + BURST_S + 1e-6
    assert all(earlier <= later for (earlier, _), (later, _) in pairwise(granted))
