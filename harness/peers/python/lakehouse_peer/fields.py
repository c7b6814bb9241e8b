"""Request bodies: the steps of "Reading a request body" in the contract."""

from .jsontext import NotJson, Number, Object, Value, parse
from .problem import Problem, bad_request

MAX_LEVELS = 128


def body(data: bytes) -> Object:
    """Steps 2 to 5."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request("request body is not valid UTF-8") from None
    try:
        value, levels = parse(text)
    except NotJson:
        raise bad_request("request body is not valid JSON") from None
    if levels > MAX_LEVELS:
        raise bad_request("request body nests deeper than 128 levels")
    if not isinstance(value, Object):
        raise bad_request("request body must be a JSON object")
    return value


class Fields:
    """Steps 6 and 7 for one object; `prefix` precedes every detail."""

    def __init__(self, source: Object, known: list[str], prefix: str = "") -> None:
        self.source = source
        self.prefix = prefix
        for name in source.names():
            if name not in known:
                expected = ", ".join(f"`{field}`" for field in known)
                raise self.wrong(f"unknown field `{name}`; expected one of {expected}")

    def wrong(self, detail: str) -> Problem:
        return bad_request(self.prefix + detail)

    def must_be(self, name: str, words: str) -> Problem:
        return self.wrong(f"field `{name}` must be {words}")

    def required(self, name: str) -> Value:
        if not self.source.has(name):
            raise self.wrong(f"missing field `{name}`")
        return self.source.get(name)

    def string(self, name: str) -> str | None:
        value = self.source.get(name)
        if value is not None and not isinstance(value, str):
            raise self.must_be(name, "a string")
        return value

    def integer(self, name: str, low: int, high: int, required: bool = False) -> int | None:
        value = self.required(name) if required else self.source.get(name)
        if value is None and not required:
            return None
        number = value.integer() if isinstance(value, Number) else None
        if number is None or not low <= number <= high:
            raise self.must_be(name, f"an integer from {low} to {high}")
        return number

    def choice(self, name: str, choices: list[str], words: str) -> str | None:
        value = self.source.get(name)
        if value is not None and value not in choices:
            raise self.must_be(name, words)
        assert value is None or isinstance(value, str)
        return value

    def numbers(self, name: str) -> list[Number]:
        value = self.required(name)
        if (
            not isinstance(value, list)
            or not 1 <= len(value) <= 4096
            or not all(isinstance(element, Number) for element in value)
        ):
            raise self.must_be(name, "an array of 1 to 4096 numbers")
        return value  # type: ignore[return-value]

    def strings(self, name: str, words: str, value: Value, low: int, high: int) -> list[str]:
        if (
            not isinstance(value, list)
            or not low <= len(value) <= high
            or not all(isinstance(element, str) for element in value)
        ):
            raise self.must_be(name, words)
        return value  # type: ignore[return-value]
