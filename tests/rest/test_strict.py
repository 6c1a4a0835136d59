"""A parameter that a route does not have is refused: it was meant to change the answer."""

import httpx
import pytest


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (
            "/v1/issues/SHOP-1/ownership?as_of=2026-01-01T00:00:00Z",
            "there is no parameter 'as_of'; this route takes asOf, knownAt, responsibility",
        ),
        ("/v1/areas/shop/ownership?Responsibility=x", "there is no parameter 'Responsibility'; "
         "this route takes asOf, knownAt, responsibility"),
        ("/v1/gaps?kind=UNOWNED&limit=5", "there is no parameter 'limit'; this route takes "),
    ],
)  # fmt: skip
async def test_an_unknown_parameter_is_a_problem_that_names_those_known(
    open_api: httpx.AsyncClient, path: str, says: str
) -> None:
    answer = await open_api.get(path)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(says)


async def test_known_parameters_are_answered(open_api: httpx.AsyncClient) -> None:
    asked = "responsibility=backlog_management&responsibility=documentation&asOf=2026-11-20T00:00:00Z"
    answer = await open_api.get(f"/v1/areas/shop/ownership?{asked}")
    assert [one["responsibility"]["key"] for one in answer.json()["ownership"]] == [
        "backlog_management",
        "documentation",
    ]


async def test_a_stranger_is_asked_for_a_token_before_parameters_are_looked_at(guarded_api: httpx.AsyncClient) -> None:
    assert (await guarded_api.get("/v1/gaps?nonsense=1")).status_code == 401
