"""The shipped catalogue is what the model's description says, row by row (MODEL 2, 4, R15, R16)."""

from importlib.resources import files
from itertools import pairwise

import pytest
import yaml

from remit.domain.areas import Stage
from remit.domain.catalogue import Driver, ProfileRow, Split
from remit.domain.facts import Facts
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.workload import Worse
from remit.resolution.ownership import resolve
from remit.resolution.signals.catalogue import SIGNALS
from remit.usecases.shipped import catalogue, minutes, scales, shipped_catalogue
from support.models import PM, PO, C, R, a_model, a_person, a_split, an_assignment, the_root

PM_LEADS = a_split(PM)
PO_LEADS = a_split(PO, {PM: C})
BLURRY = a_split(None, {PM: R, PO: R})
DEFAULTS = {
    "vision_and_strategy": PM_LEADS,
    "innovation": PM_LEADS,
    "user_empathy": PM_LEADS,
    "mvp_development": PM_LEADS,
    "market_research": PM_LEADS,
    "roadmap_ownership": PM_LEADS,
    "goal_setting": PM_LEADS,
    "data_analytics": PO_LEADS,
    "coordination": PO_LEADS,
    "lifecycle_management": PO_LEADS,
    "documentation": PO_LEADS,
    "backlog_management": PO_LEADS,
    "feedback_analysis": PO_LEADS,
    "leadership": BLURRY,
    "communication": BLURRY,
    "team_meetings": BLURRY,
    "business_objectives": BLURRY,
}
PM_WITH_OPERATIONS = a_split(PM, {PO: R})
STAGES = {
    Stage.STARTUP: {
        "lifecycle_management": PM_LEADS,
        "coordination": PM_LEADS,
        "documentation": PM_LEADS,
        "backlog_management": PM_WITH_OPERATIONS,
        "mvp_development": PM_WITH_OPERATIONS,
        "data_analytics": PM_WITH_OPERATIONS,
        "feedback_analysis": PM_WITH_OPERATIONS,
    },
    Stage.SCALE_UP: {},
    Stage.ENTERPRISE: {
        "communication": PO_LEADS,
        "team_meetings": PO_LEADS,
        "business_objectives": PM_WITH_OPERATIONS,
    },
}
STAFFED_STARTUP = STAGES[Stage.STARTUP] | {"data_analytics": PO_LEADS, "feedback_analysis": PO_LEADS}


def test_the_two_functions_are_built_in() -> None:
    assert [function.key for function in shipped_catalogue().functions] == [PM, PO]


def test_every_responsibility_has_its_default_split() -> None:
    assert {row.key: row.split for row in shipped_catalogue().responsibilities} == DEFAULTS


def test_the_profiles_are_the_described_ones_and_no_more() -> None:
    staffed = ("data_analytics", "feedback_analysis")
    assert set(shipped_catalogue().profiles) == {
        ProfileRow(stage, ResponsibilityKey(key), PO_LEADS if stage is Stage.STARTUP and key in staffed else split,
                   split if stage is Stage.STARTUP and key in staffed else None)
        for stage, rows in STAGES.items()
        for key, split in rows.items()
    }  # fmt: skip


@pytest.mark.parametrize("stage", Stage)
def test_at_each_stage_every_responsibility_is_led_as_described(stage: Stage) -> None:
    model = a_model(the_root(stage))
    leads = {key: resolve(model, AreaKey("acme"), key).lead for key in model.responsibilities}
    assert leads == {key: split.lead for key, split in (DEFAULTS | STAGES[stage]).items()}


def test_a_start_up_with_operations_staff_lets_them_lead_analytics_and_feedback() -> None:
    model = a_model(the_root(Stage.STARTUP), an_assignment("acme", "omar", function=PO), a_person("omar"))
    leads = {key: resolve(model, AreaKey("acme"), key).lead for key in model.responsibilities}
    assert leads == {key: split.lead for key, split in (DEFAULTS | STAFFED_STARTUP).items()}


def test_every_responsibility_has_a_name_a_description_and_a_value_on_every_lens() -> None:
    shipped = shipped_catalogue()
    lenses = sorted(lens.key for lens in shipped.lenses)
    assert lenses == ["altitude", "exposure", "focus", "methodology"]
    for row in shipped.responsibilities:
        assert row.name
        assert row.description
        assert [lens for lens, _ in row.lenses] == lenses


