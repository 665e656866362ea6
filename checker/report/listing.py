"""The vocabulary of packs and words to look for → a list of what has all of them, for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap

from checker.expression import names, normal
from checker.model import Vocabulary
from checker.report.explain import assertions
from checker.report.wording import one_line
from checker.rules import relations, speaks_of

SHORT = 2
"""Words of so many characters are symbols: they are looked for as a whole, in the case that they have."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something that was found: the columns of its line, what stands below them, and its pack."""

    columns: tuple[str, ...]
    below: str
    pack: str


def listing(
    vocabulary: Vocabulary, words: Sequence[str], pack_of: Callable[[str], str], width: int
) -> str | None:
    """The rules that have all these words in their id, claim, relation, quantities, source or symbols, pack
    by pack; with words, also the quantities, kinds and constants. None if there is nothing. `pack_of` tells
    the name that a file has where it is used."""
    groups = [("rules", list(_rules(vocabulary, words, pack_of)))]
    if words:
        groups += [
            ("quantities", list(_quantities(vocabulary, words, pack_of))),
            ("kinds", list(_kinds(vocabulary, words, pack_of))),
            ("constants", list(_constants(vocabulary, words, pack_of))),
        ]
    texts = []
    for title, entries in groups:
        entries.sort(key=lambda entry: entry.pack)  # in a pack, as they stand there
        widths = [max(map(len, column)) for column in zip(*(entry.columns for entry in entries), strict=True)]
        for pack, of_pack in groupby(entries, key=lambda entry: entry.pack):
            lines = [f"{title} of {pack}"]
            for entry in of_pack:
                lines += _lines(entry, widths, width)
            texts.append("\n".join(lines) + "\n")
    return "\n".join(texts) or None


def _lines(entry: _Entry, widths: Sequence[int], width: int) -> Iterator[str]:
    """The columns, and below them the rest, wrapped."""
    columns = "  ".join(f"{text:<{room}}" for text, room in zip(entry.columns, widths, strict=True))
    yield f"  {columns}".rstrip()
    yield from (f"      {line}" for line in wrap(entry.below, max(width - 6, 30), break_on_hyphens=False))


def _has(words: Iterable[str], texts: Iterable[str], symbols: Iterable[str]) -> bool:
    """Whether each word is in one of the texts, or is one of the symbols."""
    blob, whole = "\n".join(texts).casefold(), set(map(normal, symbols))
    return all(
        normal(word) in whole or (len(word) > SHORT and normal(word).casefold() in blob) for word in words
    )


def _rules(vocabulary: Vocabulary, words: Sequence[str], pack_of: Callable[[str], str]) -> Iterator[_Entry]:
    for rule in vocabulary.rules.values():
        asserted = "; ".join(assertions(rule.relation))
        quantities = speaks_of(rule, vocabulary)
        written = {
            part for expression in relations(rule) for name in names(expression) for part in name.parts
        }
        texts = [rule.id, rule.claim, asserted, rule.source or "", rule.applies_to]
        texts += [text for one in quantities for text in (one.name, one.description or "")]
        symbols = {*written, *(one.symbol or "" for one in quantities)}
        if _has(words, map(normal, texts), symbols):
            columns = (rule.id, rule.status, one_line(asserted))
            yield _Entry(columns, one_line(rule.claim), pack_of(rule.pack))


def _quantities(
    vocabulary: Vocabulary, words: Sequence[str], pack_of: Callable[[str], str]
) -> Iterator[_Entry]:
    for found in vocabulary.quantities.values():
        for one in found:
            if _has(words, [one.name, one.description or ""], [one.name, one.symbol or ""]):
                columns = (one.name, one.symbol or "", one.unit.text, one_line(one.description or ""))
                yield _Entry(columns, "", pack_of(one.location.path))


def _kinds(vocabulary: Vocabulary, words: Sequence[str], pack_of: Callable[[str], str]) -> Iterator[_Entry]:
    for kind in vocabulary.kinds.values():
        if _has(words, [kind.name], []):
            columns = (kind.name, f"is {kind.parent}" if kind.parent else "")
            yield _Entry(columns, "", pack_of(kind.location.path))


def _constants(
    vocabulary: Vocabulary, words: Sequence[str], pack_of: Callable[[str], str]
) -> Iterator[_Entry]:
    for found in vocabulary.constants.values():
        for one in found:
            if _has(words, [one.name, one.source or ""], [one.name, one.symbol or ""]):
                columns = (one.name, one.symbol or "", one_line(one.value.text))
                yield _Entry(columns, "", pack_of(one.location.path))
