"""Located YAML → texts, tables and parsed scalars of the shape a format asks for, and the mistakes found.

A reader function that finds a mistake notes it and answers None or nothing, so that reading goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from checker.errors import InputError, Location, Mistake, TextError
from checker.expression import normal
from checker.layout import Keyed, Scalar
from checker.yaml_text import Document, List, Node, Table, Text

T = TypeVar("T")

MAX_MISTAKES = 100
MAX_MESSAGE = 1_000
MAX_WORD = 60
MAX_CANDIDATES = 2_000
"""A name of so many characters is compared with so many others."""

Fields = Mapping[str, tuple[Text, Node]]


class Notes:
    """The mistakes of a run, with the lines of the files they stand in.

    `broken` are the names of what is declared, but with a mistake: where they are used, they are not unknown.
    """

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.found: list[Mistake] = []
        self._lines: dict[str, list[str]] = {}

    def show(self, path: str, lines: list[str]) -> None:
        """Let messages about this path show its lines."""
        self._lines[path] = lines

    def add_document(self, document: Document) -> None:
        self.show(document.path, document.lines)
        for mistake in document.mistakes:
            self._add(mistake)

    def add(
        self,
        code: str,
        message: str,
        location: Location,
        hint: str | None = None,
        details: tuple[str, ...] = (),
    ) -> None:
        line = self._line(location)
        marked = (line or "")[location.column - 1 : location.column - 1 + location.length]
        if not (code.startswith("unknown-") and normal(marked).partition("@")[0] in self.broken):
            self._add(Mistake(code, message, location, hint, line, details))

    def add_error(self, error: InputError) -> None:
        for mistake in error.mistakes:
            self._add(mistake)

    def add_text(self, error: TextError, text: Text) -> None:
        """A mistake inside a scalar, at its place in the file."""
        line = self._line(text.location) or ""
        begin = text.location.column - 1
        if not line.startswith(text.value, begin):  # escapes or several lines: offsets do not fit the file
            self.add(error.code, error.message, text.location, error.hint, error.details)
            return
        hint = error.hint
        if (hint is None or not text.value) and text.plain and line.startswith(" #", begin + len(text.value)):
            hint = "a # after a space begins a comment; put the text in quotes"
        place = Location(
            text.location.path,
            text.location.line,
            text.location.column + error.start,
            max(error.end - error.start, 1),
        )
        self.add(error.code, error.message, place, hint, error.details)

    def raise_if_any(self) -> None:
        """Raise InputError with all mistakes: file by file in the order read, from top to bottom."""
        if self.found:
            order = {path: number for number, path in enumerate(self._lines)}
            raise InputError(sorted(self.found, key=lambda mistake: _position(mistake, order)))

    def _add(self, mistake: Mistake) -> None:
        # What is quoted from a file may be as long as the file.
        if len(mistake.message) > MAX_MESSAGE:
            half = MAX_MESSAGE // 2
            mistake = replace(mistake, message=f"{mistake.message[:half]} … {mistake.message[-half:]}")
        if mistake in self.found:
            return
        self.found.append(mistake)
        if len(self.found) == MAX_MISTAKES:
            self.found.append(
                Mistake("too-many-mistakes", f"more than {MAX_MISTAKES} mistakes; the rest is not shown")
            )
            self.raise_if_any()

    def _line(self, location: Location) -> str | None:
        lines = self._lines.get(location.path, [])
        return lines[location.line - 1] if location.line <= len(lines) else None


def _position(mistake: Mistake, order: Mapping[str, int]) -> tuple[int, int, int]:
    location = mistake.location
    if location is None:
        return len(order) + 1, 0, 0
    return order.get(location.path, len(order)), location.line, location.column


def shortened(text: str) -> str:
    """The text for a place where a few words fit."""
    return text if len(text) <= MAX_WORD else f"{text[: MAX_WORD - 1]}…"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, as a question: the same in other case, else one of similar letters. A
    short word has the same letters in another order, some more or fewer, or begins alike."""
    from difflib import get_close_matches

    if len(word) > MAX_WORD:
        return None
    candidates = list(islice(known, MAX_CANDIDATES))
    close = [other for other in candidates if other.lower() == word.lower() and other != word]
    close += [other for other in candidates if 2 < len(word) < 5 and sorted(other) == sorted(word)]
    close += get_close_matches(word, candidates, n=1, cutoff=0.6 if len(word) > 3 else 0.75)
    close += [
        other for other in get_close_matches(word, candidates) if other[:1] == word[:1] or other in word
    ]
    return f"did you mean '{close[0]}'?" if close else None


