"""The model at one instant, and what it can be asked."""

from datetime import timedelta

from hypothesis import given, settings

from remit.domain.areas import Area, Stage
from remit.domain.catalogue import Driver, Lens
from remit.domain.facts import Facts
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.intervals import Interval
from remit.domain.model import model_at, paths_of, segment_of
from remit.domain.people import OwnerKind, OwnerRef, Person
from remit.usecases.shipped import shipped_catalogue
from support.large_models import large_facts
from support.model_strategies import models
from support.models import (
    LINE,
    NOON,
    PO,
    a_fact,
    a_function,
    a_lens,
    a_model,
    a_person,
    a_responsibility,
    a_split,
    a_team,
    an_area,
    an_assignment,
    some_minutes,
    the_root,
)

HOUR = timedelta(hours=1)


def test_only_what_is_valid_at_the_instant_is_in_the_model() -> None:
    body = an_area("payments").body
    facts = Facts(shipped_catalogue(), (the_root(), a_fact(body, Interval(NOON, NOON + HOUR))))
    instants = (NOON - HOUR, NOON, NOON + HOUR)
    assert [AreaKey("payments") in model_at(facts, at).areas for at in instants] == [False, True, False]


def test_r49_the_version_of_a_model_does_not_depend_on_the_instant_asked_about() -> None:
    facts = Facts(shipped_catalogue(), (the_root(), a_fact(an_area("payments").body, Interval(NOON))))
    assert model_at(facts, NOON).version == model_at(facts, NOON - HOUR).version == facts.digest


def test_two_instants_between_the_same_boundaries_are_of_one_segment() -> None:
    facts = Facts(shipped_catalogue(), (the_root(), a_fact(an_area("payments").body, Interval(NOON, NOON + 2 * HOUR))))
    assert [segment_of(facts, NOON + n * HOUR) for n in (-2, -1, 0, 1, 2, 3)] == [
        "-", "-", "2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z", "2026-06-01T14:00:00Z", "2026-06-01T14:00:00Z",
    ]  # fmt: skip


def test_a_declared_function_or_responsibility_is_added_or_overrides_the_shipped_one() -> None:
    model = a_model(a_function("design"), a_responsibility("release_notes", a_split("design")),
                    a_responsibility("leadership", a_split(PO)))  # fmt: skip
    shipped = [row.key for row in shipped_catalogue().responsibilities]
    assert list(model.functions) == ["product_management", "product_operations", "design"]
    assert list(model.responsibilities) == [*shipped, "release_notes"]
    assert model.responsibilities[shipped[13]].split == a_split(PO)


def test_a_declared_lens_is_added_or_overrides_the_shipped_one() -> None:
    model = a_model(a_lens("rhythm"), a_lens("focus", "What for"))
    assert list(model.lenses) == ["focus", "altitude", "methodology", "exposure", "rhythm"]
    assert model.lenses["focus"] == Lens("focus", "Focus", "What for")


def test_declared_minutes_are_a_fact_and_override_those_assumed_of_the_same_driver() -> None:
    told = some_minutes("backlog_management", Driver.ARRIVALS, 4)
    added = some_minutes("innovation", Driver.WIP, 1)
    model = a_model(told, added)
    shipped = {(row.responsibility, row.driver): row for row in shipped_catalogue().minutes}
    assert model.minutes == shipped | {
        (ResponsibilityKey("backlog_management"), Driver.ARRIVALS): told,
        (ResponsibilityKey("innovation"), Driver.WIP): added,
    }


def test_the_tree_is_walked_from_an_area_up_and_from_an_area_down() -> None:
    model = a_model(*LINE, an_area("billing"), an_area("basket", "checkout"))
    assert model.root == "acme"
    assert model.paths[AreaKey("cart")] == ("cart", "checkout", "payments", "acme")
    assert model.under(AreaKey("payments")) == ("payments", "checkout", "basket", "cart")
    assert model.under(None) == ("acme", "billing", "payments", "checkout", "basket", "cart")
    assert model.under(AreaKey("nowhere")) == ()


def test_an_empty_model_has_no_root_and_nothing_under_it() -> None:
    model = model_at(Facts(shipped_catalogue()), NOON)
    assert (model.root, model.under(None)) == (None, ())


def test_the_stage_in_force_is_the_nearest_one_set() -> None:
    model = a_model(the_root(Stage.ENTERPRISE), an_area("payments", stage=Stage.STARTUP), an_area("cart", "payments"),
                    an_area("billing"))  # fmt: skip
    assert model.stage_of(AreaKey("cart")) == (Stage.STARTUP, "payments")
    assert model.stage_of(AreaKey("billing")) == (Stage.ENTERPRISE, "acme")


def test_a_path_ends_at_a_parent_that_does_not_exist_and_at_a_loop() -> None:
    def areas(**parents: str) -> dict[AreaKey, Area]:
        return {AreaKey(key): Area(AreaKey(key), key, "team", AreaKey(parent)) for key, parent in parents.items()}

    assert paths_of(areas(cart="lost")) == {"cart": ("cart",)}
    assert paths_of(areas(a="b", b="c", c="a")) == {"a": ("a", "b", "c"), "b": ("b", "c"), "c": ("c",)}


def test_a_person_is_found_by_address_whatever_its_case_and_by_account() -> None:
    ana = Person(OwnerKey("ana"), "Ana", "Ana@acme.example", identities=(("jira", "1"), ("zendesk", "2")))
    model = a_model(a_fact(ana))
    assert model.emails["ana@acme.example"] == ana
    assert model.identities["zendesk", "2"] == ana


def test_r41_an_owner_is_active_or_a_team_with_an_active_member() -> None:
    model = a_model(a_person("ana"), a_person("omar", active=False), a_team("desk", "omar", "ana"),
                    a_team("crew", "omar"), a_team("ghosts", "omar"), an_assignment("acme", "ana"))  # fmt: skip
    active = {key: model.is_active(OwnerKey(key)) for key in ("ana", "omar", "desk", "crew", "nobody")}
    assert active == {"ana": True, "omar": False, "desk": True, "crew": False, "nobody": False}


def test_an_owner_is_a_person_or_a_team_or_does_not_exist() -> None:
    model = a_model(a_person("ana"), a_team("desk", "ana"))
    told = [model.owner(OwnerKey(key)) for key in ("ana", "desk", "nobody")]
    assert told == [OwnerRef(OwnerKind.PERSON, OwnerKey("ana")), OwnerRef(OwnerKind.TEAM, OwnerKey("desk")), None]


@given(models())
@settings(max_examples=50)
def test_every_path_leads_to_the_root_by_way_of_parents(facts: Facts) -> None:
    model = model_at(facts, NOON)
    for key, path in model.paths.items():
        parents = [model.areas[one].parent for one in path]
        assert path[0] == key
        assert parents == [*path[1:], None]


def test_a_large_model_is_the_same_for_the_same_seed_and_has_five_levels() -> None:
    one, other = large_facts(300, 200, 7), large_facts(300, 200, 7)
    model = model_at(one, NOON)
    assert one.digest == other.digest != large_facts(300, 200, 8).digest
    assert (len(model.areas), len(model.people)) == (300, 200)
    assert max(len(path) for path in model.paths.values()) == 5
