"""What the courses of a source rest on, as digests: where they differ, courses are worked out or placed anew."""

from remit.domain.model import Model
from remit.ports import Basis
from remit.resolution.courses import Statuses

PLACING = "2"
"""Raised when the same records come into other areas by the same selectors: all are placed anew then, in seconds.

Since 2 requests are in none as issues.
"""
MOVED = "moved"
"""Names selectors that no model has: what is below an item that was moved is to be placed anew."""


def basis_of(known: Statuses, model: Model) -> Basis:
    """Of courses worked out by these statuses and placed by this model's selectors."""
    return Basis(known.digest, f"{PLACING} {model.matching}")
