"""A scenario's file → its report: the order of the stages, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import isfinite, prod
from pathlib import Path
from typing import NamedTuple

from checker import conflicts as conflict_search
from checker.accepted import accept, identity, stale
from checker.asked import asked_for
from checker.changes import Changes
from checker.closed_form import Form, vanishes_when
from checker.conflicts import Conflict
from checker.consistency import Oracle, Outcome
from checker.coverage import Coverage, coverage
from checker.derivation import Deriver
from checker.errors import InputError, Mistake
from checker.expression import Equation, Name
from checker.fits import Fitted, joint_fits, together
from checker.forest import forest
from checker.ground import dimensions, entities, ground
from checker.homogeneity import Imbalance, imbalance
from checker.load import load_scenario
from checker.model import (
    Case,
    ClaimRef,
    Contradiction,
    Equates,
    Forest,
    Grounded,
    Ignored,
    Judged,
    Limit,
    Network,
    Occurrence,
    Predicted,
    Quantizes,
    Report,
    Scenario,
    Side,
    WayOut,
    Why,
)
from checker.narrowing import narrowings
from checker.network import network
from checker.outlook import predictions, values
from checker.proof import proven
from checker.provenance import origins
from checker.sides import describe
from checker.terms import system
from checker.validity import outside, probes, standing
from checker.value import Value
from checker.ways_out import affordable, consequences, menus
from checker.why import why

MAX_CASES = 1_000
LARGEST_DRAWN = 1e307
"""In coherent SI units: the axis reaches a little further out."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to check. `rules`: folders to look for packs in. `sigma`: from how many standard deviations on a
    disagreement is a tension and a contradiction. `limit`: how many conflicts and ways out to list.
    `outlook`: work out as well what the claims say of every quantity and of every given value. `network`:
    draw up the dependency graph."""

    rules: tuple[Path, ...] = ()
    sigma: tuple[float, float] = (3.0, 5.0)
    limit: int = 1_000
    outlook: bool = False
    network: bool = False


def check(path: Path, options: Options | None = None, changes: Changes | None = None) -> Report:
    """Check one scenario, with changes made to it where there are any. Raises InputError where a file or a
    change cannot be used."""
    options = options or Options()
    return check_scenario(load_scenario(path, options.rules, changes), options)


def check_scenario(scenario: Scenario, options: Options) -> Report:
    """The report on a scenario, over all cases of its parameters."""
    return _report(scenario, [_Checked(scenario, case, options) for case in _cases(scenario)], options)


def estimates(path: Path, quantity: str, options: Options | None = None) -> Forest:
    """What is said of one quantity of a scenario. Raises InputError where a file cannot be used, or has no
    such quantity."""
    options = options or Options()
    scenario, main, name = _asked(path, quantity, options)
    places = [
        (place.claims, shown)
        for found in (*main.conflicts, *main.tensions)
        for place, shown in zip(found.conflict.occurrences, found.occurrences, strict=True)
    ]
    too_large = f"a value of '{quantity}' in {path} is too large to be drawn"
    try:
        case = _plain(main.case)
        found = forest(main.deriver, scenario.title, name, main.consistent, places, main.fits, case)
    except OverflowError:
        raise InputError([Mistake("undrawable-value", too_large)]) from None
    if not found.estimates:
        raise InputError([Mistake("undrawable-value", f"no claim in {path} gives '{quantity}' a value")])
    numbers = [n for one in found.estimates for n in (one.value, one.uncertainty, *(one.ends or ()))]
    if any(abs(n) > LARGEST_DRAWN for n in numbers if n is not None):
        raise InputError([Mistake("undrawable-value", too_large)])
    return found


def ways_to(path: Path, quantity: str, options: Options | None = None) -> Why:
    """Every way in which a quantity of a scenario follows. Raises InputError where a file cannot be used, or
    has no such quantity."""
    options = options or Options()
    scenario, main, name = _asked(path, quantity, options)
    where = scenario.path, scenario.title
    solution = main.outcome.solution
    return why(main.deriver, name, main.sound, solution, options.sigma, where, _plain(main.case))


def _asked(path: Path, quantity: str, options: Options) -> tuple[Scenario, _Checked, Name]:
    """A scenario with the case that its numbers are told for, and the name of a quantity in it."""
    scenario = load_scenario(path, options.rules)
    main = _main([_Checked(scenario, case, options) for case in _cases(scenario)])
    quantities = main.grounded.quantities
    known = {".".join(name.parts): name for name in quantities}
    symbols = {asked: quantities[name].symbol for asked, name in known.items()}
    message = f"no claim speaks about a quantity '{quantity}' in {path}"
    return scenario, main, known[asked_for(quantity, symbols, message)]


def _main(cases: list[_Checked]) -> _Checked:
    """The case that the numbers are told for: the first with a contradiction."""
    return next((one for one in cases if one.verdict == "contradiction"), cases[0])


def _cases(scenario: Scenario) -> Iterator[Mapping[str, Value]]:
    """Every combination of the parameters' values; one empty case where there are none."""
    if prod(len(values) for values in scenario.parameters.values()) > MAX_CASES:
        raise InputError(
            [
                Mistake(
                    "too-many-combinations",
                    f"{scenario.path}: the parameters have more than {MAX_CASES} combinations",
                )
            ]
        )
    names = list(scenario.parameters)
    for chosen in product(*scenario.parameters.values()):
        yield dict(zip(names, chosen, strict=True))


