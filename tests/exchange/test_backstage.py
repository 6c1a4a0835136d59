"""A Backstage catalog becomes areas, teams, people and owners; what an entity does not say stays as it was."""

from collections.abc import Sequence

from remit.domain.areas import Area, Stage
from remit.domain.facts import Body, FactKind
from remit.domain.model import Model
from remit.domain.people import Person, Team
from remit.domain.policy import Assignment
from remit.exchange.backstage import read_backstage
from remit.exchange.reading import Reading
from support.exchanging import A_HOUSE, Beliefs, after, changes, imported, model_of, refused, told
from support.models import FALLBACK, NOON, PM, PO, A, C, a_fact, a_selector, a_team, an_area, an_assignment

CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: shop, title: The shop}
spec: {owner: "group:default/crew"}
---
kind: System
metadata: {name: cart}
spec: {owner: Eva, domain: shop, dependsOn: [resource:db], subsystem: ignored}
---
kind: Component
metadata: {name: basket, labels: {a: b}}
spec: {type: service, lifecycle: production, owner: user:ivo, system: system:default/cart}
---
kind: Component
metadata: {name: basket-icons}
spec: {subcomponentOf: basket}
---
kind: Group
metadata: {name: crew}
spec: {type: team, children: [], members: [ivo], profile: {displayName: The crew}}
---
kind: User
metadata: {name: ivo}
spec: {profile: {displayName: Ivo, email: ivo@acme.example}, memberOf: [desk]}
---
kind: User
metadata: {name: Eva}
spec: {memberOf: [group:default/crew]}
"""


def reader(text: str, model: Model) -> Reading:
    return read_backstage(text, model, PM)


def bodies(kind: FactKind, text: str, beliefs: Beliefs = A_HOUSE) -> Sequence[Body]:
    """What an import states anew of one kind, by key."""
    plan = imported(reader, text, beliefs)
    return [fact.body for fact in plan.opens if fact.kind is kind and plan.line_of(fact) is not None]


def test_entities_become_areas_below_what_they_belong_to() -> None:
    assert bodies(FactKind.AREA, CATALOG) == [
        Area("basket", "basket", "component", "cart"),
        Area("basket-icons", "basket-icons", "component", "basket"),
        Area("cart", "cart", "system", "shop"),
        Area("shop", "The shop", "domain", "acme"),
    ]


def test_groups_become_teams_with_those_they_list_and_those_who_say_so() -> None:
    desk = A_HOUSE[7].body
    assert desk == Team("desk", "Desk", None, ("omar",))
    assert bodies(FactKind.TEAM, CATALOG) == [
        Team("crew", "The crew", None, ("Eva", "ivo")),
        Team("desk", "Desk", None, ("ivo", "omar")),
    ]


def test_users_become_people() -> None:
    assert bodies(FactKind.PERSON, CATALOG) == [Person("Eva", "Eva"), Person("ivo", "Ivo", "ivo@acme.example")]


def test_owners_become_accountable_for_all_of_their_area_for_the_function_asked() -> None:
    assert bodies(FactKind.ASSIGNMENT, CATALOG) == [
        Assignment("basket", "all", PM, "ivo", A),
        Assignment("cart", "all", PM, "Eva", A),
        Assignment("shop", "all", PM, "crew", A),
    ]
    cells = read_backstage(CATALOG, model_of(A_HOUSE), PO).cells
    assert {cell.function for cell in cells} == {PO}


def test_the_same_catalog_again_changes_nothing() -> None:
    assert imported(reader, CATALOG, after(reader, CATALOG)).is_empty


def test_what_an_entity_does_not_say_stays_as_it_was() -> None:
    ana = a_fact(Person("ana", "Ana", "ana@acme.example", PM, 40.0, (("jira", "1"),), (("documentation", 2),), False))
    shop = an_area("shop", "payments", stage=Stage.STARTUP, jira=[a_selector(project="SHOP")])
    crew = a_fact(Team("crew", "Crew", PO, ("ana",)))
    beliefs = [*A_HOUSE[:3], ana, *A_HOUSE[4:], shop, crew]
    text = (
        "kind: Domain\nmetadata: {name: shop, title: New}\n---\nkind: Group\nmetadata: {name: crew, title: New}\n"
        "---\nkind: User\nmetadata: {name: ana}\nspec: {profile: {displayName: New}}\n"
    )
    assert changes(reader, text, beliefs) == [
        "~ area shop: name Shop -> New, kind team -> domain from 2026-06-01T12:00:00Z",
        "~ person ana: name Ana -> New from 2026-06-01T12:00:00Z",
        "~ team crew: name Crew -> New from 2026-06-01T12:00:00Z",
    ]


def test_a_new_owner_replaces_the_one_before_and_nobody_else() -> None:
    beliefs = [
        *A_HOUSE,
        an_assignment("payments", "rae", letter=C),
        an_assignment("payments", "omar", FALLBACK),
        an_assignment("payments", "omar", function=PO),
    ]
    text = "kind: Domain\nmetadata: {name: payments, annotations: {remit/kind: team}}\nspec: {owner: eva}\n"
    assert changes(reader, text, beliefs) == [
        "- assignment payments/all/product_management/ana ends at 2026-06-01T12:00:00Z",
        "+ assignment payments/all/product_management/eva (area: payments, responsibility: all,"
        " function: product_management, owner: eva, letter: accountable) from 2026-06-01T12:00:00Z",
    ]


def test_an_owner_that_only_repeats_the_one_above_is_no_statement() -> None:
    entity = "kind: Domain\nmetadata: {name: shop, annotations: {remit/inherited-owner: eva}}\nspec: {owner: %s}\n"
    assert bodies(FactKind.ASSIGNMENT, entity % "eva") == []
    assert bodies(FactKind.ASSIGNMENT, entity % "ana") == [Assignment("shop", "all", PM, "ana", A)]


def test_an_owner_settles_which_of_two_unlettered_ones_is_accountable() -> None:
    beliefs = [*A_HOUSE, an_assignment("payments", "eva")]
    text = "kind: Domain\nmetadata: {name: payments, annotations: {remit/kind: team}}\nspec: {owner: eva}\n"
    assert changes(reader, text, beliefs) == [
        "~ assignment payments/all/product_management/eva: letter nothing -> accountable from 2026-06-01T12:00:00Z"
    ]


def test_a_bare_owner_is_a_group_rather_than_a_user() -> None:
    text = (
        "kind: Group\nmetadata: {name: Web, annotations: {remit/key: web-team}}\n---\nkind: User\n"
        "metadata: {name: web, annotations: {remit/key: web-person}}\n---\n"
        "kind: Domain\nmetadata: {name: shop}\nspec: {owner: WEB}\n"
    )
    assert [fact.owner for fact in bodies(FactKind.ASSIGNMENT, text) if isinstance(fact, Assignment)] == ["web-team"]


def test_an_annotation_gives_a_key_where_two_entities_share_a_name() -> None:
    text = (
        "kind: System\nmetadata: {name: web}\n---\n"
        "kind: Component\nmetadata: {name: web, annotations: {remit/key: web-app}}\nspec: {system: web}\n"
    )
    assert bodies(FactKind.AREA, text) == [
        Area("web", "web", "system", "acme"),
        Area("web-app", "web", "component", "web"),
    ]


def test_entities_of_other_kinds_are_passed_over_and_named_once() -> None:
    text = f"kind: API\nmetadata: {{name: x}}\n---\nkind: API\nmetadata: 1\n---\n{CATALOG}"
    assert told(reader(text, model_of(A_HOUSE)).warnings) == [
        "line 1: document 1: entities of the kind API are not read [PASSED_OVER]"
    ]


def test_names_of_the_model_can_be_referred_to() -> None:
    text = "kind: System\nmetadata: {name: cart}\nspec: {domain: payments, owner: group:desk}\n"
    assert changes(reader, text, A_HOUSE)[0].startswith("+ area cart (name: cart, kind: system, parent: payments)")


def test_every_mistake_is_told_with_its_document_and_line() -> None:
    text = """\
