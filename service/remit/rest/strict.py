"""Refuses parameters that a route does not have: `as_of` for `asOf` must not be answered as if nothing were asked."""

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from remit.domain.errors import Invalid


async def only_known_parameters(request: Request) -> None:
    """A dependency of every route with parameters; raises Invalid naming the first unknown one and the known ones."""
    route = request.scope["route"]
    if not isinstance(route, APIRoute):
        return
    known = set(_names(route.dependant))
    for name in request.query_params:
        if name not in known:
            told = f"this route takes {', '.join(sorted(known))}" if known else "this route takes none"
            raise Invalid(f"there is no parameter {name!r}; {told}")


def _names(dependant: Dependant) -> list[str]:
    own = [parameter.alias for parameter in dependant.query_params]
    return own + [name for inner in dependant.dependencies for name in _names(inner)]