@dataclass(frozen=True, slots=True)
class _Described:
    """A conflict with its occurrences described, and the closed form of the worst one's ratio."""

    conflict: Conflict
    occurrences: tuple[Occurrence, ...]
    ratio: Form | None


class _Checked:
    """One case of a scenario, through all stages."""

    def __init__(self, scenario: Scenario, case: Mapping[str, Value], options: Options) -> None:
        self.scenario = scenario
        self.case = case
        self.grounded = ground(scenario, case)
        self.imbalances = dict(imbalances(self.grounded))
        claims = self.grounded.claims
        self.faulty = frozenset(i for i, claim in enumerate(claims) if claim.premise in self.imbalances)
        held = frozenset(
            i
            for i, claim in enumerate(claims)
            if all(self.grounded.premises[premise].held for premise in claim.rests_on)
        )
        self.sound = frozenset(range(len(claims))) - self.faulty
        added, self.probes = probes(claims)
        sound = [c if i in self.sound else replace(c, relations=()) for i, c in enumerate(claims)]
        compiled = system(self.grounded, [*sound, *added])
        self.oracle = Oracle(compiled, [*claims, *added], held)
        self.deriver = Deriver(self.grounded, self.oracle)
        self.outcome = self.oracle.outcome(self.sound)
        self.found = conflict_search.find(self.oracle, self.outcome, options.sigma, options.limit)
        self.conflicts = [self._described(one) for one in self.found.conflicts]
        self.tensions = [self._described(one) for one in self.found.tensions]
        self.tense = options.sigma[0]
        self.weakest, self.certain = options.sigma[0] ** 2, options.sigma[1] ** 2

    def _described(self, conflict: Conflict) -> _Described:
        pairs = [describe(self.deriver, one) for one in conflict.occurrences]
        # roles that two parts fill either way round make one place of two
        seen = {(one.entities, one.quantity, one.sides): i for i, (one, _) in reversed([*enumerate(pairs)])}
        strains = [one.strain for one in conflict.occurrences]
        order = sorted(sorted(seen.values()), key=lambda i: (-strains[i], -_badness(pairs[i][0])))
        ordered = replace(conflict, occurrences=tuple(conflict.occurrences[i] for i in order))
        return _Described(ordered, tuple(pairs[i][0] for i in order), pairs[order[0]][1])

    @property
    def verdict(self) -> str:
        if self.conflicts or self.imbalances:
            return "contradiction"
        counts = self.coverage.counts
        agree = counts["holds"] + counts["tension"] + counts["misfit"]
        return "no contradiction" if agree else "undetermined"

    @cached_property
    def fits(self) -> list[Fitted]:
        """The joint fits of all claims but those in conflicts that no uncertainty could explain."""
        absolute = {
            index
            for conflict in self.found.conflicts
            for one in conflict.occurrences
            if not isfinite(one.strain)
            for index in one.disputed
        }
        if absolute == self.sound - self.consistent:
            return self.consistent_fits
        outcome = self.oracle.outcome(self.sound - absolute) if absolute else self.outcome
        return list(joint_fits(self.deriver, outcome, self.tense))

    @cached_property
    def consistent_fits(self) -> list[Fitted]:
        """The joint fits of the claims without conflict among them."""
        return list(joint_fits(self.deriver, self.consistent_outcome, self.tense))

    @cached_property
    def consistent_outcome(self) -> Outcome:
        return self.outcome if not self.found.conflicts else self.oracle.outcome(self.consistent)

    @cached_property
    def coverage(self) -> Coverage:
        found = self.found
        supports = [*self.outcome.checks, *(one.claims for one in self.outcome.refutations)]
        return coverage(
            self.grounded,
            self.oracle,
            self.consistent_outcome,
            found.conflicts,
            found.tensions,
            self.faulty,
            self.weakest,
            frozenset().union(*supports),
            self.consistent_fits,
        )

    @cached_property
    def standing(self) -> list[tuple[int, Limit]]:
        """What limits of laws are not met, or are left open, by the number of the claim."""
        return list(standing(self.deriver, self.probes, self.consistent, self.certain))

    def outside(self, conflict: conflict_search.Occurrence) -> list[Limit]:
        """The laws that a conflict uses outside their limits: as its own claims say, or the others."""
        told = list(outside(self.deriver, self.probes, conflict, self.consistent, self.certain))
        return told + [
            limit
            for index, limit in self.standing
            if index in conflict.claims
            and limit.status == "outside"
            and _place(limit) not in map(_place, told)
        ]

    @cached_property
    def limits(self) -> list[Limit]:
        """What limits of laws are not met, where no contradiction says so already, or are left open, where
        something else speaks about the law."""
        conflicts = (found.conflict.occurrences[0] for found in (*self.conflicts, *self.tensions))
        told = {_place(limit) for one in conflicts for limit in self.outside(one)}
        idle = {(one.claim, one.entity) for one in self.coverage.unsettled}
        return [
            one
            for _, one in self.standing
            if _place(one) not in told and (one.status == "outside" or (one.rule, one.entity) not in idle)
        ]

    def predictions(self) -> Iterator[Predicted]:
        """What the other claims make of each given value."""
        unsettled = {(one.claim, one.entity) for one in self.coverage.unsettled}
        claims = self.grounded.claims
        agreeing = {i for i, c in enumerate(claims) if (c.premise, c.entity) not in unsettled}
        worst: dict[int, _Misfit] = {}
        misfits = [("tension", one) for one in self.tensions] + [
            ("contradicts", one) for one in self.conflicts
        ]
        for status, found in misfits:
            for place, shown in zip(found.conflict.occurrences, found.occurrences, strict=True):
                for index in place.claims:
                    own = claims[index].premise.split("@")[0] == shown.quantity
                    this = _Misfit(status == "contradicts", own, _badness(shown), shown)
                    worst[index] = max(worst.get(index, this), this, key=lambda one: one[:3])
        shown_at = {
            i: ("contradicts" if one.strong else "tension", one.occurrence) for i, one in worst.items()
        }
        return predictions(self.deriver, self.consistent, agreeing, shown_at, _plain(self.case))

    @cached_property
    def consistent(self) -> frozenset[int]:
        """The sound claims less the disputed ones of every conflict."""
        bad = {i for conflict in self.found.conflicts for one in conflict.occurrences for i in one.disputed}
        return self.sound - bad

    def remains(self, conflict: Conflict, give_up: frozenset[str]) -> bool:
        """Whether a conflict occurs somewhere without the premises given up."""
        claims = self.oracle.claims
        return any(
            not any(claims[index].rests_on & give_up for index in one.claims) for one in conflict.occurrences
        )

    def still_refuted(self, give_up: frozenset[str]) -> bool:
        """Whether the claims that remain without some premises still contradict each other."""
        rest = [i for i in self.sound if not self.oracle.claims[i].rests_on & give_up]
        strains = [self.oracle.strain(one) for one in self.oracle.outcome(rest).refutations]
        return any(not isfinite(strain) for strain in strains)


