"""The stand-in's data: the shipped project, files of the same form, and what is said of any other file."""

import json
import lzma
from pathlib import Path

import pytest

from remit.domain.errors import Invalid
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.server import recorded_site
from support.jira_site import a_change, a_record, keys, served

DATA = default_data().parent


def test_the_shipped_project_is_whole_and_says_where_it_is_from() -> None:
    site = recorded_site(default_data())
    readme = (DATA / "README.md").read_text()
    assert len(site.issues) == 1499
    assert {kept.record["fields"]["project"]["key"] for kept in site.issues.values()} == {"ALOY"}
    assert "Origin:" in readme
    assert "Licence: Apache-2.0" in readme


async def test_the_shipped_project_is_read_wholly_by_the_client() -> None:
    site = recorded_site(default_data())
    async with served(site) as jira:
        pages = await jira.pages()
    assert sorted(keys(pages)) == sorted(kept.record["key"] for kept in site.issues.values())
    assert [page.parked for page in pages if page.parked] == []


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.xz"])
def test_any_file_of_the_same_form_will_do(tmp_path: Path, suffix: str) -> None:
    issue = a_record(1) | {"changelog": {"histories": [a_change("7")]}}
    lines = f"{json.dumps(issue)}\n\n{json.dumps(a_record(2))}\n".encode()
    path = tmp_path / f"mine.{suffix}"
    path.write_bytes(lzma.compress(lines) if suffix.endswith("xz") else lines)
    site = recorded_site(path)
    assert (list(site.issues), site.histories["10001"]) == (["10001", "10002"], [a_change("7")])
    assert "changelog" not in site.issues["10001"].record


GOOD = json.dumps(a_record(1)).encode()
WRONG = [
    (b"{", "line 2: not JSON"),
    (b"7", "line 2: not a JSON object"),
    (b'{"id": "1"}', "line 2: not an issue"),
    (json.dumps(a_record(2, project=None)).encode(), "line 2: not an issue"),
    (json.dumps(a_record(2, created="soon")).encode(), "line 2: not an issue"),
    (json.dumps(a_record(2, components=7)).encode(), "line 2: not an issue"),
    (b"\xff", "line 2: not JSON"),
]


@pytest.mark.parametrize(("line", "says"), WRONG)
def test_a_line_that_is_no_issue_is_named(tmp_path: Path, line: bytes, says: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_bytes(GOOD + b"\n" + line + b"\n")
    with pytest.raises(Invalid, match=f"mine.jsonl, {says}"):
        list(records(path))


def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl.xz"
    whole = lzma.compress(GOOD * 100)
    for damaged in (whole[:-20], b"no archive"):
        path.write_bytes(damaged)
        with pytest.raises(Invalid, match=r"mine.jsonl.xz cannot be read after line 0"):
            list(records(path))


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="there is no file"):
        list(records(tmp_path / "nothing.jsonl"))
