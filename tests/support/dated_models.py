"""Random model files with dates: what holds from when, corrections about the past among them."""

from datetime import timedelta

from hypothesis import strategies as st

from remit.domain.ids import AreaKey
from support.lives import BEGINNING

AREAS = [AreaKey(key) for key in ("acme", "shop", "pay", "cart", "nowhere")]
HEAD = """
version: 1
organisation: {key: acme, name: Acme, stage: %s, timezone: UTC}
people:
  - {key: ana, name: Ana, function: product_management}
  - {key: pat, name: Pat, function: product_operations, active: %s}
  - {key: lee, name: Lee, function: product_operations}
teams:
  - {key: desk, name: Desk, function: product_operations, members: [%s]}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]%s}
  - {key: pay, name: Pay, kind: product, parent: acme, jira: [%s]}
  - {key: cart, name: Cart, kind: team, parent: shop, jira: [{component: Cart}, {epic: [PAY-11, SHOP-11, BIG-PAY-11]}]}
"""
SELECTORS = (
    "{project: PAY}",
    "{epic: SHOP-1}",
    "{project: PAY}, {label: x}",
    "{epic: [SHOP-2, SHOP-3]}, {component: Pay}",
)
ROWS = {
    "assignments": (
        "area: shop, responsibility: all, function: product_management, owner: ana",
        "area: shop, responsibility: all, function: product_operations, owner: pat",
        "area: cart, responsibility: all, function: product_operations, owner: lee",
        "area: pay, responsibility: innovation, function: product_management, owner: lee",
        "area: acme, responsibility: all, function: product_operations, owner: lee, inherit: fallback",
        "area: pay, responsibility: all, function: product_operations, owner: desk, inherit: block",
        "area: shop, responsibility: innovation, function: product_management, owner: desk, inherit: append",
    ),
    "rules": (
        "area: pay, responsibility: innovation, unowned: true",
        "area: shop, issue: {type: Story}, responsibility: innovation, lead: product_operations",
        "area: cart, responsibility: leadership, lead: product_management",
        "stage: startup, responsibility: backlog_management, lead: product_operations",
        "stage: enterprise, responsibility: leadership, unowned: true",
    ),
    "agreements": (
        "area: pay, responsibility: leadership, lead: product_operations",
        "area: shop, responsibility: leadership, lead: product_management, consulted: [product_operations]",
    ),
    "delegations": (
        'from_person: ana, to_person: lee, area: shop, to: "%s"',
        'from_person: lee, to_person: pat, responsibilities: [innovation, data_analytics], to: "%s"',
    ),
    "lenses": ("key: altitude, name: Altitude, description: how high", "key: rhythm, name: Rhythm"),
    "functions": ("key: product_management, name: Management, lenses: {altitude: above}",),
    "responsibilities": (
        "key: innovation, name: New things, description: what is new, lead: product_operations, "
        "lenses: {altitude: quarter}",
    ),
    "minutes": ("responsibility: innovation, driver: areas, minutes: 7",),
    "thresholds": ("signal: wip, area: pay, watch: 3", "signal: utilisation, person: ana, overloaded: 0.9"),
    "absences": ('person: ana, share: 0.5, to: "%s"',),
    "preferences": ("person: lee, responsibility: innovation, wish: avoid",),
}


@st.composite
def dated_models(draw: st.DrawFn) -> str:
    """A file that every model may be changed into: each row at most once, over any time or a window of its own."""
    text = HEAD % (
        draw(st.sampled_from(["startup", "scale_up", "enterprise"])),
        draw(st.sampled_from(["true", "false"])),
        draw(st.sampled_from(["pat", "pat, lee"])),
        draw(st.sampled_from(["", ", stage: startup", ", stage: enterprise"])),
        draw(st.sampled_from(SELECTORS)),
    )
    for section, rows in ROWS.items():
        chosen = [draw(dated(row)) for row in rows if draw(st.booleans())]
        text += "".join([f"{section}:\n", *(f"  - {{{row}}}\n" for row in chosen)]) if chosen else ""
    return text


@st.composite
def dated(draw: st.DrawFn, row: str) -> str:
    """The row, from and to some day if it says no other; a delegation must end."""
    start, end = draw(st.sampled_from([None, -10, 0, 1, 3, 8])), draw(st.sampled_from([None, 9, 12, 40]))
    if "%s" in row:
        row, end = row % day(end or 9), None
    return row + "".join(f', {name}: "{day(at)}"' for name, at in (("from", start), ("to", end)) if at is not None)


def day(number: int) -> str:
    return str((BEGINNING + timedelta(days=number)).date())
