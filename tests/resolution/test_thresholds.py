"""From where on a signal is too much: the nearest row wins, and each threshold tells who says so."""

import pytest

from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Threshold
from remit.domain.workload import Worse
from remit.resolution.thresholds import threshold_of, worse_end
from support.models import a_model, a_person, an_area, some_limits, the_root

TREE = (the_root(), an_area("shop"), an_area("cart", "shop"), an_area("pay"), a_person("ana"), a_person("ben"))
ORGANISATION = some_limits("wip", 10, 20, reason="measured in May")
SHOP = some_limits("wip", 5, None, area="shop", reason="a small team")
ANA = some_limits("wip", None, 3, person="ana")
ROOT = some_limits("wip", 7, 8, area="acme")


def test_what_ships_holds_where_nothing_is_said_and_names_its_source() -> None:
    told = "default, ours: assumption (two and four times the triage target of 7 days)"
    model = a_model(*TREE)
    for threshold in (
        threshold_of(model, "oldest_untriaged"),
        threshold_of(model, "oldest_untriaged", area=AreaKey("cart")),
        threshold_of(model, "oldest_untriaged", person=OwnerKey("ana")),
    ):
        assert threshold == Threshold(14, 30, told)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({}, Threshold(10, 20, "the organisation: measured in May")),
        ({"area": AreaKey("pay")}, Threshold(10, 20, "the organisation: measured in May")),
        ({"area": AreaKey("shop")}, Threshold(5, None, "area shop: a small team")),
        ({"area": AreaKey("cart")}, Threshold(5, None, "area shop: a small team")),
        ({"person": OwnerKey("ana")}, Threshold(None, 3, "person ana")),
        ({"person": OwnerKey("ben")}, Threshold(10, 20, "the organisation: measured in May")),
    ],
    ids=str,
)
def test_the_nearest_row_wins_as_a_whole(place: dict[str, str], expected: Threshold) -> None:
    model = a_model(*TREE, ORGANISATION, SHOP, ANA)
    assert threshold_of(model, "wip", **place) == expected  # type: ignore[arg-type]  # keys of both kinds


def test_a_row_of_the_root_is_one_of_the_organisation_for_everybody_and_beats_one_without_a_place() -> None:
    model = a_model(*TREE, ORGANISATION, ROOT)
    for threshold in (
        threshold_of(model, "wip"),
        threshold_of(model, "wip", area=AreaKey("cart")),
        threshold_of(model, "wip", person=OwnerKey("ben")),
    ):
        assert threshold == Threshold(7, 8, "area acme")


def test_a_row_says_nothing_of_another_signal() -> None:
    model = a_model(*TREE, ORGANISATION)
    assert threshold_of(model, "open_items").watch is None


def test_the_bad_end_of_a_signal_is_data() -> None:
    model = a_model(*TREE)
    assert worse_end(model, "service_ratio") is Worse.LOW
    assert worse_end(model, "utilisation") is Worse.HIGH


def test_a_signal_nobody_knows_has_no_threshold() -> None:
    with pytest.raises(KeyError, match="mood"):
        threshold_of(a_model(*TREE), "mood")
