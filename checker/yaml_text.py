"""YAML files → texts, lists and tables that know where they stand. The only door to yaml.

Every scalar stays the text that was written: what `no`, `1e-31` and `12:30:45` mean is said elsewhere.
The tree is built from the parser's events, so that nothing is expanded and nothing grows beyond the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from checker.errors import InputError, Location, Mistake

if TYPE_CHECKING:
    from yaml import _yaml

    _Mark = yaml.Mark | _yaml.Mark

MAX_BYTES = 10_000_000
MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as written. `location` is that of its first character, inside the quotes where it has some."""

    value: str
    location: Location
    plain: bool


@dataclass(frozen=True, slots=True)
class List:
    """The items of a YAML sequence."""

    items: list[Node]
    location: Location


@dataclass(frozen=True, slots=True)
class Table:
    """The entries of a YAML mapping, in their order: a key's text → the key in its place, and the value."""

    entries: dict[str, tuple[Text, Node]]
    location: Location


Node = Text | List | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is YAML. `mistakes` are those that did not stop its reading, such as a key stated twice."""

    path: str
    lines: list[str]
    root: Node
    mistakes: tuple[Mistake, ...]


def read(path: Path, shown: str) -> Document:
    """The one document in the file, whose path is to be shown as `shown` in messages.

    Raises InputError for what is no file, no text, no YAML, or YAML with anchors, aliases or tags.
    """
    return compose(_decoded(_bytes(path, shown), shown), shown)


def compose(text: str, shown: str) -> Document:
    """The one document in a text that messages call `shown`. Raises InputError as `read` does."""
    if forbidden := _FORBIDDEN.search(text):
        location = _end_of(text[: forbidden.start()], shown)
        message = f"the character U+{ord(forbidden.group()):04X} has no place in a text file"
        raise _refused(Mistake("not-text", message, location, None, text.splitlines()[location.line - 1]))
    return _Builder(shown, text).document()


# ---------------------------------------------------------------- bytes → text

# What YAML allows in a file; NUL, other control characters and lone surrogates are left.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _bytes(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise _refused(Mistake("unreadable-file", f"{shown} is a folder, not a file")) from None
    except FileNotFoundError:
        raise _refused(Mistake("missing-file", f"no such file: {shown}")) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise _refused(Mistake("unreadable-file", f"cannot read {shown}: {reason or error}")) from None
    if len(data) > MAX_BYTES:
        raise _refused(Mistake("oversized-text", f"{shown} is larger than {MAX_BYTES // 1_000_000} MB"))
    return data


def _decoded(data: bytes, shown: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec that skips a byte order mark counts from behind it.
        bad = error.start + (len(data) - len(error.object))
        before = data[:bad].decode("utf-8-sig", errors="replace")
        location = _end_of(before, shown)
        line = data.decode("utf-8-sig", errors="replace").splitlines()[location.line - 1]
        message = f"byte 0x{data[bad]:02x} is not UTF-8"
        raise _refused(Mistake("not-text", message, location, "save the file as UTF-8", line)) from None
    return text


def _end_of(text: str, shown: str) -> Location:
    """The place behind a piece of text from the start of the file."""
    lines = f"{text}|".splitlines()
    return Location(shown, len(lines), len(lines[-1]))


def _refused(mistake: Mistake) -> InputError:
    return InputError((mistake,))


# ---------------------------------------------------------------- events → nodes


class _Builder:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.lines = text.splitlines()
        self.mistakes: list[Mistake] = []

    def document(self) -> Document:
        root = None
        try:
            for node in self._documents():
                if root is not None:
                    raise self._refused(
                        "unsupported-yaml",
                        "a second document begins here",
                        node,
                        "a file holds one document",
                    )
                root = node
        except yaml.MarkedYAMLError as error:
            raise InputError((*self.mistakes, self._syntax(error))) from None
        if root is None or (isinstance(root, Text) and root.plain and not root.value):
            raise InputError((Mistake("empty-file", f"{self.path} is empty", Location(self.path, 1, 1)),))
        return Document(self.path, self.lines, root, tuple(self.mistakes))

    def _documents(self) -> Iterator[Node]:
        """The tree of each document. `open` holds the lists and tables that are not closed yet, with the key
        that awaits its value for a table and None otherwise."""
        open_: list[tuple[List | Table, Text | None]] = []
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        for event in yaml.parse(self.text, Loader=loader):
            node: Node
            if isinstance(event, yaml.ScalarEvent):
                node = self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                location = self._location(event.start_mark)
                node = (
                    List([], location) if isinstance(event, yaml.SequenceStartEvent) else Table({}, location)
                )
                self._refuse_extras(event, node)
                if len(open_) == MAX_DEPTH:
                    raise self._refused("oversized-text", f"nested more than {MAX_DEPTH} deep", node, None)
                open_.append((node, None))
                continue
            elif isinstance(event, yaml.CollectionEndEvent):
                node, _ = open_.pop()
            elif isinstance(event, yaml.AliasEvent):
                alias = Text("", self._location(event.start_mark), plain=True)
                raise self._refused(
                    "unsupported-yaml",
                    "an alias (*) is not read",
                    alias,
                    "write the value out, or put text in quotes",
                )
            else:
                continue
            if not open_:
                yield node
                continue
            parent, key = open_[-1]
            if isinstance(parent, List):
                parent.items.append(node)
            elif key is None:
                open_[-1] = (parent, self._key(node))
            else:
                self._enter(parent, key, node)
                open_[-1] = (parent, None)

    def _scalar(self, event: yaml.ScalarEvent) -> Text:
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None  # the parser's events have both
        quotes = 1 if event.style in ("'", '"') else 0
        length = end.column - start.column - 2 * quotes if end.line == start.line else len(event.value)
        location = Location(self.path, start.line + 1, start.column + 1 + quotes, max(length, 1))
        text = Text(event.value, location, not event.style)
        if event.tag is not None or event.anchor is not None:
            self._refuse_extras(event, text)
        if event.style == ">" and not event.value.strip():  # a lone >5 says how far a block is indented
            raise InputError((*self.mistakes, self._block_of_text(location)))
        return text

    def _refuse_extras(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, node: Node) -> None:
        if event.anchor is not None:
            raise self._refused(
                "unsupported-yaml",
                "an anchor (&) is not read",
                node,
                "write the value out where it is used, or quote it",
            )
        if event.tag is not None:
            raise self._refused(
                "unsupported-yaml", "a tag (!) is not read", node, "leave it out, or put text in quotes"
            )

    def _key(self, node: Node) -> Text:
        if isinstance(node, Text):
            return node
        what = "list" if isinstance(node, List) else "mapping"
        hint = "put text that begins with { or [ in quotes"
        raise self._refused("wrong-shape", f"a key is a text, not a {what}", node, hint)

    def _enter(self, table: Table, key: Text, node: Node) -> None:
        if key.plain and key.value == "<<":
            self._note(
                "unsupported-yaml", "a merge key (<<) is not read", key.location, "write the entries out"
            )
        elif key.value in table.entries:
            first, _ = table.entries[key.value]
            self._note(
                "duplicate-key",
                f"'{key.value}' is stated twice",
                key.location,
                f"first on line {first.location.line}",
            )
        elif isinstance(node, Text) and not node.value and key.plain and re.search(r":\S", key.value):
            hint = "write a space behind the colon"
            self._note("wrong-indentation", "this is no 'key: value'", key.location, hint)
        elif key.value[:1].isspace() and key.plain:
            hint = "indent with spaces"
            self._note(
                "wrong-indentation", "no-break spaces stand where lines are indented", key.location, hint
            )
        else:
            table.entries[key.value] = (key, node)

    # ------------------------------------------------------------ what is wrong

    def _location(self, mark: _Mark | None) -> Location:
        assert mark is not None  # the parser's events and errors have one
        return Location(self.path, mark.line + 1, mark.column + 1)

    def _note(self, code: str, message: str, location: Location, hint: str | None) -> None:
        self.mistakes.append(self._mistake(code, message, location, hint))

    def _mistake(self, code: str, message: str, location: Location, hint: str | None) -> Mistake:
        line = self.lines[location.line - 1] if location.line <= len(self.lines) else ""
        return Mistake(code, message, location, hint, line)

    def _refused(self, code: str, message: str, node: Node, hint: str | None) -> InputError:
        return InputError((*self.mistakes, self._mistake(code, message, node.location, hint)))

    def _syntax(self, error: yaml.MarkedYAMLError) -> Mistake:
        """What the parser stumbled over, in the words of somebody who writes physics."""
        context, problem = error.context or "", error.problem or "this is not YAML"
        mark, opened = error.problem_mark, error.context_mark
        at_end = mark is None or mark.line >= len(self.lines) or "end of stream" in problem
        place = opened if at_end and opened is not None else mark
        if place is None:
            return Mistake("invalid-yaml", f"{self.path}: {problem}", Location(self.path, 1, 1))
        location = self._location(place)
        line = self.lines[location.line - 1] if location.line <= len(self.lines) else ""
        if "expected" in problem and (brackets := _BRACKETS_BEFORE.search(line[: location.column - 1])):
            begin = brackets.start()
            text = _UP_TO_NEXT.match(line, location.column - 1)
            whole = (brackets[0] + (text[0] if text else "")).rstrip()
            location = replace(location, column=begin + 1, length=len(whole))
            return self._mistake(
                "unquoted-text", "'[' opens a list here", location, f'put a range in quotes: "{whole}"'
            )
        if "expected" in problem and _QUOTED_BEFORE.search(line[: location.column - 1]):
            hint = "put the whole text in quotes; in single quotes, an apostrophe is written twice"
            return self._mistake("unclosed-quote", "text goes on behind a closing quote", location, hint)
        if "cannot start any token" in problem or re.search(
            "alias|anchor|tag|directive|block scalar", context
        ):
            start = opened or place
            return self._unexpected_character(self._location(start))
        if "mapping values" in problem:
            return self._misplaced_colon(line, location)
        if "expected" in problem and line[location.column - 1 : location.column] in ("]", "}"):
            hint = "leave it out, or write the one that was opened"
            return self._mistake("unbalanced-bracket", "this bracket closes nothing", location, hint)
        if "expected ','" in problem and not at_end and opened is not None:
            message, hint = "a ',' is missing between entries", "put one before the entry"
            if opened.line < location.line - 1:  # the bracket opens on an earlier line
                message = f"this bracket is not closed before line {location.line}"
                location, hint = self._location(opened), "close it, or put a comma between its entries"
            return self._mistake("unbalanced-bracket", message, location, hint)
        for part, code, message, way in _PROBLEMS:
            if part in problem:
                return self._mistake(code, message, location, way)
        return self._mistake("invalid-yaml", f"this is not YAML: {problem}", location, None)

    def _block_of_text(self, location: Location) -> Mistake:
        text = _UP_TO_NEXT.match(self.lines[location.line - 1], location.column - 1)
        bound = text[0].rstrip() if text else "> 5 s"
        hint = f'put a bound in quotes: "{bound}"'
        return self._mistake("unquoted-text", "'>' opens a block of text here", location, hint)

    def _misplaced_colon(self, line: str, location: Location) -> Mistake:
        """A `: ` in the text of an entry, or of a line below one that has its value already."""
        before, _, text = line.partition(": ")
        if len(before) < location.column - 1:
            hint = (
                f'put the text in quotes: "{text.strip()}"' if '"' not in text else "put the text in quotes"
            )
            return self._mistake("misplaced-mark", "': ' has no place in this text", location, hint)
        key = before.strip()
        place = replace(location, column=location.column - len(key), length=len(key))
        hint = "check its indentation, or quote the text above"
        return self._mistake("wrong-indentation", "this line is indented below a value", place, hint)

    def _unexpected_character(self, location: Location) -> Mistake:
        line = self.lines[location.line - 1] if location.line <= len(self.lines) else ""
        character = line[location.column - 1 : location.column]
        if character == ">":
            return self._block_of_text(location)
        if character == "\t":
            return self._mistake(
                "wrong-indentation", "a tab stands where lines are indented", location, "indent with spaces"
            )
        return self._mistake(
            "unquoted-text", f"text cannot begin with {character}", location, "put the text in quotes"
        )


_BRACKETS_BEFORE = re.compile(r"\[[^\[\]]*\]\s*$")
_QUOTED_BEFORE = re.compile(r"""(?:'[^']*'|"[^"]*")\s*$""")
_UP_TO_NEXT = re.compile(r"(?:(?! #)[^,{}\[\]])*")

