"""What a vault promises: a secret is renewed by one at a time, and nobody who reads the database can use it."""

import asyncio

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Broken, Invalid, NotFound, Rejected
from remit.domain.ids import SourceName
from remit.ports import Vault
from remit.storage.engine import connect, reading
from remit.storage.sealing import Seal
from remit.storage.tables import source_credential
from remit.storage.vault import PostgresVault, forget
from support.desks import JIRA
from support.memory_vault import MemoryVault
from support.processes import a_line, a_python

KEY, OTHER = Fernet.generate_key().decode(), Fernet.generate_key().decode()


CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Counting:
    """A renewal that tells what it was given, and how often it was asked."""

    def __init__(self) -> None:
        self.given: list[bytes | None] = []

    async def __call__(self, held: bytes | None) -> bytes:
        await asyncio.sleep(0)
        self.given.append(held)
        return f"secret {len(self.given)}".encode()


class VaultContract:
    async def test_at_first_nothing_is_held(self, vault: Vault) -> None:
        assert await vault.held(JIRA) is None

    async def test_what_was_renewed_is_held(self, vault: Vault) -> None:
        renewal = Counting()
        assert await vault.renew(JIRA, None, renewal) == b"secret 1"
        assert await vault.renew(JIRA, b"secret 1", renewal) == b"secret 2"
        assert await vault.held(JIRA) == b"secret 2"
        assert renewal.given == [None, b"secret 1"]

    async def test_what_another_renewed_is_not_renewed_again(self, vault: Vault) -> None:
        renewal = Counting()
        await vault.renew(JIRA, None, renewal)
        await vault.renew(JIRA, b"secret 1", renewal)
        assert [await vault.renew(JIRA, stale, renewal) for stale in (None, b"secret 1")] == [b"secret 2"] * 2
        assert len(renewal.given) == 2

    async def test_of_many_at_once_one_renews(self, vault: Vault) -> None:
        renewal = Counting()
        told = await asyncio.gather(*(vault.renew(JIRA, None, renewal) for _ in range(8)))
        assert (told, renewal.given) == ([b"secret 1"] * 8, [None])

    async def test_a_renewal_that_fails_leaves_everything_as_it_was(self, vault: Vault) -> None:
        await vault.renew(JIRA, None, Counting())

        async def fails(_: bytes | None) -> bytes:
            raise Rejected("no longer good")

        with pytest.raises(Rejected, match="no longer good"):
            await vault.renew(JIRA, b"secret 1", fails)
        assert await vault.held(JIRA) == b"secret 1"
        assert await vault.renew(JIRA, b"secret 1", Counting()) == b"secret 1"

    async def test_each_source_has_its_own(self, vault: Vault) -> None:
        await vault.renew(JIRA, None, Counting())
        assert await vault.held(SourceName("forum")) is None


class TestInMemory(VaultContract):
    @pytest.fixture
    def vault(self) -> Vault:
        return MemoryVault()


class TestInPostgres(VaultContract):
    @pytest.fixture
    def vault(self, engine: AsyncEngine) -> Vault:
        return PostgresVault(engine, Seal(KEY))

    async def test_over_engines_one_renews(self, vault: Vault, database: str) -> None:
        other, renewal = connect(database), Counting()
        vaults = (vault, PostgresVault(other, Seal(KEY)))
        told = await asyncio.gather(*(one.renew(JIRA, None, renewal) for one in vaults * 3))
        await other.dispose()
        assert (told, renewal.given) == ([b"secret 1"] * 6, [None])

    async def test_the_database_does_not_hold_the_secret_as_it_is(self, vault: Vault, engine: AsyncEngine) -> None:
        await vault.renew(JIRA, None, Counting())
        async with reading(engine) as connection:
            sealed: bytes = (await connection.execute(select(source_credential.c.sealed))).scalar_one()
        assert b"secret" not in sealed
        assert Fernet(KEY).decrypt(sealed) == b"secret 1"

    async def test_another_key_is_told_and_does_no_harm(self, vault: Vault, engine: AsyncEngine) -> None:
        await vault.renew(JIRA, None, Counting())
        wrong, renewal = PostgresVault(engine, Seal(OTHER)), Counting()
        for asked in (wrong.held(JIRA), wrong.renew(JIRA, None, renewal)):
            with pytest.raises(Rejected) as caught:
                await asked
            assert caught.value.message == (
                "what is kept to enter jira was sealed with another key; append that to REMIT_SECRET_KEY after a "
                "comma, or run `remit credential forget jira` and authorise anew"
            )
        assert (renewal.given, await vault.held(JIRA)) == ([], b"secret 1")

    async def test_a_key_is_exchanged_in_two_steps(self, vault: Vault, engine: AsyncEngine) -> None:
        await vault.renew(JIRA, None, Counting())
        both = PostgresVault(engine, Seal(f"{OTHER}, {KEY}"))
        assert await both.held(JIRA) == b"secret 1"
        await both.renew(JIRA, b"secret 1", Counting())
        assert await PostgresVault(engine, Seal(OTHER)).held(JIRA) == b"secret 1"

    async def test_what_is_forgotten_begins_anew(self, vault: Vault, engine: AsyncEngine) -> None:
        await vault.renew(JIRA, None, Counting())
        await forget(engine, JIRA)
        assert await vault.held(JIRA) is None
        with pytest.raises(NotFound, match="nothing is kept to enter 'jira'"):
            await forget(engine, JIRA)

    async def test_a_database_that_goes_away_meanwhile_keeps_the_former_secret(
        self, vault: Vault, engine: AsyncEngine
    ) -> None:
        await vault.renew(JIRA, None, Counting())

        async def cut(_: bytes | None) -> bytes:
            async with reading(engine) as connection:
                others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                await connection.execute(
                    text(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()")
                )
            return b"lost"

        with pytest.raises(Broken):
            await vault.renew(JIRA, b"secret 1", cut)
        assert await vault.held(JIRA) == b"secret 1"

    async def test_a_process_killed_while_it_renews_lets_go(self, vault: Vault, database: str) -> None:
        await vault.renew(JIRA, None, Counting())
        async with a_python(RENEWS, database, KEY) as process:
            assert await a_line(process) == "renewing"
            process.kill()
        assert await vault.renew(JIRA, b"secret 1", Counting()) == b"secret 1"


RENEWS = """
import asyncio, sys
from remit.storage.engine import connect
from remit.storage.sealing import Seal
from remit.storage.vault import PostgresVault

async def for_ever(held):
    print("renewing", flush=True)
    await asyncio.Event().wait()

asyncio.run(PostgresVault(connect(sys.argv[1]), Seal(sys.argv[2])).renew("jira", b"secret 1", for_ever))
"""


@pytest.mark.parametrize("keys", ["hush", "", ",", f"{KEY},hush", KEY[:-4], "AAAA" + KEY], ids=range(6))
def test_what_is_no_key_is_refused_and_not_shown(keys: str) -> None:
    with pytest.raises(Invalid) as caught:
        Seal(keys)
    assert caught.value.message == (
        "REMIT_SECRET_KEY must hold keys of 32 bytes in base64; make one with `openssl rand -base64 32`"
    )
    assert caught.value.__cause__ is None


def test_a_key_may_be_in_either_alphabet_of_base64() -> None:
    either = Fernet.generate_key().decode()
    assert Seal(either.replace("-", "+").replace("_", "/")).opened(Seal(either).sealed(b"x")) == b"x"
