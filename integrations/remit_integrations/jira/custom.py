"""The fields of a site's own that are read, and what their values say: sprints, story points, teams."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remit_integrations.decoding import clean

MOST_POINTS = 1e12
"""More is no estimate but a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Custom:
    """Ids of fields, for example customfield_10020. An item's estimate is the first of `estimates` that has one."""

    sprints: tuple[str, ...] = ()
    estimates: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.sprints, *self.estimates)))

    def joined(self, before: "Custom", listed: frozenset[str] | None) -> "Custom":
        """These, then those read before that the site still lists (None: it told no list, so all of them).

        A board that is out of sight for an hour must not change what is asked for and back again.
        """

        def joint(now: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys((*now, *(id_ for id_ in then if listed is None or id_ in listed))))

        return Custom(joint(self.sprints, before.sprints), joint(self.estimates, before.estimates))


_SPRINT = re.compile(r"[\[,]id=([0-9]+)[,\]]")


def sprint_ids(value: object) -> Iterator[str]:
    """The ids of a sprint field's value: the Cloud tells objects, a Data Center texts.

    Such a text is `com.atlassian.greenhopper.service.sprint.Sprint@1f2e[id=37,rapidViewId=5,state=ACTIVE,...]`.
    """
    if isinstance(value, list):
        for entry in value:
            yield from sprint_ids(entry)
    elif isinstance(value, dict):
        yield from sprint_ids(value.get("id"))
    elif isinstance(value, str):
        if value.isdecimal():
            yield value
        elif (told := _SPRINT.search(value)) is not None:
            yield told[1]
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def points(value: object) -> float | None:
    """A number field's value; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST_POINTS:
        return None
    return float(value)


def team_names(value: object) -> Iterator[str]:
    """The id and the name of a team field's value: Atlassian's team, a choice, plain text, or a list of those."""
    if isinstance(value, list):
        for entry in value:
            yield from team_names(entry)
    elif isinstance(value, dict):
        for name in ("id", "name", "title", "value"):
            if not isinstance(value.get(name), dict | list):
                yield from team_names(value.get(name))
    elif isinstance(value, str | int) and value and value is not True:
        yield clean(str(value))
