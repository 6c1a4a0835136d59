"""Only public addresses are called, those that were looked at, under the name that was asked for."""

from collections.abc import Sequence

import httpx
import pytest

from remit.domain.errors import Invalid
from remit_integrations.addresses import Resolve, is_public
from remit_integrations.outward import Checked, NotAllowed, require_callable

PUBLIC = ("8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808")
NOT_PUBLIC = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:7f00:1::", "no address",
)  # fmt: skip


def resolving(*answers: Sequence[str]) -> Resolve:
    """Each time another answer."""
    left = iter(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return next(left)

    return resolve


class Recording(httpx.AsyncBaseTransport):
    """Notes where each request goes; cannot reach what is `down`."""

    def __init__(self, *down: str) -> None:
        self.down, self.went = down, list[tuple[str, str, object]]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.went.append((request.url.host, request.headers["host"], request.extensions.get("sni_hostname")))
        if request.url.host in self.down:
            raise httpx.ConnectError("down")
        return httpx.Response(204)


async def called(inner: Recording, resolve: Resolve, url: str = "https://hooks.example/x") -> int:
    async with httpx.AsyncClient(transport=Checked(inner, resolve)) as client:
        return (await client.post(url, content=b"{}")).status_code


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_leads_inside(address: str) -> None:
    assert not is_public(address)


async def test_the_address_that_was_looked_at_is_called_under_the_name() -> None:
    inner = Recording()
    assert await called(inner, resolving(["8.8.8.8"], ["127.0.0.1"])) == 204
    assert inner.went == [("8.8.8.8", "hooks.example", "hooks.example")]


async def test_a_name_of_other_letters_is_asked_for_as_it_is_in_certificates() -> None:
    inner = Recording()
    await called(inner, resolving(["8.8.8.8"]), "https://bücher.example/")
    assert inner.went == [("8.8.8.8", "xn--bcher-kva.example", "xn--bcher-kva.example")]


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1", "2606:4700::1"]])
async def test_a_host_with_an_address_inside_is_not_called_at_all(found: list[str]) -> None:
    inner = Recording()
    with pytest.raises(NotAllowed):
        await called(inner, resolving(found))
    assert inner.went == []


async def test_the_next_address_is_called_when_one_cannot_be_reached() -> None:
    inner = Recording("2606:4700::1")
    assert await called(inner, resolving(["2606:4700::1", "8.8.8.8"])) == 204
    assert [host for host, *_ in inner.went] == ["2606:4700::1", "8.8.8.8"]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/", "ftp://hooks.example/", "https:///x", "hooks.example", "https://user:pass@hooks.example/",
        "https://hooks.example/#x", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
        "https://hooks.example:99999/", "https://hooks.example:0/", "https://hooks example/", "https://ho%00oks.example/",
        "https://hooks..example/", f"https://{'a' * 64}.example/", "https://[v1.a]/",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_callable(url)
    assert "pass@" not in refused.value.message


def test_an_address_over_https_is_accepted_and_one_inside_where_that_is_allowed() -> None:
    require_callable("https://hooks.example/remit?key=1")
    require_callable("https://bücher.example:8443/ä b")
    require_callable("https://[2606:4700::1]/")
    require_callable("http://127.0.0.1:8080/", allow_private=True)
