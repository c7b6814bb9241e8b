"""Errors in the contract's words."""

from http import HTTPStatus


class Problem(Exception):
    """An error that answers a request."""

    TITLES = {
        400: "Bad Request",
        403: "Forbidden",
        404: "Not Found",
        405: "Method Not Allowed",
        409: "Conflict",
        413: "Content Too Large",
        415: "Unsupported Media Type",
        500: "Internal Server Error",
        501: "Not Implemented",
    }

    def __init__(self, status: int, detail: str, allow: str | None = None) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail
        self.allow = allow

    @property
    def title(self) -> str:
        return self.TITLES[self.status]


def bad_request(detail: str) -> Problem:
    return Problem(400, detail)
