"""The stand-in's data: the shipped project, files of the same form, and what is said of any other file."""

import json
import lzma
from pathlib import Path

import httpx
import pytest

from remit.domain.errors import Invalid
from remit_integrations.standins.jira.many import cycled
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.server import recorded_site
from remit_integrations.standins.jira.site import Flavour
from support.jira_site import a_change, a_record, keys, served

DATA = default_data().parent
WHOLE_HISTORIES = Path(__file__).parent / "payloads/jira/whole-histories.jsonl.xz"


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


async def test_a_recorded_cloud_site_is_read_wholly_with_its_histories() -> None:
    site = recorded_site(WHOLE_HISTORIES)
    async with served(site) as jira:
        pages = await jira.pages()
    told = {(id_, str(entry["id"])) for id_, entries in site.histories.items() for entry in entries}
    assert (len(site.issues), len(told)) == (33, 522)
    assert sorted(keys(pages)) == sorted(kept.record["key"] for kept in site.issues.values())
    assert {(event.item_id, event.change_id) for page in pages for event in page.events} == told
    assert [page.parked for page in pages if page.parked] == []


async def test_a_recorded_project_is_served_as_a_data_center_has_it() -> None:
    site = recorded_site(default_data(), Flavour.DATACENTER, issues=50)
    async with served(site) as jira, httpx.AsyncClient(trust_env=False) as client:
        bearer = {"Authorization": f"Bearer {site.token}"}
        told = (await client.get(f"{jira.url}/rest/api/2/search", headers=bearer, params={"maxResults": 1000})).json()
    assert (told["total"], len(told["issues"])) == (50, 50)
    people = [issue["fields"]["reporter"] for issue in told["issues"] if issue["fields"].get("reporter")]
    assert people != []
    assert {("accountId" in one, bool(one["name"]), bool(one["key"])) for one in people} == {(False, True, True)}


def test_a_few_issues_make_many_under_ids_and_keys_of_their_own() -> None:
    recorded = [a_record(3), a_record(7, "PAY") | {"changelog": {"histories": [a_change("7")]}}]
    made = list(cycled(recorded, 6))
    assert [(one["id"], one["key"]) for one in made] == [
        ("10003", "SHOP-3"),
        ("10007", "PAY-7"),
        ("10008", "SHOP-4"),
        ("10009", "PAY-8"),
        ("10010", "SHOP-5"),
        ("10011", "PAY-9"),
    ]
    assert made[4]["fields"] is recorded[0]["fields"]
    assert ["changelog" in one for one in made] == [False, True, False, False, False, False]
    assert [len(list(cycled(recorded, count))) for count in (0, 1, 2)] == [0, 1, 2]
    assert list(cycled([], 5)) == []


def test_many_issues_are_encoded_as_often_as_there_were_few() -> None:
    """What a hundred thousand issues cost in memory and in time is what the recorded ones do."""
    site = recorded_site(default_data(), issues=4000)
    searching = Searching(site)
    body = {"jql": "project = ALOY", "fields": ["summary"], "maxResults": 100}
    seen: list[str] = []
    while True:
        page = json.loads(searching.page(body, "http://jira.example"))
        seen += [issue["id"] for issue in page["issues"]]
        if "nextPageToken" not in page:
            break
        body = body | {"nextPageToken": page["nextPageToken"]}
    assert (len(seen), len(set(seen))) == (4000, 4000)
    assert searching.encodings == 1499
