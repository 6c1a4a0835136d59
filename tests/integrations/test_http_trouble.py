"""What each way of not being answered means: one sentence that says what to do, and whether trying again may help."""

import gzip
import socket
from dataclasses import replace

import pytest

from remit.domain.errors import Limited, Rejected, SourceTrouble, Unavailable
from remit_integrations.http import LARGEST_BODY_BYTES, calling
from remit_integrations.waits import Patience
from support.jira_site import IMPATIENT, a_site, served
from support.jira_wire import answer, answering_bytes

GOOD = answer(b'{"good": true}')
HTML = b"<html><title>Our wiki</title></html>"


async def got(url: str, patience: Patience = IMPATIENT) -> bytes:
    async with calling(url, what="Jira", settings="REMIT_JIRA_URL", auth=("me", "secret"), patience=patience) as call:
        return await call.get("/rest/x")


async def trouble(url: str) -> SourceTrouble:
    with pytest.raises(SourceTrouble) as caught:
        await got(url)
    return caught.value


async def test_a_good_answer_is_its_body() -> None:
    async with answering_bytes(GOOD) as wire:
        assert await got(wire.url) == b'{"good": true}'
    assert len(wire.heads) == 1


async def test_a_compressed_answer_is_its_body() -> None:
    async with answering_bytes(answer(gzip.compress(b'{"good": 1}'), Content_Encoding="gzip")) as wire:
        assert await got(wire.url) == b'{"good": 1}'


AGAIN = [
    (answer(HTML, "503 Service Unavailable", "text/html"), "Jira answered 503 to GET /rest/x; it may be down, "
                                                           "try again later"),
    (answer(b"{}", "500 Internal Server Error"), "Jira answered 500 to GET /rest/x; it may be down, try again later"),
    (answer(b"{}", "408 Request Timeout"), "Jira answered 408 to GET /rest/x; it may be down, try again later"),
    (answer(b"{}", "425 Too Early"), "Jira answered 425 to GET /rest/x; it may be down, try again later"),
    (answer(HTML, kind="text/html"), "Jira answered GET /rest/x with a page for people; check REMIT_JIRA_URL"),
    (answer(b"not gzip", Content_Encoding="gzip"), "Jira cannot be reached (DecodingError: Error -3 while "
     "decompressing data: incorrect header check); check REMIT_JIRA_URL"),
    (GOOD[:-5], "Jira cannot be reached (RemoteProtocolError: peer closed connection without sending complete message "
                "body (received 9 bytes, expected 14)); check REMIT_JIRA_URL"),
    (b"", "Jira cannot be reached (RemoteProtocolError: Server disconnected without sending a response.); "
          "check REMIT_JIRA_URL"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "says"), AGAIN, ids=[says for _, says in AGAIN])
async def test_what_may_pass_is_tried_again_and_then_told(wrong: bytes, says: str) -> None:
    async with answering_bytes(wrong) as wire:
        told = await trouble(wire.url)
    assert (type(told), told.message, len(wire.heads)) == (Unavailable, says, IMPATIENT.attempts)


@pytest.mark.parametrize(("wrong", "says"), AGAIN, ids=[says for _, says in AGAIN])
async def test_what_has_passed_is_not_even_told(wrong: bytes, says: str) -> None:
    async with answering_bytes(wrong, GOOD) as wire:
        assert await got(wire.url) == b'{"good": true}'
    assert len(wire.heads) == 2


