"""The present instant, as use cases ask for it."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""The present instant, with an offset."""