# ---------------------------------------------------------------- the dimension check


def imbalances(grounded: Grounded) -> Iterator[tuple[str, tuple[Imbalance, str]]]:
    """The rules whose equations do not balance, each looked at once."""
    dimension = dimensions(grounded)
    seen: set[str] = set()
    for claim in grounded.claims:
        if claim.premise in seen:
            continue
        seen.add(claim.premise)
        for relation in claim.relations:
            match relation:
                case Equates(left, comparison, right, _, text):
                    found = imbalance(Equation(left, comparison, right, text), dimension)
                case Quantizes(of, quantum, _, text):
                    found = imbalance(Equation(of, "=", quantum, text), dimension)
                case _:
                    continue
            if found is not None:
                yield claim.premise, (found, text)
                break


def _dimension_contradiction(checked: _Checked, premise: str, number: int) -> Contradiction:
    found, text = checked.imbalances[premise]
    sides = tuple(
        Side(None, "", str(dimension), None, (premise,), ())
        for expression, dimension in (
            (found.left, found.left_dimension),
            (found.right, found.right_dimension),
        )
        if expression is not None
    )
    indexes = [i for i, claim in enumerate(checked.grounded.claims) if claim.premise == premise]
    entities = tuple(checked.grounded.claims[i].entity for i in indexes)
    occurrence = Occurrence(entities, text, sides, None, None, None)
    note = found.message + (f"\n{found.suggestion}" if found.suggestion else "")
    references = tuple(_references(checked, frozenset(indexes)))
    return Contradiction(f"c{number}", "dimension", "exact", references, (occurrence,), None, note)