kind: Domain
metadata: {name: shop}
spec:
  owner: group:nobody
---
kind: System
metadata: {name: shop}
spec: {domain: nowhere, owner: user:desk}
---
kind: Domain
metadata: {name: acme}
---
metadata: {name: x}
---
kind: Group
metadata: {title: x}
---
kind: Group
metadata: {name: crew}
spec:
  members: [omar,
    bob]
---
kind: User
metadata: {name: 7}
spec: {memberOf: crew}
---
[a list]
---
kind: User
kind: User
"""
    assert refused(reader, text) == [
        "line 4: document 1, Domain shop: there is no Group or User 'group:nobody', neither in this file nor in the"
        " model; add it [UNKNOWN_OWNER]",
        "line 7: document 2, System shop: document 1, Domain shop has this key too; rename one, or give it another with"
        " the annotation `remit/key` [DUPLICATE_ROW]",
        "line 8: document 2, System shop: there is no Domain 'nowhere', neither in this file nor in the model; add it"
        " [UNKNOWN_AREA]",
        "line 8: document 2, System shop: there is no Group or User 'user:desk', neither in this file nor in the model;"
        " add it [UNKNOWN_OWNER]",
        "line 11: document 3, Domain acme: this is the organisation's key; rename it, or give it another with the"
        " annotation `remit/key` [NAME_TAKEN]",
        "line 13: document 4: 'kind' is missing [MISSING_FIELD]",
        "line 16: document 5, Group: 'name' is missing [MISSING_FIELD]",
        "line 22: document 6, Group crew: there is no User 'bob', neither in this file nor in the model; add it"
        " [UNKNOWN_OWNER]",
        "line 25: document 7, User: name: write a text here, in quotes if it looks like a number [WRONG_VALUE]",
        "line 26: document 7, User: memberOf: write a list of names here [WRONG_VALUE]",
        "line 28: document 8: a document is a mapping with `kind`, `metadata` and `spec` [WRONG_VALUE]",
        "line 31: document 9: 'kind' stands twice in one mapping; keep one [DUPLICATE_KEY]",
    ]


def test_a_catalog_without_an_entity_that_is_read_is_refused() -> None:
    assert refused(reader, "---\n---\n# nothing\n") == [
        "no document is a Domain, System, Component, Group or User [EMPTY_FILE]"
    ]


def test_a_team_and_a_person_of_the_model_keep_their_membership_unless_a_group_lists_it() -> None:
    beliefs = [*A_HOUSE, a_team("crew", "ana", "eva")]
    assert imported(reader, "kind: Group\nmetadata: {name: crew}\n", beliefs, NOON).is_empty
    assert changes(reader, "kind: Group\nmetadata: {name: crew}\nspec: {members: [ana]}\n", beliefs) == [
        "~ team crew: members [ana, eva] -> [ana] from 2026-06-01T12:00:00Z"
    ]
