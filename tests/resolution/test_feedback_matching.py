"""Which area a piece of feedback belongs to."""

import pytest

from remit.domain.feedback import offering
from remit.domain.ids import AreaKey, SourceName
from remit.resolution.feedback_matching import areas_of_offers
from support.feedback import DESK
from support.model_files import after
from support.models import a_model

MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments, cards]}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cards]}]}
  - {key: refunds, name: Refunds, kind: team, parent: shop,
     feedback: [{source: zendesk, tags: [payments], groups: [Money]}, {source: zendesk, groups: [Returns]}]}
  - {key: search, name: Search, kind: team, parent: shop, feedback: [{source: zendesk, groups: [Returns]}]}
"""


@pytest.mark.parametrize(
    ("offers", "areas"),
    [
        pytest.param({"tags": ["payments"]}, ["shop"], id="one of its values suffices"),
        pytest.param({"tags": ["other"]}, [], id="none of its values"),
        pytest.param({}, [], id="nothing offered"),
        pytest.param({"tags": ["cards"]}, ["checkout"], id="the deeper of equal ones"),
        pytest.param({"tags": ["cards", "payments"], "groups": ["Money"]}, ["refunds"], id="more criteria win"),
        pytest.param({"groups": ["Money"]}, [], id="every criterion has to hold"),
        pytest.param({"groups": ["Returns"]}, ["refunds", "search"], id="as deep and as many: both"),
        pytest.param({"groups": [" Returns "]}, ["refunds", "search"], id="spaces around a value do not count"),
        pytest.param({"groups": ["returns"]}, [], id="case counts"),
    ],
)
def test_the_area_of_feedback(offers: dict[str, list[str]], areas: list[str]) -> None:
    assert areas_of_offers(a_model(*after(MODEL)), DESK, offering(**offers)) == tuple(map(AreaKey, areas))


def test_a_selector_is_for_its_source_only() -> None:
    assert areas_of_offers(a_model(*after(MODEL)), SourceName("intercom"), offering(tags=["payments"])) == ()