_PROBLEMS = (
    (
        "sequence entries are not allowed",
        "misplaced-mark",
        "'- ' has no place here",
        "begin a list on its own line, or quote the text",
    ),
    (
        "expected ',' or ']'",
        "unbalanced-bracket",
        "this list in [ ] is not closed",
        "put text that holds , [ ] { } in quotes",
    ),
    (
        "expected ',' or '}'",
        "unbalanced-bracket",
        "this mapping in { } is not closed",
        "put text that holds , [ ] { } in quotes",
    ),
    ("unexpected end of stream", "unclosed-quote", "this quotation is not closed", "add the closing quote"),
    (
        "unknown escape",
        "unknown-escape",
        "'\\' begins no known escape",
        "in single quotes a backslash stands for itself",
    ),
    (
        "could not find expected ':'",
        "wrong-indentation",
        "this line is no 'key: value'",
        "check its ':' and its indentation",
    ),
    (
        "expected key",
        "wrong-indentation",
        "this line does not belong to those above it",
        "check its indentation",
    ),
    (
        "expected '-'",
        "wrong-indentation",
        "this line does not belong to the list above it",
        "check its indentation",
    ),
    ("mapping keys are not", "unquoted-text", "'? ' has no place here", "put the text in quotes"),
    ("maximum nesting depth", "oversized-text", f"nested more than {MAX_DEPTH} deep", None),
    (
        "expected node content",
        "unquoted-text",
        "a value is missing here",
        "put text that begins with , ] or } in quotes",
    ),
)
