"""A board of wishes that lists its posts over HTTP in every way of paging, as an ASGI application."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response

PER_PAGE = 10


@dataclass
class Board:
    """Posts by their last change; `asked` holds the queries, `token` what has to be sent."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    token: str = "Bearer a-token"
    asked: list[str] = field(default_factory=list)
    stuck: bool = False
    """Whether every page says that the second one is next."""

    def load(self, posts: Sequence[dict[str, Any]]) -> None:
        self.posts = sorted(posts, key=lambda post: (post.get("updated") or "", post["id"]))


def board_app(board: Board) -> FastAPI:
    """`/posts` with `since` and one of `cursor`, `page`, `offset`; `/linked` with a link; `/posts/{id}`."""
    app = FastAPI()

    def listed(request: Request, start: int) -> list[dict[str, Any]]:
        board.asked.append(request.url.query)
        if request.headers.get("authorization") != board.token:
            raise HTTPException(401, "who are you?")
        since = request.query_params.get("since", "")
        newer = [post for post in board.posts if (post.get("updated") or since) >= since]
        return newer[start : start + PER_PAGE]

    @app.get("/posts")
    def posts(request: Request, cursor: str = "0", page: int = 1, offset: int = 0) -> dict[str, Any]:
        start = int(cursor) or (page - 1) * PER_PAGE or offset
        found = listed(request, start)
        after = str(start + PER_PAGE) if len(found) == PER_PAGE else None
        return {"data": {"posts": found}, "next": str(PER_PAGE) if board.stuck else after}

    @app.get("/linked")
    def linked(request: Request, response: Response, at: int = 0) -> list[dict[str, Any]]:
        found = listed(request, at)
        if len(found) == PER_PAGE:
            response.headers["link"] = f'</linked?at={at + PER_PAGE}>; rel="next"'
        return found

    @app.get("/posts/{id_}")
    def post(id_: str) -> dict[str, Any]:
        found = next((one for one in board.posts if one["id"] == id_), None)
        if found is None:
            raise HTTPException(404, "no such post")
        return found

    return app
