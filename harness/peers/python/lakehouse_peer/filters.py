"""Filters over metadata: read from the outside in, each compiled to a function."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .jsontext import Number, Object, Value
from .problem import bad_request

Scalar: TypeAlias = tuple[str, None | bool | float | bytes]
# A field, the kind of value that it is compared with (None for null, which has no kind), and the
# string that a value must equal.
Compared: TypeAlias = tuple[str, str | None, str | None]

KINDS = ("boolean", "number", "string")


@dataclass(frozen=True)
class Filter:
    """Which metadata passes, and what is compared, in the order of the text."""

    passes: Callable[[Object], bool]
    compared: list[Compared]


EVERYTHING = Filter(lambda _: True, [])

MOST_FILTERS = 64
MOST_VALUES = 1000
MOST_TEXTS = 20
_ONE_OF = "must be an object with exactly one of `eq`, `in`, `range`, `contains`, `and`, `or`, `not`"
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
    return _field(field, [wanted], lambda found: found == wanted, exact=True)


def _contains(value: Value, path: str) -> Filter:
    exact = _eq(value, path)
    assert isinstance(value, Object)
    field, wanted = value.get("field"), operand(value.get("value"))
    if wanted is None or wanted[0] != "string":
        return exact
    assert isinstance(field, str)
    return _field(field, [wanted], lambda found: found[0] == "string" and wanted[1] in found[1])


def _in(value: Value, path: str) -> Filter:
    if not _is_of(value, {"field", "values"}):
        raise bad_request(f"`{path}` {_IN}")
    field, values = value.get("field"), value.get("values")
    if not isinstance(field, str) or not isinstance(values, list):
        raise bad_request(f"`{path}` {_IN}")
    wanted = [one for one in map(operand, values) if one is not None]
    if not 1 <= len(values) <= MOST_VALUES or len(wanted) < len(values):
        raise bad_request(f"`{path}` {_IN}")
    return _field(field, wanted, lambda found: found in wanted, exact=True)


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
    limits = [(name, bound) for name, bound in bounds.items() if bound]

    def within(found: Scalar) -> bool:
        return found[0] == wanted and all(
            _BOUNDS[name](found[1], bound[1]) for name, bound in limits
        )

    return _field(field, [limits[0][1]], within)


def _field(
    field: str, operands: list[Scalar], passes: Callable[[Scalar], bool], exact: bool = False
) -> Filter:
    """Passes when one of the values in a field does."""
    kinds = dict.fromkeys(kind for kind, _ in operands if kind != "null")
    compared: list[Compared] = [(field, kind, None) for kind in kinds] or [(field, None, None)]
    texts = [text.decode() for _, text in operands if exact and isinstance(text, bytes)]
    compared += [(field, "string", text) for text in texts[:MOST_TEXTS]]
    return Filter(
        lambda metadata: any(passes(found) for found in values(metadata, field)), compared
    )


def _all(value: Value, path: str) -> Filter:
    filters = _filters(value, path)
    return Filter(lambda metadata: all(one.passes(metadata) for one in filters), _joined(filters))


def _any(value: Value, path: str) -> Filter:
    filters = _filters(value, path)
    return Filter(lambda metadata: any(one.passes(metadata) for one in filters), _joined(filters))


def _joined(filters: list[Filter]) -> list[Compared]:
    return [compared for one in filters for compared in one.compared]


def _filters(value: Value, path: str) -> list[Filter]:
    if not isinstance(value, list) or len(value) > MOST_FILTERS:
        raise bad_request(f"`{path}` {_LIST}")
    return [read(one, f"{path}[{index}]") for index, one in enumerate(value)]


def _not(value: Value, path: str) -> Filter:
    inner = read(value, path)
    return Filter(lambda metadata: not inner.passes(metadata), inner.compared)


_KINDS: dict[str, Callable[[Value, str], Filter]] = {
    "eq": _eq,
    "in": _in,
    "range": _range,
    "contains": _contains,
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


def values(metadata: Object, field: str) -> list[Scalar]:
    """The values in a field: itself, or the elements of its array."""
    if not metadata.has(field):
        return []
    value = metadata.get(field)
    found = map(scalar, value if isinstance(value, list) else [value])
    return [one for one in found if one is not None]


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
