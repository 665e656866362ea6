"""One quantity of solved claims → every way it follows: each minimal set of claims that gives it a value.

Ways are found as conflicts are: a set of claims that hits every way found so far is left out, and where the
rest still gives the quantity a value, that is a new way (Reiter, Artif. Intell. 32, 1987). Once no rest does,
there is no further one.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from checker.closed_form import shortest, text
from checker.derivation import Derived, Deriver
from checker.expression import Name
from checker.model import Side, Speaks, WaysApart, Why
from checker.sides import ratio_form
from checker.solution import Solution
from checker.ways_out import FEWEST_DIGITS, digits_of

MOST_WAYS = 12
MAX_TERMS = 1_000_000
"""Ways are looked for until claims with so many terms have been solved, all in all."""
MAX_SHRUNK = 200
"""A derivation from more claims than this is not looked at for claims that it does not need."""


def why(
    deriver: Deriver,
    name: Name,
    sound: frozenset[int],
    solution: Solution,
    sigma: tuple[float, float],
    scenario: tuple[str, str],
    case: Mapping[str, float | int],
) -> Why:
    """Every way in which `sound` claims give a quantity a value, whether they agree, and who else speaks of
    it. `solution` is that of all of these claims, `scenario` has path and title."""
    sets, complete = ways(deriver, name, sound)
    derived = [deriver.derive(name, one) for one in sets]
    if not sets and deriver.unknown(name) is None:
        sets, derived = [frozenset()], [deriver.derive(name, ())]  # its kind says what it is
    digits = max(
        (digits_of(given.value) for one in derived if (given := one.stated())), default=FEWEST_DIGITS
    )
    sides = tuple(_side(deriver, name, one, digits) for one in derived)
    claims = deriver.oracle.claims
    last = {(side.steps[-1].claim, side.steps[-1].entity) for side in sides if side.steps}
    speaking = [i for i in _speaking(deriver, name) if (claims[i].premise, claims[i].entity) not in last]
    sources = {id_: premise.source for id_, premise in deriver.grounded.premises.items()}
    default = deriver.grounded.defaults.get(name)
    return Why(
        *scenario,
        quantity=".".join(name.parts),
        symbol=deriver.grounded.quantities[name].symbol,
        ways=sides,
        apart=tuple(_apart(deriver, sets, derived, sigma)),
        complete=complete,
        speaking=tuple(_speaks(deriver, name, index, solution) for index in speaking),
        sources={premise: sources.get(premise) for side in sides for premise in side.claims},
        by_kind=default.value.text if default and deriver.unknown(name) is None else None,
        case=case,
    )


def ways(
    deriver: Deriver, name: Name, claims: Collection[int], most: int = MOST_WAYS
) -> tuple[list[frozenset[int]], bool]:
    """The minimal sets of claims that give a quantity a value, smallest first, and whether these are all."""
    unknown = deriver.unknown(name)
    if unknown is None:
        return [], True
    search = _Search(deriver, name)
    found: list[frozenset[int]] = []
    tied = deriver.oracle.tied(claims).get(unknown, frozenset())
    waiting, seen = deque([frozenset[int]()]), {frozenset[int]()}
    while waiting:
        left_out = waiting.popleft()
        way = next((one for one in found if not one & left_out), None)
        if way is None:
            if len(found) >= most or search.spent > MAX_TERMS:
                search.complete = False
                break
            way = search.minimal(tied - left_out)
            if way is None:
                continue
            found.append(way)
        for claim in sorted(way):
            if (more := left_out | {claim}) not in seen:
                seen.add(more)
                waiting.append(more)
    return sorted(found, key=lambda one: (len(one), sorted(one))), search.complete


class _Search:
    """Claims that determine one quantity; `spent` counts the terms gone through."""

    def __init__(self, deriver: Deriver, name: Name) -> None:
        self.deriver, self.name = deriver, name
        self.spent, self.complete = 0, True

    def minimal(self, claims: frozenset[int]) -> frozenset[int] | None:
        """A minimal set of some claims that determines the quantity, None where all of them do not."""
        support = self.support(claims)
        if support is None:
            return None
        if len(support) > MAX_SHRUNK:
            self.complete = False
            return support
        for claim in sorted(support):
            if claim in support and (smaller := self.support(support - {claim})) is not None:
                support = smaller
        return support

    def support(self, claims: frozenset[int]) -> frozenset[int] | None:
        """Those of some claims that the value is derived from, None where they do not determine it."""
        self.spent += self.deriver.oracle.terms(claims)
        derived = self.deriver.derive(self.name, claims)
        if derived.number is None:
            return None
        support = derived.claims()
        return support if self.deriver.derive(self.name, support).number is not None else claims


def _side(deriver: Deriver, name: Name, derived: Derived, digits: int) -> Side:
    """A way as a side of a contradiction would be shown."""
    assert derived.number is not None
    given = derived.stated()
    uncertainty = deriver.uncertainty(derived, name)
    if given is not None and given.of == name:
        shown, exact = given.value.text, None  # with the digits its author wrote
    else:
        numbers = derived.several or (derived.number,)
        shown = " or ".join(deriver.show(one, name, None, digits, uncertainty) for one in numbers)
        exact = None if derived.several else deriver.exact(derived.form)
    unit = deriver.coherent_unit(name)
    premises, steps = derived.premises(), derived.steps()
    return Side(derived.number, unit, shown, exact, premises, steps, uncertainty=uncertainty)


def _apart(
    deriver: Deriver,
    sets: Sequence[frozenset[int]],
    derived: Sequence[Derived],
    sigma: tuple[float, float],
) -> Iterator[WaysApart]:
    """Of each two ways, whether their claims can all be true, and how far apart the values are."""
    for i, j in combinations(range(len(sets)), 2):
        refutations = deriver.oracle.outcome(sets[i] | sets[j]).refutations
        strain = max((deriver.oracle.strain(one) for one in refutations), default=0.0)
        one, other = derived[i].number or 0.0, derived[j].number or 0.0
        same = math.isclose(one, other, rel_tol=1e-9)
        ratio = max(one / other, other / one) if one * other > 0 and not same else None
        form = ratio_form(derived[i], derived[j]) if ratio is not None else None
        exact = None if form is None else text(shortest(form, deriver.named))
        number = math.sqrt(strain) if strain and math.isfinite(strain) else None
        limit = math.inf if same else math.sqrt(strain)
        how = "agree" if same or limit < sigma[0] else "tension" if limit < sigma[1] else "contradict"
        yield WaysApart(i, j, how, ratio, exact, number)


def _speaking(deriver: Deriver, name: Name) -> list[int]:
    """The claims that speak about a quantity."""
    system, unknown = deriver.system, deriver.unknown(name)
    found = {
        one.claim for one, inside in zip(system.equations, system.unknowns, strict=True) if unknown in inside
    }
    return sorted(index for index in found if index < len(deriver.grounded.claims))


def _speaks(deriver: Deriver, name: Name, index: int, solution: Solution) -> Speaks:
    """What a claim says, and the other quantities in it that stay open; or else why it gives no value."""
    system, claim = deriver.system, deriver.grounded.claims[index]
    equations = system.of_claim.get(index, ())
    open_ = {u for e in equations for u in system.unknowns[e] if solution.number(u) is None}
    needs = {".".join(other.parts) for u in open_ if (other := system.names[u]) not in (None, name)}
    reasons = dict.fromkeys(solution.open[e] for e in equations if e in solution.open)
    why_not = "; ".join(reasons) if not needs else None
    text_ = deriver.relation_text(index)
    return Speaks(f"{claim.premise} @ {claim.entity}", text_, tuple(sorted(needs)), why_not or None)
