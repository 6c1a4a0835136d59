"""Comments on issues of GitHub: gathered for the whole repository where one by one they would take too long."""

from typing import Any

from remit.usecases.take_records import Page
from support.github_site import ISSUES, REPOSITORY, Repository, a_source
from support.vendor_sites import VendorSite, vendor_server

GATHERED = f"{ISSUES}/comments"


def stamp(minute: int) -> str:
    return f"2026-11-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"


def an_issue(number: int, minute: int, comments: int) -> dict[str, Any]:
    told = {"id": number, "number": number, "state": "open", "comments": comments}
    return told | {"created_at": stamp(0), "updated_at": stamp(minute)}


def a_comment(id_: int, minute: int, login: str = "ana") -> dict[str, Any]:
    return {"id": id_, "created_at": stamp(minute), "user": {"login": login}, "author_association": "MEMBER"}


def a_repository(issues: int, commented: int) -> Repository:
    """So many issues, of which the first ones have two comments each."""
    repository = Repository()
    for number in range(1, issues + 1):
        has = 2 if number <= commented else 0
        repository.issues[number] = an_issue(number, number, has)
        repository.comments[number] = [a_comment(number * 10 + place, number) for place in range(has)]
    return repository


async def run(site: VendorSite) -> list[Page]:
    async with vendor_server(site) as server:
        return await run_at(server.url)


async def run_at(url: str, cursor: bytes | None = None) -> list[Page]:
    async with a_source(url, discussions=False).open() as feed:
        return [page async for page in feed.pages(cursor)]


def acts(pages: list[Page]) -> list[tuple[str, str]]:
    return sorted((act.item_id, act.id) for page in pages for act in page.acts)


def asked_one_by_one(site: VendorSite, issues: int) -> list[int]:
    return [number for number in range(1, issues + 1) if site.count(f"{ISSUES}/{number}/comments")]


async def test_a_first_reading_gathers_them_by_the_hundred_and_reads_the_same() -> None:
    repository = a_repository(250, 250)
    site = repository.site()
    pages = await run(site)
    assert (site.count(GATHERED), asked_one_by_one(site, 250)) == (5, [])
    every = [(f"{REPOSITORY}#{number}", str(number * 10 + place)) for number in range(1, 251) for place in range(2)]
    assert acts(pages) == sorted(every)
    async with vendor_server(repository.site()) as server, a_source(server.url).open() as feed:
        (single,) = [page async for page in feed.confirmed([f"{REPOSITORY}#7"])]
    together = {pulled.item.id: pulled for page in pages for pulled in page.feedback}
    assert single.feedback == (together[f"{REPOSITORY}#7"],)


async def test_an_issue_of_which_not_all_were_gathered_is_asked_by_itself() -> None:
    repository = a_repository(250, 250)
    repository.comments[3] = repository.comments[3][:1]  # the list hides its other one
    site = repository.site()

    def happens() -> None:
        """When two pages were told somebody comments on an issue of the first: it comes again on the third."""
        if site.count(ISSUES) == 2:
            repository.comments[5].append(a_comment(999, 2000))
            repository.issues[5] = an_issue(5, 2000, 3)

    repository.between = happens
    assert (f"{REPOSITORY}#5", "999") in acts(await run(site))
    assert (site.count(GATHERED), asked_one_by_one(site, 250)) == (5, [3, 5])


async def test_few_of_them_are_asked_for_one_by_one() -> None:
    site = a_repository(150, 19).site()
    assert len(acts(await run(site))) == 38
    assert (site.count(GATHERED), asked_one_by_one(site, 150)) == (0, list(range(1, 20)))


async def test_the_last_page_and_later_runs_do_not_gather() -> None:
    repository = a_repository(90, 90)
    site = repository.site()
    async with vendor_server(site) as server:
        cursor = (await run_at(server.url))[-1].cursor
        repository.comments[7].append(a_comment(999, 2000))
        repository.issues[7] = an_issue(7, 2000, 3)
        assert {id_ for id_, _ in acts(await run_at(server.url, cursor))} == {f"{REPOSITORY}#7"}
    assert site.count(GATHERED) == 0
