"""Bytes become text, or are refused for what they are."""

import pytest

from remit.domain.errors import Invalid
from remit.exchange.decoding import decoded

WRONG = {
    "nothing": (b"", "the file is empty; check that it is the one you meant [EMPTY_FILE]"),
    "only blanks": (b"\xef\xbb\xbf \r\n", "the file is empty; check that it is the one you meant [EMPTY_FILE]"),
    "latin 1": ("é\nmü".encode("latin-1"), "line 1: the byte 0xe9 is not UTF-8; save the file as UTF-8 [ENCODING]"),
    "latin 1 below": (b"area\nm\xfc", "line 2: the byte 0xfc is not UTF-8; save the file as UTF-8 [ENCODING]"),
    "utf 16": ("area".encode("utf-16"), "line 1: this is UTF-16 text; save it as UTF-8 [ENCODING]"),
    "a workbook": (b"PK\x03\x04\n\x00\x00", "line 2: this is no text; export it as text first [BINARY_FILE]"),
    "too much": (b"x" * 101, "more than 100 bytes; import it in parts [TOO_LARGE]"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "told"), WRONG.values(), ids=WRONG)
def test_what_is_no_text_is_told(data: bytes, told: str) -> None:
    with pytest.raises(Invalid, match="cannot be read; nothing was applied") as caught:
        decoded(data, largest=100)
    assert [str(problem) for problem in caught.value.problems] == [told]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without", "with"])
def test_a_byte_order_mark_does_not_matter(mark: bytes) -> None:
    assert decoded(mark + "área\n".encode()) == "área\n"
