"""How a request says who it is from, and what of that must never be quoted."""

import base64
from collections.abc import Collection, Generator

import httpx


class Authorisation(httpx.Auth):
    """Signs requests; knows its secrets so that they can be blotted out of what a site answers."""

    def secrets(self) -> Collection[str]:
        """Every secret as it is, and as it is sent; those of now."""
        return ()


class Basic(Authorisation):
    """A name and a password."""

    def __init__(self, name: str, password: str) -> None:
        self._password = password
        self._sent = base64.b64encode(f"{name}:{password}".encode()).decode()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Basic {self._sent}"
        yield request

    def secrets(self) -> Collection[str]:
        return (self._sent, self._password) if self._password else ()


class Bearer(Authorisation):
    """A token that stays as it is."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request

    def secrets(self) -> Collection[str]:
        return (self._token,)


class InBody(Authorisation):
    """Nothing in the head of a request: its body holds the secrets."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = secrets

    def secrets(self) -> Collection[str]:
        return self._secrets


class InHeader(Authorisation):
    """Whatever a site wants to find in one header; nothing where that is empty."""

    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._value:
            request.headers[self._name] = self._value
        yield request

    def secrets(self) -> Collection[str]:
        """The value, and the token in it where that has a word such as `Bearer` before it."""
        return tuple({self._value, self._value.rpartition(" ")[2]}) if self._value else ()
