"""What is decoded equals what was encoded, and no bytes whatever raise."""

from hypothesis import given
from hypothesis import strategies as st

from remit.cache.codec import decode, encode
from remit.domain.answers import Ownership


@given(st.lists(st.from_type(Ownership), max_size=4).map(tuple))
def test_what_is_decoded_equals_what_was_encoded(answers: tuple[Ownership, ...]) -> None:
    assert decode(encode(answers)) == answers


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert decode(data) is None or isinstance(decode(data), tuple)