# ---------------------------------------------------------------- putting it together


def _report(scenario: Scenario, cases: list[_Checked], options: Options) -> Report:
    """One report over all cases: what is true in any of them, with the worst case's numbers."""
    main = _main(cases)
    conflicts = _union(cases, "conflicts")
    contradictions = [
        _contradiction(checked, found, f"c{number}", scenario)
        for number, (checked, found) in enumerate(conflicts, start=1)
    ]
    contradictions += [
        _dimension_contradiction(main, premise, number)
        for number, premise in enumerate(main.imbalances, start=len(contradictions) + 1)
    ]
    tensions = [
        _contradiction(checked, found, f"t{number}", scenario)
        for number, (checked, found) in enumerate(_union(cases, "tensions"), start=1)
    ]
    to_settle = list(_to_settle(conflicts, main, len(conflicts)))
    ways, complete = _ways_out(conflicts, to_settle, main, [one.id for one in contradictions], options.limit)
    incomplete = not complete or not all(one.found.complete for one in cases)
    gone = [] if incomplete else list(stale(scenario.ignored, (*contradictions, *tensions)))
    ignored = []
    for one in scenario.ignored:
        if others := _beside(conflicts, contradictions, one):
            gone.append(f"{one.location}: not accepted: {', '.join(others)} contradict the same claims too")
        else:
            ignored.append(one)
    verdicts = {one.verdict for one in cases}
    verdict = next(v for v in ("contradiction", "no contradiction", "undetermined") if v in verdicts)
    covered = main.coverage
    known, left_out = values(main.deriver, main.consistent) if options.outlook else ({}, 0)
    too_many = [f"{left_out} quantities are not worked out: too many claims are tied to them"] * bool(
        left_out
    )
    return Report(
        path=scenario.path,
        title=scenario.title,
        source=scenario.source,
        verdict=verdict,
        contradictions=accept(contradictions, ignored),
        tensions=accept(tensions, scenario.ignored),
        ways_out=tuple(ways),
        proposals=tuple(_judged(scenario, cases, conflicts, [one.id for one in contradictions])),
        double_standards=main.grounded.withheld,
        coverage=covered.counts,
        unsettled=covered.unsettled,
        limits=tuple({(_place(one), one.status): one for case in cases for one in case.limits}.values()),
        fits=tuple(one.fit for one in main.fits),
        agreement=together(main.fits, options.sigma[0]),
        narrowed=tuple(narrowings(main.deriver, main.consistent)),
        cases=tuple(Case(_plain(one.case), one.verdict) for one in cases) if scenario.parameters else (),
        assumptions=tuple(_assumptions(scenario, main.grounded)),
        warnings=(
            *scenario.warnings,
            *dict.fromkeys(w for one in cases for w in one.grounded.warnings),
            *too_many,
            *gone,
        ),
        incomplete=incomplete,
        interrupted=any(one.found.interrupted for one in cases),
        assume=scenario.assume,
        case=_plain(main.case),
        values=known,
        predictions=tuple(_worst_case(cases)) if options.outlook else (),
        network=_network(main, contradictions + tensions) if options.network else None,
        symbols={one.name: one.symbol for one in main.grounded.quantities.values() if one.symbol is not None},
    )


