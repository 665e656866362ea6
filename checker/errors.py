"""Mistakes in input files: where, what, and what would mend them.

A mistake is data. Stages collect mistakes and raise them together as one `InputError`, so that a
person mends a file in one round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; `line` and `column` count from 1, `length` is the width of what is marked."""

    path: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something a file must not say. `code` is one of `checker.mistakes`, `source_line` the line as it stands
    in the file, if it is text. `details` are further lines, such as dimensions in columns."""

    code: str
    message: str
    location: Location | None = None
    hint: str | None = None
    source_line: str | None = None
    details: tuple[str, ...] = ()


class InputError(Exception):
    """A file that cannot be used, with every mistake found in it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(*self.mistakes)

    def __str__(self) -> str:
        return "\n".join(render(mistake) for mistake in self.mistakes)


class TextError(ValueError):
    """A mistake inside one scalar (a unit, a number, an expression).

    `start` and `end` are offsets into that text; whoever knows where the text stands turns them into a
    `Location`.
    """

    def __init__(
        self,
        code: str,
        message: str,
        start: int = 0,
        end: int | None = None,
        hint: str | None = None,
        details: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.end = start + 1 if end is None else end
        self.hint = hint
        self.details = details


_WIDEST = 100


def render(mistake: Mistake) -> str:
    """The mistake as text for a terminal: message, code, place, the line with a caret, and what would help.

    Only the part of a long line around the caret is shown, and what would help below where there is no room
    beside; control characters are shown by their codes.
    """
    first = f"error: {printable(mistake.message)} [{mistake.code}]\n"
    location, hint = mistake.location, mistake.hint and printable(mistake.hint)
    if location is None:
        return first + (f"  {hint}\n" if hint else "")
    margin = " " * len(str(location.line))
    lines = [f"{margin}--> {printable(str(location))}"]
    if mistake.source_line is None:
        lines += [f"{margin} = {hint}"] if hint else []
    else:
        line, column, width = _clipped(mistake.source_line, location.column - 1, location.length)
        caret = f"{margin} | {' ' * column}{'^' * width}"
        lines += [f"{margin} |", f"{location.line} | {line}".rstrip()]
        beside = f"{caret} {hint or ''}".rstrip()
        lines += [beside] if len(beside) <= _WIDEST + 10 else [caret, f"{margin} = {hint}"]
    lines += [f"{margin} = {printable(detail)}" for detail in mistake.details]
    return first + "".join(f"{line}\n" for line in lines)


def printable(text: str) -> str:
    """The text with control characters, which could steer a terminal, as their codes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _clipped(line: str, column: int, length: int) -> tuple[str, int, int]:
    """The part of a line around what is marked, safe to print, with the mark's place and width in it."""
    column = min(column, len(line))
    begin = 0 if len(line) <= _WIDEST else max(0, min(column - _WIDEST // 3, len(line) - _WIDEST))
    end = begin + _WIDEST
    before = ("…" if begin else "") + printable(line[begin:column])
    marked = printable(line[column : min(column + length, end)])
    after = printable(line[column + length : end]) + ("…" if end < len(line) else "")
    return before + marked + after, len(before), max(len(marked), 1)
