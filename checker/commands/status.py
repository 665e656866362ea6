"""Reports → the exit status of the command."""

from __future__ import annotations

from collections.abc import Iterable

from checker.accepted import all_accepted
from checker.model import Broken, Report

CONSISTENT, CONTRADICTION, FAILED, UNDETERMINED = 0, 1, 2, 3
INTERRUPTED = 130

_BY_VERDICT = {
    "no contradiction": CONSISTENT,
    "contradiction": CONTRADICTION,
    "undetermined": UNDETERMINED,
}
_WORST_FIRST = (FAILED, CONTRADICTION, UNDETERMINED, CONSISTENT)


def of_entry(entry: Report | Broken, tension_fails: bool = False) -> int:
    """The status of one: what is accepted counts for nothing, unless more may exist than was found."""
    if isinstance(entry, Broken):
        return FAILED
    if tension_fails and any(one.accepted is None for one in entry.tensions):
        return CONTRADICTION
    if all_accepted(entry):
        return CONSISTENT
    return _BY_VERDICT[entry.verdict]


def worst(entries: Iterable[Report | Broken], tension_fails: bool = False) -> int:
    """The status of several: the first that occurs in the order could not run, contradiction, undetermined,
    no contradiction."""
    statuses = {of_entry(entry, tension_fails) for entry in entries}
    return next(status for status in _WORST_FIRST if status in statuses)