def _beside(
    conflicts: list[tuple[_Checked, _Described]], found: list[Contradiction], ignored: Ignored
) -> list[str]:
    """Held claims that contradict what an ignored contradiction disputes besides those that it names. It is
    reported with one set of them alone, and accepting it must not hide the others."""
    others: dict[str, None] = {}
    for (checked, described), told in zip(conflicts, found, strict=False):
        if identity(told) != ignored.premises:
            continue
        oracle = checked.oracle
        held = checked.sound & oracle.held
        for place in described.conflict.occurrences:
            disputed = place.claims - oracle.held
            without = [oracle.outcome(held - {one} | disputed) for one in place.claims & held]
            refuting = [[one for one in out.refutations if disputed & one.claims] for out in without]
            if refuting and all(refuting):
                last = refuting[-1][0].claims & held
                others |= dict.fromkeys(oracle.claims[one].premise for one in sorted(last))
    return list(others)


def _network(main: _Checked, found: list[Contradiction]) -> Network:
    """The dependency graph of one case, with the contradictions and tensions of all of them."""
    part_of: dict[tuple[str, str], list[str]] = {}
    two_ways: dict[str, list[str]] = {}
    for one in found:
        for claim in one.claims:
            for entity in claim.entities:
                part_of.setdefault((claim.id, entity), []).append(one.id)
        for quantity in dict.fromkeys(each.quantity for each in one.occurrences):
            two_ways.setdefault(quantity, []).append(one.id)
    fitted = {path: value.shown for one in main.consistent_fits for path, value in one.fit.adjusted.items()}
    agreeing = main.consistent, main.consistent_outcome
    standing = main.coverage.standing
    return network(main.deriver, agreeing, main.sound, standing, part_of, two_ways, fitted)


def _union(cases: list[_Checked], which: str) -> list[tuple[_Checked, _Described]]:
    """The conflicts of all cases, one for each set of premises: that of the case where it is worst."""
    best: dict[frozenset[str], tuple[_Checked, _Described]] = {}
    for checked in cases:
        for found in getattr(checked, which):
            premises = found.conflict.premises
            if premises not in best or _size(found) > _size(best[premises][1]):
                best[premises] = checked, found
    place = {entity.path: number for number, entity in enumerate(entities(cases[0].scenario.systems))}

    def key(pair: tuple[_Checked, _Described]) -> tuple[bool, int, float, int]:
        """Held claims alone first; then by system, as the scenario lists them, and there the worst first."""
        _, found = pair
        where = found.occurrences[0]
        owner = where.quantity.rpartition(".")[0]
        first = place.get(owner, min((place[one] for one in where.entities), default=0))
        return bool(found.conflict.premises), first, -_size(found), len(found.conflict.premises)

    return sorted(best.values(), key=key)