class Reader:
    """Reads nodes of the shapes that a format asks for. `what` names the thing read, for messages.

    `agreement` is how far the numbers of the file agree with each other: to their standard "uncertainty", or
    to the "rounding" of their last digits.
    """

    def __init__(self, notes: Notes, agreement: str = "uncertainty") -> None:
        self.notes = notes
        self.agreement = agreement

    def entries(self, node: Node, what: str, hint: str | None = None) -> Fields:
        """The entries of a mapping with keys of the writer's choosing; none where nothing follows the key."""
        if isinstance(node, Table):
            return node.entries
        if not is_blank(node):
            message = f"{what} is a mapping, not {_kind(node)}"
            self.notes.add("wrong-shape", message, node.location, hint or _mapping_hint(node))
        return {}

    def fields(self, node: Node, what: str, form: Keyed) -> Fields:
        """The entries of a mapping whose keys the format names."""
        keys, needed = form.keys, form.needed
        entries = self.entries(node, what, f"write {{{needed[0]}: …}}" if len(needed) == 1 else None)
        missing = [key for key in needed if key not in entries]
        for key, (text, _) in entries.items():
            if key not in keys:
                missing = [other for other in missing if not did_you_mean(key, [other])]
                similar = did_you_mean(key, keys)
                code = "unknown-key"
                if key[:1].isdigit():  # {value: 3,05 s} has a key `05 s`
                    code, similar = "decimal-comma", "write a decimal point, not a comma"
                hint = similar or (f"it has {_enumerated(keys)}" if len(keys) < 8 else None)
                self.notes.add(code, f"'{key}' is no key of {what}", text.location, hint)
        if missing and (isinstance(node, Table) or is_blank(node)):
            quoted = [f"'{key}'" for key in missing]
            message = f"{what} has no {_enumerated(quoted)}"
            self.notes.add("missing-key", message, node.location)
        return entries

    def items(self, node: Node, what: str) -> Iterator[Node]:
        """The items of a list; none where nothing follows the key."""
        if isinstance(node, List):
            yield from node.items
        elif not is_blank(node):
            message = f"{what} is a list, not {_kind(node)}"
            self.notes.add("wrong-shape", message, node.location, _list_hint(node))

    def texts(self, node: Node, what: str) -> tuple[Text, ...]:
        texts = (self.text(item, f"an item of {what}") for item in self.items(node, what))
        return tuple(text for text in texts if text is not None)

    def text(self, node: Node, what: str) -> Text | None:
        if not isinstance(node, Text):
            hint = f"write one text, in quotes if it begins with {'[' if isinstance(node, List) else '{'}"
            self.notes.add("wrong-shape", f"{what} is a text, not {_kind(node)}", node.location, hint)
            return None
        if not node.value.strip():
            self.notes.add_text(TextError("empty-value", f"{what} is empty", 0, 1, _LEAVE_OUT), node)
            return None
        return node

    def words(self, fields: Fields, key: str, what: str) -> str | None:
        """The text under an optional key."""
        if key not in fields:
            return None
        text = self.text(fields[key][1], f"'{key}' of {what}")
        return None if text is None else text.value.strip()

    def choice(self, fields: Fields, key: str, form: Scalar, default: str, what: str | None = None) -> str:
        """One of a few words under an optional key."""
        if key not in fields:
            return default
        text, choices = self.text(fields[key][1], f"'{key}'"), form.choices
        if text is None:
            return default
        if text.value not in choices:
            hint = did_you_mean(text.value, choices) or f"it is {_enumerated(choices, 'or')}"
            self.notes.add("unknown-word", f"'{text.value}' is no {what or key}", text.location, hint)
            return default
        return text.value

    def parsed(self, node: Node, what: str, parse: Callable[[str], T]) -> T | None:
        """What `parse` makes of a scalar."""
        text = self.text(node, what)
        if text is None:
            return None
        try:
            return parse(text.value)
        except TextError as error:
            self.notes.add_text(error, text)
            return None


def is_blank(node: Node) -> bool:
    return isinstance(node, Text) and node.plain and not node.value


def _kind(node: Node) -> str:
    return {Text: "a text", List: "a list", Table: "a mapping"}[type(node)]


_LEAVE_OUT = "write it, or leave the key out"


def _mapping_hint(node: Node) -> str:
    if isinstance(node, Text) and re.match(r"[^\s:]+:\S", node.value):
        return "write a space behind the colon"
    return "write `key: value`" + (", without dashes or brackets" if isinstance(node, List) else "")


def _list_hint(node: Node) -> str:
    if not isinstance(node, Text) or len(node.value) > MAX_WORD:
        return "write it in [ ]"
    if node.value in ("none", "nothing"):
        return "write []"
    return "write a space behind the dash" if node.value.startswith("-") else f"write [{node.value}]"


def _enumerated(words: Collection[str], conjunction: str = "and") -> str:
    *most, last = words
    return f"{', '.join(most)} {conjunction} {last}" if most else last
