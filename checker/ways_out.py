"""Conflicts → what one would have to give up, in menus, each way tried.

The ways out of conflicts are the minimal hitting sets of their premises. Conflicts that share no premise get
menus of their own, so that k independent conflicts make k short menus and not 2^k combinations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.closed_form import pretty
from checker.conflicts import Conflict
from checker.derivation import Deriver
from checker.expression import Expression, Name, constant, names, to_text
from checker.grouping import overlapping
from checker.hitting_sets import smallest_first
from checker.intervals import Interval
from checker.model import STATUSES, Consequence, Equates, Gives, Quantizes
from checker.ranges import NARROW, SMALLEST, is_bounded, is_value, range_of
from checker.sides import quantity_text
from checker.value import Value

MAX_RESOLVED_TERMS = 30_000
MIN_RESOLVED = 3
FEWEST_DIGITS, MOST_DIGITS = 4, 10
"""How many digits values are shown with."""


@dataclass(frozen=True, slots=True)
class Menu:
    """Conflicts tied together by shared premises, by number, and the minimal sets that settle all of them;
    `complete` is False where there are more than the limit."""

    conflicts: tuple[int, ...]
    ways: tuple[tuple[str, ...], ...]
    complete: bool


def menus(
    conflicts: Sequence[tuple[int, frozenset[str]]], statuses: Mapping[str, str], limit: int
) -> list[Menu]:
    """Menus for numbered sets of premises, in the order of their first conflict; ways smallest and least
    entrenched first."""
    rank = {status: number for number, status in enumerate(STATUSES)}

    def key(way: frozenset[str]) -> tuple[int, list[int], list[str]]:
        return len(way), sorted(-rank[statuses[one]] for one in way), sorted(way)

    found = []
    for group in overlapping([premises for _, premises in conflicts]):
        ways, complete = smallest_first([conflicts[i][1] for i in group], limit)
        ordered = tuple(
            tuple(sorted(way, key=lambda one: (-rank[statuses[one]], one))) for way in sorted(ways, key=key)
        )
        found.append(Menu(tuple(sorted({conflicts[i][0] for i in group})), ordered, complete))
    return sorted(found, key=lambda menu: menu.conflicts)


def affordable(menu: Menu, terms: int) -> int:
    """How many ways of a menu are worth re-solving among claims with so many terms."""
    return min(len(menu.ways), max(MIN_RESOLVED, MAX_RESOLVED_TERMS // max(terms, 1)))


def consequences(
    deriver: Deriver, conflicts: Sequence[Conflict], give_up: Iterable[str], around: frozenset[int]
) -> dict[str, Consequence]:
    """What the quantities of the premises given up come out as from the claims `around` that remain."""
    given_up = set(give_up)
    claims = deriver.oracle.claims
    remaining = [index for index in sorted(around) if not claims[index].rests_on & given_up]
    disputed = {
        index
        for conflict in conflicts
        for occurrence in conflict.occurrences
        for index in occurrence.claims
        if claims[index].premise in given_up
    }
    tied = deriver.oracle.tied(remaining)

    def about(expression: Expression) -> list[int]:
        """The remaining claims that can say anything of it: many systems may share the premise."""
        unknowns = [deriver.unknown(name) for name in names(expression)]
        return sorted(frozenset[int]().union(*(tied.get(one, ()) for one in unknowns if one is not None)))

    found: dict[str, Consequence] = {}
    for index in sorted(disputed):
        for relation in claims[index].relations:
            match relation:
                case Gives(of=of) if ".".join(of.parts) in found:
                    continue  # another value of it is given up as well
                case Gives(of=of, value=value):
                    digits = digits_of(value)
                    found[".".join(of.parts)] = consequence(deriver, of, about(of), digits=digits)
                case Quantizes(of=of, quantum=quantum):
                    found[quantity_text(of)] = consequence(deriver, of, about(of), quantum)
                case Equates(left=left):
                    quantum_ = deriver.grounded.quanta.get(claims[index].premise)
                    found[quantity_text(left)] = consequence(deriver, left, about(left), quantum_)
    return found


def consequence(
    deriver: Deriver,
    quantity: Expression,
    claims: Sequence[int],
    quantum: Expression | None = None,
    digits: int = FEWEST_DIGITS,
) -> Consequence:
    """The value of a quantity from these claims, counted in quanta where it was quantized; the range that
    they leave where they leave more than one, or where bounds among them exclude the nominal value. Of
    uncertain claims it is the value that fits all of them best, with its standard uncertainty; the range is
    that of bounds and rounding alone."""
    derived = deriver.derive(quantity, claims)
    unit = deriver.coherent_unit(quantity)
    exact = deriver.exact(derived.form)
    number = derived.number
    fitted = None if exact or derived.several or quantum else deriver.adjusted(quantity, claims)
    if fitted is not None:
        shown = deriver.show(fitted[0], quantity, uncertainty=fitted[1])
        return Consequence(fitted[0], unit, None, shown, uncertainty=fitted[1])
    spread: Interval | None = None
    if not derived.several and (number is not None or exact is None):
        bounded = number is None or is_bounded(deriver, quantity, claims)
        found = range_of(deriver, quantity, claims) if bounded else None
        if found is not None and (not _contains(found, number) or not _nominal(deriver, quantity, claims)):
            if not is_value(found):
                return _range(deriver, quantity, unit, found, digits)
            number, exact = sum(found) / 2, None
        elif found is not None and exact is None and math.isfinite(sum(found)) and not is_value(found):
            spread = found
    if derived.several:
        shown = " or ".join(deriver.show(number, quantity, digits=digits) for number in derived.several)
        return Consequence(None, unit, None, shown)
    if number is None:
        return Consequence(None, unit, exact, pretty(exact) if exact else "not determined")
    size = None if quantum is None else deriver.derive(quantum, claims).number
    if quantum is not None and size:
        return Consequence(number, unit, exact, _in_quanta(number / size, quantum))
    doubt = None if exact else deriver.uncertainty(derived, quantity)
    shown = deriver.show(number, quantity, digits=digits, uncertainty=doubt)
    if spread is None:
        return Consequence(number, unit, exact, shown, uncertainty=doubt)
    least, most = (deriver.show(end, quantity, digits=digits) for end in spread)
    around = f" ({least} … {most})" if least != most else ""
    return Consequence(number, unit, exact, shown + around, spread, doubt)


def digits_of(value: Value) -> int:
    """How many digits a value is compared to: as many as its number is written with, within reason."""
    written = None if value.number is None else re.match(r"[-+\d.]+", value.text)
    digits = len(re.sub(r"\D", "", written[0]).lstrip("0")) if written else 0
    return min(max(FEWEST_DIGITS, digits), MOST_DIGITS)


def _in_quanta(number: float, quantum: Expression) -> str:
    """A number of quanta, without a one beside a name or behind a number."""
    counted, name = f"{number:.3g}", pretty(to_text(quantum))
    if constant(quantum) == 1:
        return counted
    return name if counted == "1" else f"{counted} {name}"


def _nominal(deriver: Deriver, quantity: Expression, claims: Sequence[int]) -> bool:
    """Whether the quantities in an expression may have the values that are derived for them."""
    if isinstance(quantity, Name):
        return True
    inside = [name for name in names(quantity) if deriver.unknown(name) is not None]
    ranges = ((range_of(deriver, name, claims), deriver.derive(name, claims).number) for name in inside)
    return all(ends is None or _contains(ends, number) for ends, number in ranges)


def _contains(ends: Interval, number: float | None) -> bool:
    if number is None:
        return False
    slack = NARROW * max(abs(ends[0]), abs(ends[1])) if math.isfinite(ends[0] + ends[1]) else 0.0
    return ends[0] - slack <= number <= ends[1] + slack


def _range(deriver: Deriver, quantity: Expression, unit: str, ends: Interval, digits: int) -> Consequence:
    """A range in words; what only the declared sign bounds is left open."""
    low, high = (end if SMALLEST < abs(end) < 1 / SMALLEST or not end else None for end in ends)
    if low is not None and high is not None:
        least, most = (deriver.show(end, quantity, digits=digits) for end in (low, high))
        shown = least if least == most else f"{least} … {most}"
    elif high is not None:
        shown = f"at most {deriver.show(high, quantity, digits=digits)}"
    elif low:
        shown = f"at least {deriver.show(low, quantity, digits=digits)}"
    else:
        return Consequence(None, unit, None, "not determined")
    return Consequence(None, unit, None, shown, (low, high))
