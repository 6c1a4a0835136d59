"""What a call is refused with, beside a query that cannot be read."""


class Denied(Exception):
    """A status and the vendor's sentence to it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
