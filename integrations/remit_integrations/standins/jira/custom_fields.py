"""The custom fields that a site begins with, as it tells of them: under the ids of the recorded Cloud issues."""

from typing import Any

Json = dict[str, Any]


def _custom(number: int, name: str, type_: str, custom: str, **schema: Any) -> Json:
    id_ = f"customfield_{number}"
    told = {"type": type_, "custom": custom, "customId": number, **schema}
    return {"id": id_, "key": id_, "name": name, "custom": True, "schema": told}


SPRINT = _custom(10020, "Sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint", items="json")
STORY_POINTS = _custom(10024, "Story Points", "number", "com.atlassian.jira.plugin.system.customfieldtypes:float")
STORY_POINT_ESTIMATE = _custom(
    10016, "Story point estimate", "number", "com.pyxis.greenhopper.jira:jsw-story-points"
)  # of projects that their teams manage
EPIC_LINK = _custom(10014, "Epic Link", "any", "com.pyxis.greenhopper.jira:gh-epic-link")


def beginning() -> list[Json]:
    """A list of a site's own, to which fields may be added while it runs."""
    return [dict(one) for one in (SPRINT, STORY_POINTS, STORY_POINT_ESTIMATE, EPIC_LINK)]
