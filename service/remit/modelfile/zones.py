"""Time zones by their names."""

from zoneinfo import ZoneInfo


def zone_named(name: str) -> ZoneInfo | None:
    """The zone, or None for a name that is none: unknown, a path, a folder of zones."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
