"""Filters over metadata: read from the outside in, each compiled to a function."""

import math
from collections.abc import Callable
from typing import TypeAlias

from .jsontext import Number, Object, Value
from .problem import bad_request

Filter: TypeAlias = Callable[[Object], bool]
Scalar: TypeAlias = tuple[str, None | bool | float | bytes]

MOST_FILTERS = 64
MOST_VALUES = 1000
_ONE_OF = "must be an object with exactly one of `eq`, `in`, `range`, `and`, `or`, `not`"
_EQ = "must be an object of `field`, a string, and `value`, a string, a number, a boolean or null"
_IN = (
    "must be an object of `field`, a string, and `values`, "
    "an array of 1 to 1000 strings, numbers, booleans or nulls"
)
_RANGE = (
    "must be an object of `field`, a string, and at least one of "
    "`gt` or `gte`, `lt` or `lte`, all numbers or all strings"
)
_LIST = "must be an array of at most 64 filters"


def read(value: Value, path: str = "filter") -> Filter:
    """Compiles a filter; `path` is its path in errors."""
    names = list(value.names()) if isinstance(value, Object) else []
    if not isinstance(value, Object) or len(names) != 1 or names[0] not in _KINDS:
        raise bad_request(f"`{path}` {_ONE_OF}")
    [kind] = names
    return _KINDS[kind](value.get(kind), f"{path}.{kind}")


def _eq(value: Value, path: str) -> Filter:
    if not _is_of(value, {"field", "value"}):
        raise bad_request(f"`{path}` {_EQ}")
    field, wanted = value.get("field"), operand(value.get("value"))
    if not isinstance(field, str) or wanted is None:
        raise bad_request(f"`{path}` {_EQ}")
    return lambda metadata: metadata.has(field) and scalar(metadata.get(field)) == wanted


def _in(value: Value, path: str) -> Filter:
    if not _is_of(value, {"field", "values"}):
        raise bad_request(f"`{path}` {_IN}")
    field, values = value.get("field"), value.get("values")
    if not isinstance(field, str) or not isinstance(values, list):
        raise bad_request(f"`{path}` {_IN}")
    wanted = [operand(one) for one in values]
    if not 1 <= len(wanted) <= MOST_VALUES or None in wanted:
        raise bad_request(f"`{path}` {_IN}")
    return lambda metadata: metadata.has(field) and scalar(metadata.get(field)) in wanted


def _range(value: Value, path: str) -> Filter:
    wrong = bad_request(f"`{path}` {_RANGE}")
    if not isinstance(value, Object) or not value.has("field"):
        raise wrong
    bounds = {name: operand(value.get(name)) for name in value.names() if name != "field"}
    field = value.get("field")
    if (
        not isinstance(field, str)
        or not bounds
        or not bounds.keys() <= _BOUNDS.keys()
        or {"gt", "gte"} <= bounds.keys()
        or {"lt", "lte"} <= bounds.keys()
    ):
        raise wrong
    types = {bound[0] if bound else "other" for bound in bounds.values()}
    if len(types) != 1 or not types <= {"number", "string"}:
        raise wrong
    [wanted] = types

    def passes(metadata: Object) -> bool:
        found = scalar(metadata.get(field))
        if not metadata.has(field) or found is None or found[0] != wanted:
            return False
        return all(_BOUNDS[name](found[1], bound[1]) for name, bound in bounds.items() if bound)

    return passes


def _all(value: Value, path: str) -> Filter:
    filters = _filters(value, path)
    return lambda metadata: all(one(metadata) for one in filters)


def _any(value: Value, path: str) -> Filter:
    filters = _filters(value, path)
    return lambda metadata: any(one(metadata) for one in filters)


def _filters(value: Value, path: str) -> list[Filter]:
    if not isinstance(value, list) or len(value) > MOST_FILTERS:
        raise bad_request(f"`{path}` {_LIST}")
    return [read(one, f"{path}[{index}]") for index, one in enumerate(value)]


def _not(value: Value, path: str) -> Filter:
    inner = read(value, path)
    return lambda metadata: not inner(metadata)


_KINDS: dict[str, Callable[[Value, str], Filter]] = {
    "eq": _eq,
    "in": _in,
    "range": _range,
    "and": _all,
    "or": _any,
    "not": _not,
}
_BOUNDS: dict[str, Callable[..., bool]] = {
    "gt": lambda found, bound: found > bound,
    "gte": lambda found, bound: found >= bound,
    "lt": lambda found, bound: found < bound,
    "lte": lambda found, bound: found <= bound,
}


def _is_of(value: Value, names: set[str]) -> bool:
    return isinstance(value, Object) and value.names().keys() == names


def operand(value: Value) -> Scalar | None:
    """A value in a filter; its numbers are within the range of a double."""
    found = scalar(value)
    return None if found and found[0] == "number" and math.isinf(found[1]) else found


def scalar(value: Value) -> Scalar | None:
    """A value with its type, so that `true` is not 1; None for arrays and objects."""
    match value:
        case None:
            return "null", None
        case bool():
            return "boolean", value
        case str():
            return "string", value.encode()
        case Number():
            return "number", value.double()
        case _:
            return None
