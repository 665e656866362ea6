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
    """Something a file must not say. `source_line` is the line as it stands in the file, if it is text."""

    message: str
    location: Location | None = None
    hint: str | None = None
    source_line: str | None = None


class InputError(Exception):
    """A file that cannot be used, with every mistake found in it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.message for mistake in self.mistakes))


class TextError(ValueError):
    """A mistake inside one scalar (a unit, a number, an expression).

    `start` and `end` are offsets into that text; whoever knows where the text stands turns them into a
    `Location`.
    """

    def __init__(self, message: str, start: int = 0, end: int | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = start + 1 if end is None else end
        self.hint = hint
