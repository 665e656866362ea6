"""Claims → all minimal conflicts, with every place where each occurs.

Conflicts and what repairs them are each other's minimal hitting sets (Reiter 1987). So: hit all conflicts
found so far in a smallest way, leave those claims out, and ask the oracle; it confirms that nothing is left,
or shows another conflict. When every minimal hitting set has been confirmed, none is missing. This is done
apart for each group of claims that redundant equations tie together.

Where values have standard deviations, held claims are searched like the others: a set with few disputed
claims may be hardly strained, and a larger one, resting on other held claims, in conflict.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from checker.consistency import Oracle, Outcome, Stated
from checker.grouping import overlapping
from checker.hitting_sets import minimal_hitting_sets
from checker.refutation import Refutation

MAX_TERMS_ASKED = 100_000
MIN_QUESTIONS = 100
"""The oracle is asked about claims with so many terms in one search, all in all, before it is cut off."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A minimal conflict in one place: the claims of the refutation, the disputed ones among them, and how
    many squared standard deviations it takes to hold them together (∞ where none can)."""

    claims: frozenset[int]
    disputed: frozenset[int]
    strain: float
    refutation: Refutation


@dataclass(frozen=True, slots=True)
class Conflict:
    """Premises that cannot hold together, and where: occurrences with the same disputed premises."""

    premises: frozenset[str]
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Claims tied together by what equations leave over; every minimal conflict lies inside one group.

    `redundancy` counts the rows left over, `open` tells that there are conditions beside them, or equations
    that could not be decided.
    """

    claims: frozenset[int]
    redundancy: int
    open: bool
    refutations: tuple[Refutation, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """All conflicts of some claims; `complete` is False where the limit was reached first, or where leaving
    out what is in conflict left claims that could not be decided; `interrupted` where somebody ended it."""

    conflicts: tuple[Conflict, ...]
    tensions: tuple[Conflict, ...]
    complete: bool
    interrupted: bool = False


def find(oracle: Oracle, outcome: Outcome, sigma: tuple[float, float], limit: int) -> Found:
    """The minimal conflicts among all claims, given what the oracle says of them all together.

    At `sigma[1]` standard deviations a statistical disagreement is a conflict, at `sigma[0]` a tension.
    """
    searches = [
        _Search(oracle, group, sigma[0] ** 2, limit) for group in groups(oracle, outcome) if group.refutations
    ]
    occurrences: list[Occurrence] = []
    interrupted = False
    for search in searches:
        try:
            search.run()
        except KeyboardInterrupt:  # what has been found is not lost
            interrupted = True
        occurrences += search.worst()
        if interrupted:
            break
    strong = [one for one in occurrences if one.strain > sigma[1] ** 2]
    weak = [one for one in occurrences if sigma[0] ** 2 < one.strain <= sigma[1] ** 2]
    conflicts = _by_premises(oracle, strong)
    tensions = [
        tension
        for tension in _by_premises(oracle, weak)
        if not any(one.premises and one.premises <= tension.premises for one in conflicts)
    ]
    return Found(
        tuple(conflicts),
        tuple(tensions),
        not interrupted and all(search.complete for search in searches),
        interrupted,
    )


def groups(oracle: Oracle, outcome: Outcome) -> list[Group]:
    """The claims that redundant equations tie together."""
    supports: list[tuple[frozenset[int], Refutation | None, bool]] = []
    supports += [(refutation.claims, refutation, False) for refutation in outcome.refutations]
    supports += [(claims, None, False) for claims in outcome.checks]
    supports += [(claims, None, True) for claims in outcome.conditions]
    solution = outcome.solution
    for index in solution.open:
        if index not in solution.idle:
            supports.append((oracle.claims_of(solution.ancestors([index])), None, True))
    found = []
    for numbers in overlapping([support for support, _, _ in supports]):
        inside = [supports[number] for number in numbers]
        found.append(
            Group(
                frozenset().union(*(support for support, _, _ in inside)),
                sum(not opened for _, _, opened in inside),
                any(opened for _, _, opened in inside),
                tuple(refutation for _, refutation, _ in inside if refutation is not None),
            )
        )
    return found


class _Search:
    """The minimal conflicts inside one group of claims. Those with a strain of at most `weakest` count only
    in that the others are looked for beside them."""

    def __init__(self, oracle: Oracle, group: Group, weakest: float, limit: int) -> None:
        self.oracle = oracle
        self.group = group
        self.weakest = weakest
        self.limit = limit
        self.complete = True
        self.found: dict[frozenset[int], Occurrence] = {}
        self.confirmed: list[frozenset[int]] = []
        self.left_open: set[frozenset[int]] = set()
        self.tense = 0
        self.questions = 0
        self.patience = max(MIN_QUESTIONS, MAX_TERMS_ASKED // max(oracle.terms(group.claims), 1))
        self.uncertain = any(map(oracle.is_uncertain, group.claims))
        held = group.claims & oracle.held
        # where held claims contradict each other, ways out are looked for among them too
        all_alike = self.uncertain or oracle.outcome(held).refutations
        self.hard: frozenset[int] = frozenset() if all_alike else held
        self.soft = group.claims - self.hard

    def run(self) -> None:
        """Find all, smallest ways to hit them first, until that is done or its limits are met."""
        if self.group.redundancy == 1 and not self.group.open and self.group.refutations[0].minimal:
            self.keep(self.occurrence(self.group.refutations[0]))  # one equation too many: one conflict
            return
        if not self.uncertain:
            self.exhaust(self.soft)
            if not any(math.isfinite(one.strain) for one in self.found.values()):
                return
            # what the uncertainty of a constant may account for must not hide what nothing does
            self.uncertain, self.hard, self.soft = True, frozenset(), self.group.claims
            self.found, self.confirmed, self.tense = {}, [], 0
        values = self.values()
        for pair in _apart(values):
            self.compare(pair)
        others = self.soft.difference(*values)
        for chosen in product(*map(_overlapping, values)):
            self.exhaust(others.union(*chosen))

    def values(self) -> list[dict[int, Stated]]:
        """The values stated for each quantity that has several."""
        found: dict[int, dict[int, Stated]] = {}
        for index in sorted(self.soft):
            if (stated := self.oracle.stated(index)) is not None:
                found.setdefault(stated.unknown, {})[index] = stated
        return [inside for inside in found.values() if len(inside) > 1]

    def compare(self, pair: tuple[tuple[int, Stated], tuple[int, Stated]]) -> None:
        """Keep two values of one quantity as a conflict if they are strained enough."""
        (one, below), (other, above) = pair
        if self.tense >= self.limit:
            self.complete = False
        elif apart(below, above) > self.weakest:
            for refutation in self.oracle.outcome({one, other}).refutations:
                self.keep(self.occurrence(refutation))

    def exhaust(self, soft: frozenset[int]) -> None:
        """Find all among some soft claims, and the hard ones."""
        alike = self.oracle.in_series(soft) if self.uncertain else {}
        progress = True
        while progress:
            progress = False
            known = [frozenset(alike.get(i, i) for i in one) for one in self.found if one <= soft]
            for tried, hitting in enumerate(minimal_hitting_sets(known)):
                rest = self.hard | (soft - hitting)
                if rest in self.left_open or any(rest <= one for one in self.confirmed):
                    continue
                if self.tense >= self.limit or tried >= self.limit or self.questions >= self.patience:
                    self.complete = False
                    return
                outcome = self.ask(rest)
                if not outcome.refutations or self.agree(rest, outcome):
                    if outcome.doubtful:
                        self.left_open.add(rest)  # fewer claims may be decided
                    else:
                        self.confirmed.append(rest)
                    continue
                for refutation in outcome.refutations:
                    self.keep(self.minimal(refutation, soft - hitting))
                progress = True
                break

    def agree(self, claims: frozenset[int], outcome: Outcome) -> bool:
        """Whether all claims together are strained so little that no conflict is among them."""
        if not self.uncertain or any(self.oracle.strain(one) > self.weakest for one in outcome.refutations):
            return False
        return self.oracle.joint_strain(claims) <= self.weakest

    def keep(self, one: Occurrence) -> None:
        key = one.claims if self.uncertain else one.disputed
        self.tense += key not in self.found and one.strain > self.weakest
        self.found[key] = one

    def worst(self) -> Iterator[Occurrence]:
        """What was found; of those with the same disputed claims the one that is strained most."""
        worst: dict[frozenset[int], Occurrence] = {}
        for one in self.found.values():
            before = worst.setdefault(one.disputed, one)
            worst[one.disputed] = max(before, one, key=lambda found: (found.strain, -len(found.claims)))
        yield from worst.values()

    def minimal(self, refutation: Refutation, within: frozenset[int]) -> Occurrence:
        """Shrink a refutation until leaving out any claim mends it; soft claims first."""
        if refutation.minimal and self.hard <= refutation.claims:
            return self.occurrence(refutation)
        smaller = self.refute(self.hard | (refutation.claims & self.soft))
        if smaller is None:  # its reasons were named too narrowly: start from all that was there
            smaller = self.refute(self.hard | within)
            assert smaller is not None
        core = self.shrink(smaller, self.hard, self.soft)
        core = self.shrink(core, frozenset(), self.hard) if not core.minimal else core
        if not core.minimal:  # found among others, it may have been proved in another way
            core = self.refute(core.claims) or core
        return self.occurrence(core)

    def shrink(self, refutation: Refutation, fixed: frozenset[int], candidates: frozenset[int]) -> Refutation:
        """Leave out `candidates` among a refutation's claims one by one; `fixed` stand all the time."""
        needed: set[int] = set()
        while waiting := sorted(
            (refutation.claims & candidates) - needed, key=self.entrenchment, reverse=True
        ):
            one = waiting[0]
            keep = fixed | (refutation.claims - {one})
            smaller = self.refute(keep)
            if smaller is None:
                needed.add(one)
            else:
                refutation = smaller
        return refutation

    def ask(self, claims: frozenset[int]) -> Outcome:
        self.questions += 1
        outcome = self.oracle.outcome(claims)
        if outcome.doubtful and not outcome.refutations:
            self.complete = False
        return outcome

    def refute(self, claims: frozenset[int]) -> Refutation | None:
        refutations = self.ask(claims).refutations
        return min(refutations, key=lambda one: len(one.claims)) if refutations else None

    def entrenchment(self, index: int) -> tuple[bool, int]:
        return index in self.oracle.held, index

    def occurrence(self, refutation: Refutation) -> Occurrence:
        disputed = refutation.claims - self.oracle.held or refutation.claims
        return Occurrence(refutation.claims, disputed, self.oracle.strain(refutation), refutation)


def apart(below: Stated, above: Stated) -> float:
    """χ² of two values of one quantity, the lower one first: the gap between them against both deviations."""
    gap, sigma = above.low - below.high, math.hypot(below.sigma, above.sigma)
    deviations = gap / sigma if sigma else math.inf
    return deviations * deviations  # a power would not overflow to infinity


def _apart(values: Iterable[Mapping[int, Stated]]) -> Iterator[tuple[tuple[int, Stated], tuple[int, Stated]]]:
    """Values of one quantity that exclude each other, the lower one first."""
    for inside in values:
        for one, other in combinations(sorted(inside.items(), key=lambda item: item[1].low), 2):
            if one[1].high < other[1].low:
                yield one, other


def _overlapping(values: Mapping[int, Stated]) -> list[frozenset[int]]:
    """The largest sets of values of one quantity that have a value in common: no larger conflict has others
    of them, since two that exclude each other are a conflict by themselves."""
    ends = [(one.low, False, index) for index, one in values.items()]
    ends += [(one.high, True, index) for index, one in values.items()]
    found, open_, grown = list[frozenset[int]](), set[int](), False
    for _, closes, index in sorted(ends):
        if not closes:
            open_.add(index)
        else:
            if grown:
                found.append(frozenset(open_))
            open_.remove(index)
        grown = not closes
    return found


def _by_premises(oracle: Oracle, occurrences: Iterable[Occurrence]) -> list[Conflict]:
    """Occurrences with the same disputed premises together, worst first; only minimal sets of premises."""
    places: dict[frozenset[str], list[Occurrence]] = {}
    for one in occurrences:
        disputed = frozenset(oracle.claims[i].premise for i in one.claims - oracle.held)
        places.setdefault(disputed, []).append(one)
    minimal = _minimal_or_empty(places)
    return [Conflict(premises, tuple(sorted(places[premises], key=_badness))) for premises in minimal]


def _minimal_or_empty(premises: Collection[frozenset[str]]) -> list[frozenset[str]]:
    """The sets without a proper subset among them; a conflict of held premises alone hides no other."""
    kept: list[frozenset[str]] = []
    containing: dict[str, list[frozenset[str]]] = {}
    for one in sorted((one for one in premises if one), key=len):
        if not any(other <= one for premise in one for other in containing.get(premise, ())):
            kept.append(one)
            for premise in one:
                containing.setdefault(premise, []).append(one)
    found = set(kept)
    return [one for one in premises if not one or one in found]


def _badness(occurrence: Occurrence) -> tuple[float, float, tuple[int, ...]]:
    """Sort key, worst first: the larger the factor between the sides, the worse."""
    row = occurrence.refutation.row
    factor = math.inf if row is None else abs(row.value)
    return -occurrence.strain, -factor, tuple(sorted(occurrence.claims))
