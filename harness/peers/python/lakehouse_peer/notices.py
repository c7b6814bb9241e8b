"""What a filter cannot match: fields that no item has, and types that no value of a field has."""

from collections.abc import Iterable

from .filters import KINDS, Compared
from .jsontext import Object, Value

MOST = 20
MOST_FIELDS = 1000
LONGEST = 64
MOST_SIMILAR = 3

Fields = dict[str, set[str]]


def fields_of(items: Iterable[Object]) -> Fields:
    """The fields that the items have, and the kinds of their values."""
    fields: Fields = {}
    for metadata in items:
        for name in metadata.names():
            fields.setdefault(name, set()).update(_kinds(metadata.get(name)))
    return fields


def _kinds(value: Value) -> set[str]:
    if not isinstance(value, list):
        return {_kind(value)}
    return {"object" if isinstance(element, list) else _kind(element) for element in value}


def _kind(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case Object() | list():
            return "object"
        case _:
            return "number"


def notices(compared: list[Compared], fields: Fields, any_items: bool) -> list[str]:
    """The notices about the fields and types that a filter compares, each once."""
    if not any_items:
        return []
    found = (_notice(field, kind, fields) for field, kind in compared)
    return [f"filter: no item {notice}" for notice in dict.fromkeys(found) if notice][:MOST]


def _notice(field: str, kind: str | None, fields: Fields) -> str | None:
    kinds = fields.get(field)
    if kinds is None:
        names = [f"`{name}`" for name in similar(field, fields)]
        question = f"; did you mean {_listed(names, 'or')}?" if names else ""
        return f"has a field `{field}`{question}"
    others = [f"{one}s" for one in (*KINDS, "object") if one in kinds]
    if kind is None or kind in kinds or not others:
        return None
    return f"has a {kind} in `{field}`; its values are {_listed(others, 'and')}"


def _listed(words: list[str], joint: str) -> str:
    *first, last = words
    return f"{', '.join(first)} {joint} {last}" if first else last


def similar(name: str, names: Iterable[str]) -> list[str]:
    """The names that differ in at most a third of the characters, nearest first."""
    names = list(names)
    if len(name) > LONGEST or len(names) > MOST_FIELDS:
        return []
    allowed = max(1, len(name) // 3)
    near = [
        (distance, other.encode(), other)
        for other in names
        if len(other) <= LONGEST and (distance := changes(_lower(name), _lower(other))) <= allowed
    ]
    return [other for _, _, other in sorted(near)[:MOST_SIMILAR]]


def _lower(name: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def changes(a: str, b: str) -> int:
    """The optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