def _size(found: _Described) -> float:
    return _badness(found.occurrences[0])


def _badness(occurrence: Occurrence) -> float:
    """How far the sides of an occurrence are apart."""
    return occurrence.sigma or occurrence.ratio or 0.0


def _place(limit: Limit) -> tuple[str, str, str]:
    return limit.rule, limit.entity, limit.condition


class _Misfit(NamedTuple):
    """Where a given value is in conflict, or else in tension; better where its own quantity is shown."""

    strong: bool
    own: bool
    badness: float
    occurrence: Occurrence


def _worst_case(cases: list[_Checked]) -> Iterator[Predicted]:
    """Of each given value what is said of it in the case where it fits worst."""
    rank = {"open": 0, "agrees": 1, "tension": 2, "contradicts": 3}
    worst: dict[str, Predicted] = {}
    for one in (one for checked in cases for one in checked.predictions()):
        before = worst.setdefault(one.premise, one)
        worst[one.premise] = max(before, one, key=lambda p: (rank[p.status], p.sigma or p.ratio or 0.0))
    yield from worst.values()


def _contradiction(checked: _Checked, found: _Described, id_: str, scenario: Scenario) -> Contradiction:
    worst = found.conflict.occurrences[0]
    kind = worst.refutation.kind
    certificate = None if isfinite(worst.strain) else proven(checked.deriver, worst.claims)
    exact = certificate is not None or kind == "attribute"
    proof = "statistical" if isfinite(worst.strain) else "exact" if exact else "numerical"
    involved = frozenset(i for one in found.conflict.occurrences for i in one.claims)
    vanishes = vanishes_when(found.ratio, scenario.parameters) if found.ratio and kind == "value" else None
    references = tuple(_references(checked, involved))
    note = _signs_needed(checked, worst.claims) if kind == "bound" else None
    beyond = tuple(checked.outside(worst))
    return Contradiction(
        id_,
        kind,
        proof,
        references,
        found.occurrences,
        vanishes,
        note,
        certificate,
        beyond,
        origins(checked.grounded, [checked.grounded.claims[i] for i in sorted(worst.claims)]),
        _plain(checked.case),
    )


def _signs_needed(checked: _Checked, claims: frozenset[int]) -> str | None:
    """The declared signs that a proof without any inequality among its claims rests on."""
    relations = [relation for index in sorted(claims) for relation in checked.oracle.claims[index].relations]
    if any(isinstance(one, Equates) and one.relation != "=" for one in relations):
        return None
    compiled = checked.oracle.system
    equations = [index for claim in sorted(claims) for index in compiled.of_claim.get(claim, ())]
    unknowns = sorted({unknown for index in equations for unknown in compiled.unknowns[index]})
    signed = [
        f"{'.'.join(name.parts)} {'>' if compiled.positive[unknown] else '>='} 0"
        for unknown in unknowns
        if (name := compiled.names[unknown]) is not None and compiled.nonnegative[unknown]
    ]
    return f"It rests on the declared signs {', '.join(signed)}." if signed else None


def _references(checked: _Checked, claims: frozenset[int]) -> Iterator[ClaimRef]:
    """The premises of some claims, disputed ones first."""
    places: dict[str, list[str]] = {}
    for index in sorted(claims):
        claim = checked.grounded.claims[index]
        places.setdefault(claim.premise, []).append(claim.entity)
    premises = checked.grounded.premises
    for id_ in sorted(places, key=lambda one: premises[one].held):
        one = premises[id_]
        where = one.location
        entities = tuple(dict.fromkeys(places[id_]))
        place = (where.path, where.line, where.column)
        yield ClaimRef(id_, one.status, one.held, entities, *place, one.source, one.text)


