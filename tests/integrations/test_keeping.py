"""How much of what customers write is kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.ids import SourceName
from remit_integrations.keeping import EXCERPT, Keeping, Texts, scrubbed
from support.feedback import an_item

LOCAL = st.text("abcxyzäß0189._+-", min_size=1, max_size=12)
ADDRESSES = st.builds("{}@{}.example".format, LOCAL, st.text("abcxyz0189-", min_size=1, max_size=12))
WORDS = st.text(st.characters(exclude_characters="@"), max_size=40).map(lambda told: told.replace("%40", ""))


@given(ADDRESSES, WORDS, WORDS, st.sampled_from(Texts))
def test_no_address_is_kept_wherever_it_stands(address: str, before: str, after: str, texts: Texts) -> None:
    told = (
        f"{before} {address} {after} <{address}>, mailto:{address} https://x.example/?to={address.replace('@', '%40')}"
    )
    payload = {"a": told, "b": [{"c": address, told: 1}], "d": {"requester": {"email": address}}}
    item = an_item(segment=address, linked=(address,), offers=(("tags", (address,)),))
    pulled = Keeping(texts).pulled(item, told, json.dumps(payload).encode())
    parked = Keeping(texts).parked(SourceName("zendesk"), address, f"not a time: {address}", json.dumps(told).encode())
    for kept in (repr(pulled), repr(parked), pulled.raw.decode(), parked.raw.decode()):
        assert address not in kept
        assert address.replace("@", "%40") not in kept


@pytest.mark.parametrize("part", ["a", "a%40", '"a', "a@", "%40", "<"])
def test_a_very_long_word_takes_no_longer_than_many_short_ones(part: str) -> None:
    """Were each of its letters a place to begin from, this would take hours."""
    kept = scrubbed(part * (1_000_000 // len(part)))
    assert ("a@" in kept, "a%40a" in kept) == (False, False)


@given(WORDS)
def test_what_is_no_address_stays(told: str) -> None:
    assert scrubbed(told) == told.replace("\x00", "\ufffd")


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (Texts.NONE, ""),
        (Texts.EXCERPT, ("It fails. " * 100)[: EXCERPT - 1] + "…"),
        (Texts.FULL, "It fails. " * 100),
    ],
)
def test_as_much_of_a_text_is_kept_as_the_settings_say(texts: Texts, kept: str) -> None:
    text = "It fails. " * 100
    payload = {"id": 7, "state": "open", "body": text, "tags": ["a"], "rated": None}
    pulled = Keeping(texts).pulled(an_item(), text, json.dumps(payload).encode())
    assert (pulled.item.excerpt, json.loads(pulled.raw)) == (kept, {**payload, "body": kept})


def test_of_a_payload_that_is_no_json_nothing_is_kept() -> None:
    assert Keeping(Texts.FULL).parked(SourceName("zendesk"), "7", "broken", b"{To: ana").raw == b'"[not kept]"'


def test_half_of_an_emoji_is_kept_as_a_replacement() -> None:
    assert Keeping().payload(b'{"a": "\\ud83d"}') == '{"a":"\ufffd"}'.encode()
