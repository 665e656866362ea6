"""A quantity as it is asked for on the command line → its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checker.errors import InputError, Mistake
from checker.expression import normal
from checker.reading import did_you_mean, shortened

LISTED = 10
"""So many quantities are named where there is none like the one asked for."""


def asked_for(path: str, symbols: Mapping[str, str | None], message: str) -> str:
    """Of quantities by their paths, each with its symbol, the one that is meant: as under `given`, the last
    part is its name or its symbol. Raises InputError with the message where that is none of them, or not
    one alone."""
    if path in symbols:
        return path
    owner, _, word = path.rpartition(".")
    found = [
        one
        for one, symbol in symbols.items()
        if one.rpartition(".")[0] == owner and normal(word) in _words(one, symbol)
    ]
    if len(found) == 1:
        return found[0]
    hint = f"it may be {' or '.join(found)}" if found else _hint(path, symbols)
    raise InputError([Mistake("unknown-quantity", message, hint=hint)])


def _words(path: str, symbol: str | None) -> Iterator[str]:
    """What the last part of a path may be."""
    yield normal(path.rpartition(".")[2])
    if symbol is not None:
        yield normal(symbol)


def _hint(path: str, known: Iterable[str]) -> str:
    """What was probably meant, and what there is: first what is of the same thing, and of the same system."""

    def far(other: str) -> tuple[bool, bool]:
        (thing, _, _), (system, _, _) = other.rpartition("."), other.partition(".")
        return thing != path.rpartition(".")[0], system != path.partition(".")[0]

    paths = sorted(known, key=far)
    rest = len(paths) - LISTED
    listed = ", ".join(map(shortened, paths[:LISTED])) + (f" and {rest:,} more" if rest > 0 else "")
    there_are = f"the quantities are {listed}" if paths else "there are no quantities"
    return " ".join(filter(None, (did_you_mean(path, paths), there_are)))
