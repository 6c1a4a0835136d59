"""19. Real answers are not as the vendor's documents say: nulls, unknown properties, unknown values.

The mistake: to model the documents strictly, and to stop at the first issue that is as issues are.
"""

import json
from typing import Any

import pytest

from remit.domain.records import BacklogEvent, StatusCategory
from remit_integrations.standins.jira.faults import Fault
from remit_integrations.standins.jira.site import Flavour
from support.desks import JIRA, NOW
from support.jira_site import SEARCH, a_record, a_site, served

SEARCHES = {Flavour.CLOUD: SEARCH, Flavour.DATACENTER: "POST /rest/api/2/search"}
NOBODY_KNOWS = {"aNewProperty": {"deep": [None, 1]}}


def with_news(body: bytes) -> bytes:
    """Every object of an answer has a property that no document names."""

    def renewed(told: Any) -> Any:
        if isinstance(told, list):
            return [renewed(one) for one in told]
        return (
            {**{name: renewed(one) for name, one in told.items()}, **NOBODY_KNOWS} if isinstance(told, dict) else told
        )

    return json.dumps(renewed(json.loads(body))).encode()


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_nulls_unknown_properties_and_unknown_values_are_read_as_what_they_say(flavour: Flavour) -> None:
    record = a_record(
        1,
        status={"name": "Somewhere", "statusCategory": {"key": "orbiting"}},
        priority=None, assignee=None, components=None, labels=[None, "late"], parent=None, resolutiondate=None,
    )  # fmt: skip
    site = a_site(record, flavour=flavour)
    nulls = dict.fromkeys(("from", "fromString", "to", "toString", "fieldId", "tmpFromAccountId"))
    site.histories["10001"] = [
        {"id": "5", "created": NOW.isoformat(), "author": None, "items": [{"field": "assignee", **nulls}]}
    ]
    site.faults.next(SEARCHES[flavour], Fault(twist=with_news), times=9)
    async with served(site) as jira:
        (page,) = await jira.pages()
    (item,) = [pulled.item for pulled in page.items]
    assert (item.status, item.category, item.labels, item.components) == (
        "Somewhere", StatusCategory.UNKNOWN, ("late",), (),
    )  # fmt: skip
    assert page.events == (BacklogEvent(JIRA, "10001", "5", 0, NOW, "assignee"),)
    assert page.parked == ()
