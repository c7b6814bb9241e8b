"""JSON that keeps its own text: spelling of numbers, order and repetition of members.

The parser keeps its own stack, so nesting needs no recursion.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

INTEGER_LIMIT = 2**53 - 1

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER_PATTERN = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(_NUMBER_PATTERN)
_NUMBERS = re.compile(
    rf"\[[ \t\n\r]*+({_NUMBER_PATTERN}(?:[ \t\n\r]*+,[ \t\n\r]*+{_NUMBER_PATTERN})*+)[ \t\n\r]*+\]"
)
_NUMBER_PARTS = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|(.))")
_OUTSIDE = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\n\r]+')
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class NotJson(ValueError):
    """The text is not JSON according to RFC 8259."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as spelled."""

    lexeme: str

    def double(self) -> float:
        """The nearest double; infinite beyond the largest."""
        return float(self.lexeme)

    def integer(self) -> int | None:
        """The value, if it is an integer within ±(2⁵³−1)."""
        parts = _NUMBER_PARTS.fullmatch(self.lexeme)
        assert parts is not None
        sign, whole, fraction, exponent_sign, exponent = parts.groups(default="")
        digits = (whole + fraction).lstrip("0")
        significant = digits.rstrip("0")
        if not significant:
            return 0
        # With more digits the exponent outweighs any mantissa that fits into a request.
        scale = int(exponent or "0") if len(exponent.lstrip("0")) < 12 else 10**12
        scale = (-scale if exponent_sign == "-" else scale) - len(fraction)
        scale += len(digits) - len(significant)
        if scale < 0 or len(significant) + scale > 16:
            return None
        value = int(significant) * 10**scale
        if value > INTEGER_LIMIT:
            return None
        return -value if sign else value


@dataclass(frozen=True)
class Object:
    """An object: its members in order, and its own text."""

    members: list[tuple[str, "Value"]]
    source: str
    start: int
    end: int

    def get(self, name: str) -> "Value | None":
        """The last member with this name; None when it is absent or null."""
        return next((value for key, value in reversed(self.members) if key == name), None)

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.members)

    def names(self) -> dict[str, None]:
        """Every name once, in order of first occurrence."""
        return dict.fromkeys(key for key, _ in self.members)

    def text(self) -> str:
        """The text without white space between tokens."""
        return _OUTSIDE.sub(lambda found: found[1] or "", self.source[self.start : self.end])


Value: TypeAlias = None | bool | str | Number | list["Value"] | Object


def parse(text: str) -> tuple[Value, int]:
    """The value and its number of levels of arrays and objects."""
    return _Parser(text).document()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def document(self) -> tuple[Value, int]:
        # Open arrays and objects: their contents so far, and their start.
        stack: list[tuple[list[Value] | list[tuple[str, Value]], int]] = []
        names: list[str | None] = []
        deepest = 0
        while True:
            self.space()
            opening = self.text[self.at : self.at + 1]
            # Most of a request is vectors, so an array of numbers is read at once.
            if opening == "[" and (numbers := _NUMBERS.match(self.text, self.at)):
                value = [Number(lexeme.strip(" \t\n\r")) for lexeme in numbers[1].split(",")]
                self.at = numbers.end()
                deepest = max(deepest, len(stack) + 1)
            elif opening in ("[", "{") and opening:
                stack.append(([], self.at))
                self.at += 1
                deepest = max(deepest, len(stack))
                self.space()
                is_object = opening == "{"
                if not self.take("}" if is_object else "]"):
                    names.append(self.name() if is_object else None)
                    continue
                value = self.close(stack, is_object)
            else:
                value = self.scalar()
            # A value has ended; its container may end, too.
            while stack:
                inside = stack[-1][0]
                name = names[-1]
                inside.append(value if name is None else (name, value))  # type: ignore[arg-type]
                self.space()
                if self.take(","):
                    self.space()
                    names[-1] = None if name is None else self.name()
                    break
                if not self.take("]" if name is None else "}"):
                    raise NotJson(f"unexpected text at {self.at}")
                names.pop()
                value = self.close(stack, name is not None)
            else:
                self.space()
                if self.at != len(self.text):
                    raise NotJson(f"trailing text at {self.at}")
                return value, deepest

    def close(
        self, stack: list[tuple[list[Value] | list[tuple[str, Value]], int]], is_object: bool
    ) -> Value:
        inside, start = stack.pop()
        if is_object:
            return Object(inside, self.text, start, self.at)  # type: ignore[arg-type]
        return inside  # type: ignore[return-value]

    def space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def take(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def name(self) -> str:
        name = self.string()
        self.space()
        if not self.take(":"):
            raise NotJson(f"expected `:` at {self.at}")
        return name

    def string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if found is None:
            raise NotJson(f"expected a string at {self.at}")
        self.at = found.end()
        return _ESCAPE.sub(_unescaped, found[1]) if "\\" in found[1] else found[1]

    def scalar(self) -> Value:
        for token, value in (("null", None), ("true", True), ("false", False)):
            if self.take(token):
                return value
        if self.text.startswith('"', self.at):
            return self.string()
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            raise NotJson(f"expected a value at {self.at}")
        self.at = found.end()
        return Number(found[0])


def _unescaped(found: re.Match[str]) -> str:
    unit, low, plain = found.groups()
    if plain is not None:
        return _PLAIN.get(plain, plain)
    code = int(unit, 16)
    second = chr(int(low, 16)) if low else ""
    if 0xD800 <= code < 0xDC00 and low:
        return chr(0x10000 + ((code - 0xD800) << 10) + (int(low, 16) - 0xDC00))
    first = "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    return first + ("\ufffd" if second else "")


_ESCAPED = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPED |= {chr(code): f"\\u{code:04x}" for code in range(0x20) if chr(code) not in _ESCAPED}
_TO_ESCAPE = str.maketrans(_ESCAPED)


def quoted(text: str) -> str:
    """A string in the contract's spelling."""
    return f'"{text.translate(_TO_ESCAPE)}"'
