"""`remit webhook`: a secret that is printed once, a list without it, an end by name; a worker that tells of changes."""

import signal

from standardwebhooks import Webhook

from support.asking_commands import Ended, Shell, end, heard
from support.model_files import HEAD
from support.subscriber import a_subscriber

URL = "https://hooks.example.org/remit"


async def test_a_webhook_is_added_listed_and_removed(shell: Shell) -> None:
    made = await shell.remit("webhook", "add", "chat", URL)
    twice = await shell.remit("webhook", "add", "chat", URL)
    listed = await shell.remit("webhook", "list")
    removed = await shell.remit("webhook", "remove", "chat")
    again = await shell.remit("webhook", "remove", "chat")
    empty = await shell.remit("webhook", "list")
    assert (made.code, made.err, made.out.startswith("whsec_")) == (0, "", True)
    assert twice == Ended(1, "", "remit: there is a webhook named 'chat'; choose another name, or remove it first\n")
    assert listed.out.split("\t")[:6] == ["chat", URL, "everything", "active", "0 waiting", "0 parked"]
    assert made.out.strip() not in listed.out
    assert removed == Ended(0, "chat is told nothing more.\n", "")
    assert again == Ended(1, "", "remit: there is no webhook named 'chat'; see `remit webhook list`\n")
    assert empty == Ended(0, "", "")


async def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(shell: Shell) -> None:
    inside = await shell.remit("webhook", "add", "chat", "https://169.254.169.254/")
    nowhere = await shell.remit("webhook", "add", "chat", URL, "--area", "moon")
    nobody = await shell.remit("webhook", "add", " ", URL)
    unknown = await shell.remit("webhook", "replay", "chat")
    never = await shell.remit("webhook", "replay", "--since", "soon")
    assert [one.code for one in (inside, nowhere, nobody, unknown, never)] == [1] * 5
    assert inside.err == (
        "remit: 169.254.169.254 is not a public address; REMIT_WEBHOOKS_ALLOW_PRIVATE=true allows it\n"
    )
    assert nowhere.err == "remit: there is no area 'moon' now\n"
    assert (await shell.remit("webhook", "list")).out == ""


async def test_a_worker_without_a_source_tells_webhooks_and_a_replay_sends_again(shell: Shell) -> None:
    allowing = shell.having(REMIT_WEBHOOKS_ALLOW_PRIVATE="true", REMIT_LOG="json")
    (shell.home / "model.yaml").write_text(HEAD, encoding="utf-8")
    async with a_subscriber() as theirs:
        secret = (await allowing.remit("webhook", "add", "chat", theirs.url)).out.strip()
        await allowing.remit("model", "apply", "model.yaml")
        async with allowing.remit_running("worker") as process:
            assert await heard(process, "Ctrl-C") == "Telling webhooks; Ctrl-C ends it.\n"
            await theirs.received(1)
            assert '"change": 1' in await heard(process, "webhook.delivered")
            none = await allowing.remit("webhook", "replay", "chat")
            again = await allowing.remit("webhook", "replay", "chat", "--since", "2026-01-01")
            await theirs.received(2)
            ended = await end(process, signal.SIGTERM)
    for got in theirs.got:
        Webhook(secret).verify(got.body, got.headers)
    assert (none.out, again.out) == ("0 events to be sent by the workers.\n", "1 event to be sent by the workers.\n")
    assert (len({got.id for got in theirs.got}), theirs.got[0].told["type"]) == (1, "ownership.changed")
    assert (ended.code, secret in ended.err) == (0, False)
