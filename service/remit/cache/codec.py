"""Turns kept answers into bytes and back."""

from typing import TypeVar

import msgspec

from remit.domain.answers import Ownership
from remit.ports import CountRows, Figures

Value = TypeVar("Value")
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(tuple[Ownership, ...])
_COUNTS = msgspec.msgpack.Decoder(tuple[tuple[int, ...], ...])
_FIGURES = msgspec.msgpack.Decoder(Figures)

FORMAT = 1
"""Part of every key: raised when the shape of an answer changes, so that old bytes are never read as new ones."""


def encode(answers: tuple[Ownership, ...]) -> bytes:
    return _ENCODER.encode(answers)


def decode(data: bytes) -> tuple[Ownership, ...] | None:
    """The answers, or None for bytes that are none of ours."""
    return _read(_DECODER, data)


def encode_counts(rows: CountRows) -> bytes:
    return _ENCODER.encode(rows)


def decode_counts(data: bytes) -> CountRows | None:
    """The counts, or None for bytes that are none of ours."""
    return _read(_COUNTS, data)


def encode_figures(figures: Figures) -> bytes:
    return _ENCODER.encode(figures)


def decode_figures(data: bytes) -> Figures | None:
    """What signals came to, or None for bytes that are none of ours."""
    return _read(_FIGURES, data)


def _read(decoder: msgspec.msgpack.Decoder[Value], data: bytes) -> Value | None:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # whatever the bytes: text that is no UTF-8, nesting
        return None
