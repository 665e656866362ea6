"""Two reports on one scenario, before and after a change → what appears, disappears and changes."""

from __future__ import annotations

from collections.abc import Mapping

from checker.accepted import identity
from checker.closed_form import pretty
from checker.model import Consequence, Contradiction, Difference, Limit, Report


def difference(before: Report, after: Report) -> Difference:
    """What differs. Contradictions are the same where they dispute the same premises; values are the same
    where they read the same."""
    old, new = _by_premises(before), _by_premises(after)
    both = [(old[key], new[key]) for key in new if key in old]
    beyond, now_beyond = _outside(before), _outside(after)
    told = {name: _text(one) for name, one in before.values.items()}
    now = {name: _text(one) for name, one in after.values.items()}
    return Difference(
        verdicts=(before.verdict, after.verdict),
        appear=tuple(one for key, one in new.items() if key not in old),
        disappear=tuple(one for key, one in old.items() if key not in new),
        change=tuple(pair for pair in both if _sides(pair[0]) != _sides(pair[1])),
        determined={name: shown for name, shown in now.items() if name not in told},
        undetermined={name: shown for name, shown in told.items() if name not in now},
        outside=tuple(one for place, one in now_beyond.items() if place not in beyond),
        inside=tuple(one for place, one in beyond.items() if place not in now_beyond),
        values={n: (told[n], shown) for n, shown in now.items() if n in told and told[n] != shown},
    )


def _by_premises(report: Report) -> Mapping[object, Contradiction]:
    found: dict[object, Contradiction] = {}
    for one in (*report.contradictions, *report.tensions):
        found.setdefault((one.kind == "dimension", identity(one)), one)
    return found


def _outside(report: Report) -> dict[tuple[str, str, str], Limit]:
    """The laws used outside their limits, in a contradiction or elsewhere."""
    told = [one for found in (*report.contradictions, *report.tensions) for one in found.outside]
    limits = [*told, *(one for one in report.limits if one.status == "outside")]
    return {(one.rule, one.entity, one.condition): one for one in limits}


def _text(value: Consequence) -> str:
    """A value for people, and its closed form where it has one."""
    if value.exact is None or pretty(value.exact) == value.shown:
        return value.shown
    return f"{value.shown} = {value.exact}"


def _sides(found: Contradiction) -> object:
    worst = found.occurrences[0]
    return worst.quantity, tuple(side.shown for side in worst.sides), worst.sigma
