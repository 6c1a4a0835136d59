"""What the documents say that records count as is what the code says, signal by signal and in its order."""

from remit.domain.tracing import CountsAs
from remit.resolution.signals.tracing import MAKINGS
from support.repository import code, table


def test_every_signal_says_what_its_records_count_as() -> None:
    listed = {code(row[0])[0]: row[1] for row in table("docs/signals.md", "Which records")}
    told = {
        name: ", ".join(
            f"`{role.counts_as}`" if role.is_sample else f"`{role.counts_as}` (not of the sample)"
            for role in making.roles
        )
        for name, making in MAKINGS.items()
    }
    assert list(listed.items()) == list(told.items())


def test_those_that_have_days_are_those_whose_stretch_of_time_is_looked_at() -> None:
    rows = {code(row[0])[0]: (row[2], row[3]) for row in table("docs/signals.md", "Which records")}
    assert {name for name, (days, _) in rows.items() if days} == {n for n, one in MAKINGS.items() if one.lasting}
    assert {name for name, (_, limit) in rows.items() if limit} == {n for n, one in MAKINGS.items() if one.limit}


def test_everything_that_a_record_can_count_as_occurs() -> None:
    assert {role.counts_as for making in MAKINGS.values() for role in making.roles} == set(CountsAs)