def test_both_functions_have_a_value_on_every_lens() -> None:
    shipped = shipped_catalogue()
    lenses = sorted(lens.key for lens in shipped.lenses)
    assert {function.key: [lens for lens, _ in function.lenses] for function in shipped.functions} == {
        PM: lenses,
        PO: lenses,
    }


def test_the_values_of_a_lens_are_three_words_that_its_description_explains() -> None:
    shipped = shipped_catalogue()
    used: dict[str, set[str]] = {lens.key: set() for lens in shipped.lenses}
    for row in (*shipped.functions, *shipped.responsibilities):
        for lens, value in row.lenses:
            used[lens].add(value)
    assert used == {
        "focus": {"product", "people", "process"},
        "altitude": {"strategy", "quarter", "daily"},
        "methodology": {"discovery", "decision", "process"},
        "exposure": {"customers", "company", "team"},
    }


def test_every_shipped_row_says_whether_it_is_the_articles_or_ours() -> None:
    marks = {
        (section, row["source"])
        for file in ("catalogue.yaml", "minutes.yaml")
        for section, rows in yaml.safe_load(files("remit.data").joinpath(file).read_text(encoding="utf-8")).items()
        for row in rows
    }
    assert marks == {
        ("functions", "article"), ("lenses", "article"), ("responsibilities", "article"), ("stages", "ours"),
        ("minutes", "ours"),
    }  # fmt: skip


def test_every_signal_has_a_scale_once_in_the_signals_order_with_its_source_and_watched_before_it_is_too_much() -> None:
    shipped = shipped_catalogue().scales
    of_people = ["breadth", "areas_touched", "operational_share", "demand_hours", "utilisation"]
    assert [scale.signal for scale in shipped] == [*(kind.name for kind in SIGNALS), *of_people]
    assert all(scale.source.startswith("ours: assumption (") or ", 1961 (" in scale.source for scale in shipped)
    judged = [scale for scale in shipped if scale.watch is not None and scale.overloaded is not None]
    assert {scale.worse for scale in judged} == set(Worse)
    assert all((scale.overloaded > scale.watch) == (scale.worse is Worse.HIGH) for scale in judged)  # type: ignore[operator]


def test_a_scale_with_no_bad_end_is_refused() -> None:
    with pytest.raises(ValueError, match="'sideways' is not a valid Worse"):
        scales("thresholds: [{signal: wip, worse: sideways, watch: 1, overloaded: 2, source: ours}]")


def test_minutes_are_assumed_of_every_responsibility_and_by_every_driver() -> None:
    shipped = shipped_catalogue()
    assert {row.responsibility for row in shipped.minutes} == set(DEFAULTS)
    assert {row.driver for row in shipped.minutes} == set(Driver)
    assert all(0 < row.minutes <= 120 and row.reason for row in shipped.minutes)


def test_minutes_are_assumed_once_of_a_responsibility_and_driver_in_the_catalogues_order() -> None:
    order = list(DEFAULTS)
    places = [(order.index(row.responsibility), row.driver) for row in shipped_catalogue().minutes]
    assert len(set(places)) == len(places)
    assert all(one[0] <= other[0] for one, other in pairwise(places))


def test_minutes_by_a_driver_nobody_knows_are_refused() -> None:
    with pytest.raises(ValueError, match="weather"):
        minutes("minutes: [{responsibility: innovation, driver: weather, minutes: 1, reason: ''}]")


def test_what_belongs_to_leading_a_product_is_not_transferable() -> None:
    kept = {row.key for row in shipped_catalogue().responsibilities if not row.transferable}
    assert kept == {
        "vision_and_strategy", "innovation", "user_empathy", "mvp_development", "roadmap_ownership", "goal_setting",
        "leadership", "business_objectives",
    }  # fmt: skip


def test_the_catalogue_is_part_of_a_models_digest() -> None:
    other = catalogue(
        "functions: [{key: product_management, name: PM}]\nresponsibilities: []\nstages: []\nlenses: []\n"
    )
    assert Facts(other).digest != Facts(shipped_catalogue()).digest


def test_a_catalogue_row_without_a_lead_says_what_is_missing() -> None:
    row = "{key: x, name: X, description: '', transferable: true, lenses: {}}"
    with pytest.raises(KeyError, match="lead"):
        catalogue(f"functions: []\nresponsibilities: [{row}]\nstages: []\nlenses: []\n")


def test_a_split_that_only_lists_support_is_blurry() -> None:
    assert Split(None, ((PM, R),)).lead is None