def _to_settle(
    conflicts: list[tuple[_Checked, _Described]], main: _Checked, count: int
) -> Iterator[tuple[int, frozenset[str]]]:
    """Each conflict's premises, any of which settles it; all of a conflict's premises where all are held."""
    for number, (checked, found) in enumerate(conflicts):
        if found.conflict.premises:
            yield number, found.conflict.premises
            continue
        for one in found.conflict.occurrences:
            yield number, frozenset(checked.oracle.claims[i].premise for i in one.claims)
    for number, premise in enumerate(main.imbalances, start=count):
        yield number, frozenset({premise})


def _ways_out(
    conflicts: list[tuple[_Checked, _Described]],
    to_settle: list[tuple[int, frozenset[str]]],
    main: _Checked,
    ids: list[str],
    limit: int,
) -> tuple[list[WayOut], bool]:
    statuses = {id_: premise.status for id_, premise in main.grounded.premises.items()}
    ways, complete = [], True
    for number, menu in enumerate(menus(to_settle, statuses, limit)):
        complete &= menu.complete
        inside = [conflicts[i] for i in menu.conflicts if i < len(conflicts)]
        settles = tuple(ids[i] for i in menu.conflicts)
        resolved = 0
        if inside:
            checked = inside[0][0]
            settled = [found.conflict for _, found in inside]
            around = _around(checked, settled)
            if not checked.found.interrupted:
                resolved = affordable(menu, checked.oracle.terms(around))
        for tried, way in enumerate(menu.ways):
            then = consequences(checked.deriver, settled, way, around) if tried < resolved else {}
            left_open = tried < resolved and _left_open(checked, settled, frozenset(way))
            case = _plain(inside[0][0].case) if inside else {}
            ways.append(WayOut(number, settles, way, then, case, left_open))
    return ways, complete


def _left_open(checked: _Checked, conflicts: list[Conflict], give_up: frozenset[str]) -> bool:
    """Whether it is not known that what remains of some conflicts' claims holds together."""
    involved = {i for conflict in conflicts for one in conflict.occurrences for i in one.claims}
    rest = [i for i in involved if not checked.oracle.claims[i].rests_on & give_up]
    return bool(checked.oracle.outcome(rest).doubtful)


def _around(checked: _Checked, conflicts: list[Conflict]) -> frozenset[int]:
    """The claims tied to some conflicts by redundancy: all that can say what a quantity comes out as."""
    involved = {i for conflict in conflicts for one in conflict.occurrences for i in one.claims}
    around = [
        g.claims for g in conflict_search.groups(checked.oracle, checked.outcome) if g.claims & involved
    ]
    return frozenset(involved).union(*around)


def _judged(
    scenario: Scenario, cases: list[_Checked], conflicts: list[tuple[_Checked, _Described]], ids: list[str]
) -> Iterator[Judged]:
    """Each proposal tried: its premises given up, held ones too where it names them."""
    for proposal in scenario.proposals:
        give_up = frozenset(proposal.give_up)
        leaves = [
            id_
            for id_, (checked, found) in zip(ids, conflicts, strict=False)
            if checked.remains(found.conflict, give_up)
        ]
        leaves += [
            id_
            for id_, premise in zip(ids[len(conflicts) :], cases[0].imbalances, strict=False)
            if premise not in give_up
        ]
        works = not leaves and not any(one.still_refuted(give_up) for one in cases)
        yield Judged(proposal.name, proposal.give_up, works, tuple(leaves))


def _assumptions(scenario: Scenario, grounded: Grounded) -> Iterator[str]:
    for quantity in dict.fromkeys(grounded.quantities.values()):
        if quantity.forced_by is not None:
            yield f"{quantity.name} has the unit {quantity.unit.text}, as {quantity.forced_by}"
    for entity in entities(scenario.systems):
        if entity.count != 1:
            yield f"{entity.path} stands for {entity.count} parts that are alike"


def _plain(case: Mapping[str, Value]) -> dict[str, float | int]:
    """The values of parameters as numbers."""
    numbers = {name: value.number for name, value in case.items() if value.number is not None}
    return {n: int(one) if one.denominator == 1 else float(one) for n, one in numbers.items()}