FINAL = [
    (answer(b"{}", "401 Unauthorized"), "Jira does not accept the credentials (401 to GET /rest/x); "
                                        "check REMIT_JIRA_URL"),
    (answer(b"{}", "403 Forbidden"), "Jira does not let this account call GET /rest/x (403); give it the permission, "
                                     "or check REMIT_JIRA_URL"),
    (answer(HTML, "404 Not Found", "text/html"), "Jira does not know GET /rest/x (404: a page for people); "
                                                 "check REMIT_JIRA_URL"),
    (answer(b'{"errorMessages": ["No  such\\nthing"]}', "404 Not Found"), "Jira does not know GET /rest/x (404: "
     '{"errorMessages": ["No such\\nthing"]}); check REMIT_JIRA_URL'),
    (answer(b"", "400 Bad Request"), "Jira refused GET /rest/x (400): no reason given"),
    (answer(b"\xff\xfe", "400 Bad Request"), "Jira refused GET /rest/x (400): \ufffd\ufffd"),
    (answer(b"x" * 9999, "400 Bad Request"), "Jira refused GET /rest/x (400): " + "x" * 300),
    (b"HTTP/1.1 204 No Content\r\n\r\n", "Jira answered GET /rest/x with 204 and no content; check REMIT_JIRA_URL"),
    (answer(b"", "302 Found", Location="https://id.example.com/login?continue=x"), "Jira redirects GET /rest/x to "
     "id.example.com; put the final address in REMIT_JIRA_URL"),
    (answer(b"", "301 Moved Permanently", Location="/login"), "Jira redirects GET /rest/x to another path; "
     "put the final address in REMIT_JIRA_URL"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "says"), FINAL, ids=[says[:60] for _, says in FINAL])
async def test_what_will_not_pass_is_told_at_once(wrong: bytes, says: str) -> None:
    async with answering_bytes(wrong, GOOD) as wire:
        told = await trouble(wire.url)
    assert (type(told), told.message, len(wire.heads)) == (Rejected, says, 1)


async def test_an_answer_too_large_to_be_a_page_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(b" " * (LARGEST_BODY_BYTES + 1), 1)
    async with answering_bytes(answer(bomb, Content_Encoding="gzip")) as wire:
        told = await trouble(wire.url)
    assert (type(told), told.message) == (
        Rejected,
        "Jira answered GET /rest/x with more than 64 MB, which no page of records has; check REMIT_JIRA_URL",
    )


async def test_nobody_listening_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told = await trouble(f"http://127.0.0.1:{port}")
    assert (type(told), told.message) == (
        Unavailable,
        "Jira cannot be reached (ConnectError: All connection attempts failed); check REMIT_JIRA_URL",
    )


async def test_a_site_that_says_nothing_is_unavailable() -> None:
    async with answering_bytes(silent=True) as wire:
        with pytest.raises(Unavailable) as caught:
            await got(wire.url, replace(IMPATIENT, silence_s=0.05))
    assert caught.value.message == "Jira cannot be reached (ReadTimeout); check REMIT_JIRA_URL"
    assert len(wire.heads) == IMPATIENT.attempts


async def test_https_to_a_server_that_speaks_plain_http_is_unavailable() -> None:
    async with served(a_site()) as jira:
        told = await trouble(jira.url.replace("http://", "https://"))
    assert type(told) is Unavailable
    assert told.message.startswith("Jira cannot be reached (ConnectError: [SSL")


@pytest.mark.parametrize("host", ["a..b", "a" * 70 + ".invalid", "\ud800.invalid"])
async def test_a_name_that_leads_nowhere_is_one_sentence(host: str) -> None:
    told = await trouble(f"http://{host}")
    assert type(told) in (Unavailable, Rejected)
    assert told.message.startswith("Jira ")
    assert told.message.endswith("; check REMIT_JIRA_URL")


@pytest.mark.parametrize("url", ["http://host:port", "http://[::1", "http://host:99999999"])
async def test_an_address_that_is_none_is_rejected(url: str) -> None:
    told = await trouble(url)
    assert type(told) in (Rejected, Unavailable)
    assert told.message.endswith("; check REMIT_JIRA_URL")


@pytest.mark.parametrize("told", [{"Retry_After": "90"}, {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "90"}])
async def test_a_403_that_tells_of_a_limit_is_no_lack_of_permission(told: dict[str, str]) -> None:
    async with answering_bytes(answer(b"{}", "403 Forbidden", **told)) as wire:
        limited = await trouble(wire.url)
    assert (type(limited), limited.message) == (Limited, "Jira asked to slow down for 90 s; try again after that")
    assert len(wire.heads) == 1


async def test_a_whole_answer_has_its_head() -> None:
    async with (
        answering_bytes(answer(b"[]", Link='<https://x.example/?page=2>; rel="next"')) as wire,
        calling(wire.url, what="Jira", settings="REMIT_JIRA_URL") as call,
    ):
        whole = await call.ask("/rest/x")
    assert (whole.body, whole.headers["link"]) == (b"[]", '<https://x.example/?page=2>; rel="next"')
