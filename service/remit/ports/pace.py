"""Holds all processes together to the number of requests a site allows."""

from typing import Protocol


class Pace(Protocol):
    """A budget of requests that every process asking one site shares."""

    async def turn(self, longest_s: float) -> None:
        """Wait until one more request may go out.

        Raises Limited, at once, when the site has asked not to be called for longer than `longest_s` from now.
        """
        ...

    async def silence(self, seconds: float) -> None:
        """The site asked not to be called for so long; known to every process from now on."""
        ...


class Paces(Protocol):
    """A budget for every site."""

    def of(self, site: str, *, per_second: float) -> Pace:
        """The budget of one site, named by its address without credentials; the same one each time in a process."""
        ...
