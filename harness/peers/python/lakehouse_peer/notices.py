"""What a filter cannot match: fields that no item has, and types and spellings that no value has."""

from collections.abc import Iterable
from dataclasses import dataclass, field as member

from .filters import KINDS, Compared
from .jsontext import Object, Value

MOST = 20
MOST_FIELDS = 1000
LONGEST = 64
MOST_SIMILAR = 3
LONGEST_TEXT = 32


@dataclass
class Usage:
    """What items have in a field."""

    kinds: set[str] = member(default_factory=set)
    texts: set[str] = member(default_factory=set)


Fields = dict[str, Usage]


def fields_of(items: Iterable[Object]) -> Fields:
    """The fields that the items have, and the kinds of their values."""
    fields: Fields = {}
    for metadata in items:
        for name in metadata.names():
            usage = fields.setdefault(name, Usage())
            value = metadata.get(name)
            usage.kinds |= _kinds(value)
            elements = value if isinstance(value, list) else [value]
            usage.texts |= {text for text in elements if isinstance(text, str)}
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
    found = (_notice(*one, fields) for one in compared)
    return [f"filter: no item {notice}" for notice in dict.fromkeys(found) if notice][:MOST]


def _notice(field: str, kind: str | None, text: str | None, fields: Fields) -> str | None:
    usage = fields.get(field)
    if usage is None:
        return f"has a field `{field}`{_question(similar(field, fields))}"
    kinds = usage.kinds
    if text is not None and "string" in kinds:
        spellings = _spellings(text, usage.texts)
        return f"has `{text}` in `{field}`{_question(spellings)}" if spellings else None
    others = [f"{one}s" for one in (*KINDS, "object") if one in kinds]
    if kind is None or kind in kinds or not others:
        return None
    return f"has a {kind} in `{field}`; its values are {_listed(others, 'and')}"


def _spellings(text: str, texts: set[str]) -> list[str]:
    """The texts that are the same but for upper and lower case, unless it is one of them."""
    if text in texts or len(text.encode()) > LONGEST_TEXT:
        return []
    lowered = lower_case(text)
    same = [
        other
        for other in texts
        if len(other.encode()) <= LONGEST_TEXT and lower_case(other) == lowered
    ]
    return sorted(same, key=str.encode)[:MOST_SIMILAR]


def lower_case(text: str) -> str:
    """The simple lower-case mapping of each character, which for `İ` is only the first of two."""
    return "".join(letter.lower()[0] for letter in text)


def _question(names: list[str]) -> str:
    return f"; did you mean {_listed([f'`{name}`' for name in names], 'or')}?" if names else ""


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
