"""Behind a company's proxy and its own certificate authority: the environment says how to get out."""

import base64
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from remit.domain.errors import Rejected, SourceTrouble, Unavailable
from remit_integrations.http import PROXIES, calling
from remit_integrations.trust import trusted
from support.desks import JIRA, a_desk
from support.jira_site import IMPATIENT, a_site, many, served
from support.jira_wire import answer, answering_bytes

GOOD = answer(b'{"good": true}')
OURS = f"Authorization: Basic {base64.b64encode(b'me:secret').decode()}"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC")
Environment = Callable[..., None]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Sets variables of the environment; whatever else it says of proxies is gone for the test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    def say(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return say


async def got(url: str) -> bytes:
    async with calling(url, what="Jira", settings="REMIT_JIRA_URL", auth=("me", "secret"), patience=IMPATIENT) as call:
        return await call.get("/rest/x")


async def trouble(url: str) -> SourceTrouble:
    with pytest.raises(SourceTrouble) as caught:
        await got(url)
    return caught.value


async def test_a_site_is_asked_through_the_proxy_with_our_own_credentials(environment: Environment) -> None:
    async with answering_bytes(GOOD) as proxy:
        environment(HTTP_PROXY=proxy.url)
        assert await got("http://jira.example.com") == b'{"good": true}'
    (head,) = proxy.heads
    assert head.startswith("GET http://jira.example.com/rest/x HTTP/1.1\r\n")
    assert OURS in head.split("\r\n")


async def test_the_way_to_an_https_site_is_asked_of_the_proxy_without_our_credentials(environment: Environment) -> None:
    async with answering_bytes(answer(b"", "403 Forbidden")) as proxy:
        environment(HTTPS_PROXY=proxy.url)
        told = await trouble("https://jira.example.com")
    assert (type(told), told.message) == (
        Unavailable,
        f"the proxy does not lead to Jira (403 Forbidden); check {PROXIES}",
    )
    assert {head.split("\r\n")[0] for head in proxy.heads} == {"CONNECT jira.example.com:443 HTTP/1.1"}
    assert not [head for head in proxy.heads if "authorization" in head.lower()]


async def test_a_site_that_needs_no_proxy_is_asked_directly(environment: Environment) -> None:
    async with answering_bytes(GOOD) as proxy, answering_bytes(GOOD) as site:
        environment(HTTP_PROXY=proxy.url, NO_PROXY="127.0.0.1")
        await got(site.url)
    assert (len(proxy.heads), len(site.heads)) == (0, 1)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
async def test_loopback_is_never_asked_through_a_proxy(environment: Environment, variable: str) -> None:
    desk = await a_desk(model=None, synchronised=False)
    async with answering_bytes(GOOD) as proxy, answering_bytes(GOOD) as site, served(a_site(*many(2))) as jira:
        environment(**{variable: proxy.url})
        done = await jira.synchronised(desk)
        await got(site.url.replace("127.0.0.1", "localhost"))
    assert (done.source, done.seen, len(site.heads), proxy.heads) == (JIRA, 2, 1, [])


async def test_a_password_for_the_proxy_goes_to_the_proxy_and_into_no_message(environment: Environment) -> None:
    async with answering_bytes(answer(b"", "407 Proxy Authentication Required")) as proxy:
        environment(HTTPS_PROXY=proxy.url.replace("http://", "http://us:word-4711@"))
        told = await trouble("https://jira.example.com")
    assert told.message == f"the proxy does not lead to Jira (407 Proxy Authentication Required); check {PROXIES}"
    sent = base64.b64encode(b"us:word-4711").decode()
    assert f"proxy-authorization: basic {sent}".lower() in proxy.heads[0].lower()


@pytest.mark.parametrize("address", ["gopher://us:word-4711@proxy", "socks5://us:word-4711@127.0.0.1:1", "http://[::1"])
async def test_a_proxy_that_cannot_be_one_is_a_sentence(environment: Environment, address: str) -> None:
    environment(ALL_PROXY=address)
    told = await trouble("http://jira.example.com")
    assert (type(told), told.message, told.__cause__, told.__suppress_context__) == (
        Rejected,
        f"Jira cannot be reached: the address of the proxy cannot be used; check {PROXIES}",
        None,
        True,
    )


async def test_a_proxy_that_is_not_there_is_unavailable(environment: Environment) -> None:
    environment(HTTP_PROXY="http://127.0.0.1:1")
    assert type(await trouble("http://jira.example.com")) is Unavailable


@pytest.mark.parametrize("holds", [None, b"no certificate"])
async def test_an_authority_that_cannot_be_read_is_a_sentence(
    environment: Environment, tmp_path: Path, holds: bytes | None
) -> None:
    file = tmp_path / "authority.pem"
    if holds is not None:
        file.write_bytes(holds)
    environment(SSL_CERT_FILE=str(file))
    told = await trouble("https://127.0.0.1:1")
    assert (type(told), told.message) == (
        Rejected,
        "Jira cannot be reached: SSL_CERT_FILE or SSL_CERT_DIR holds no certificates",
    )


async def test_our_credentials_are_never_those_of_a_netrc_file(environment: Environment, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login other password other\n")
    file.chmod(0o600)
    environment(NETRC=str(file), HOME=str(tmp_path))
    async with answering_bytes(GOOD) as site:
        await got(site.url)
    assert [line for line in site.heads[0].split("\r\n") if line.startswith("Authorization")] == [OURS]


def authorities() -> str:
    """Those that are trusted by whom nothing else is told."""
    found = httpx.create_ssl_context(trust_env=False).get_ca_certs(binary_form=True)
    return "".join(map(ssl.DER_cert_to_PEM_cert, found))


def test_authorities_are_read_once_as_long_as_nothing_else_is_told(environment: Environment, tmp_path: Path) -> None:
    ours = tmp_path / "ours.pem"
    environment()
    usual = trusted()
    assert trusted() is usual
    ours.write_text(authorities())
    environment(SSL_CERT_FILE=str(ours))
    told = trusted()
    assert (told is usual, told is trusted()) == (False, True)
    ours.write_bytes(ours.read_bytes() + b"\n")
    assert trusted() is not told


def test_a_file_that_is_missing_is_looked_for_again(environment: Environment, tmp_path: Path) -> None:
    ours = tmp_path / "ours.pem"
    environment(SSL_CERT_FILE=str(ours))
    for _ in range(2):
        with pytest.raises(OSError, match="No such file"):
            trusted()
    ours.write_text(authorities())
    assert trusted().get_ca_certs()
