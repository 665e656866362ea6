"""Claims → all minimal conflicts, with every place where each occurs.

Conflicts and what repairs them are each other's minimal hitting sets (Reiter 1987). So: hit all conflicts
found so far in a smallest way, leave those claims out, and ask the oracle; it confirms that nothing is left,
or shows another conflict. When every minimal hitting set has been confirmed, none is missing. This is done
apart for each group of claims that redundant equations tie together.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from checker.consistency import Oracle, Outcome
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
    searches = [_Search(oracle, group, limit) for group in groups(oracle, outcome) if group.refutations]
    occurrences: list[Occurrence] = []
    interrupted = False
    for search in searches:
        try:
            search.run()
        except KeyboardInterrupt:  # what has been found is not lost
            interrupted = True
        occurrences += search.found.values()
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
    """The minimal conflicts inside one group of claims."""

    def __init__(self, oracle: Oracle, group: Group, limit: int) -> None:
        self.oracle = oracle
        self.group = group
        self.limit = limit
        self.complete = True
        self.found: dict[frozenset[int], Occurrence] = {}
        self.questions = 0
        self.patience = max(MIN_QUESTIONS, MAX_TERMS_ASKED // max(oracle.terms(group.claims), 1))
        held = group.claims & oracle.held
        # where held claims contradict each other, ways out are looked for among them too
        self.hard = frozenset() if oracle.outcome(held).refutations else held
        self.soft = group.claims - self.hard

    def run(self) -> None:
        """Find all, smallest ways to hit them first, until that is done or its limits are met."""
        if self.group.redundancy == 1 and not self.group.open and self.group.refutations[0].minimal:
            only = self.occurrence(self.group.refutations[0])  # one equation too many: one conflict
            self.found[only.disputed] = only
            return
        confirmed: set[frozenset[int]] = set()
        progress = True
        while progress:
            progress = False
            for tried, hitting in enumerate(minimal_hitting_sets(self.found)):
                if hitting in confirmed:
                    continue
                if len(self.found) >= self.limit or tried >= self.limit or self.questions >= self.patience:
                    self.complete = False
                    break
                outcome = self.ask(self.hard | (self.soft - hitting))
                if not outcome.refutations:
                    confirmed.add(hitting)
                    continue
                for refutation in outcome.refutations:
                    occurrence = self.minimal(refutation, self.soft - hitting)
                    self.found[occurrence.disputed] = occurrence
                progress = True
                break

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
        disputed = refutation.claims & self.soft
        return Occurrence(refutation.claims, disputed, self.oracle.strain(refutation), refutation)


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
