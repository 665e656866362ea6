"""A checked case → the dependency graph of its quantities and claims.

Arrows follow the derivation: propagation is gone through once more, this time with every claim in it, those
that agree before those in conflict, so that what these say of a quantity known already is a check of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from checker.consistency import Outcome
from checker.derivation import Deriver
from checker.expression import names
from checker.model import (
    Claim,
    ClaimNode,
    Equates,
    Gives,
    Link,
    Network,
    QuantityNode,
    Quantizes,
    Requires,
)
from checker.propagate import propagate
from checker.solution import Solution
from checker.structure import circles

_ROLES = ("gives", "checks", "needs", "ties")
"""Where a claim of several equations is linked to a quantity in several ways, the first of these counts."""


def network(
    deriver: Deriver,
    consistent: tuple[frozenset[int], Outcome],
    disputed: Iterable[int],
    standing: Sequence[str],
    contradictions: Mapping[tuple[str, str], Sequence[str]],
    two_ways: Mapping[str, Sequence[str]],
    fitted: Mapping[str, str],
) -> Network:
    """The graph of all claims of a case. `consistent` are those without conflict among them, with what they
    come to, `disputed` the other sound ones, `standing` is what became of each; `contradictions` has those
    that a claim at an entity takes part in, `two_ways` those that show in a quantity, `fitted` the values of
    quantities in joint fits."""
    claims, premises = deriver.grounded.claims, deriver.grounded.premises
    agreeing, outcome = consistent
    first, rest = (_givens_first(deriver, some) for some in (agreeing, {*disputed} - agreeing))
    # of several solutions, the outcome has one that nothing refutes
    known = outcome.solution if outcome.solution.options else propagate(deriver.system, first, first)
    solution = propagate(deriver.system, [*first, *rest], first) if rest else known
    linked = _links(deriver, solution) | dict(_attributes(deriver))
    linked |= {pair: "ties" for pair in _named(deriver) if pair not in linked}
    ids = _ids(deriver)
    values = _values(deriver, known, fitted) | _attribute_values(deriver, agreeing)
    symbols = {".".join(name.parts): one.symbol for name, one in deriver.grounded.quantities.items()}
    return Network(
        tuple(
            QuantityNode(
                path, symbols.get(path), *values.get(path, (None, None)), tuple(two_ways.get(path, ()))
            )
            for path in dict.fromkeys(path for _, path in linked)
        ),
        tuple(
            ClaimNode(
                ids[index],
                claim.premise,
                claim.entity,
                deriver.relation_text(index) or _required(claim),
                premises[claim.premise].status,
                premises[claim.premise].held,
                standing[index],
                tuple(contradictions.get((claim.premise, claim.entity), ())),
            )
            for index, claim in enumerate(claims)
        ),
        tuple(Link(ids[index], path, role) for (index, path), role in linked.items()),
    )


def _givens_first(deriver: Deriver, claims: Iterable[int]) -> list[int]:
    """The equations of some claims, those of stated values before those of rules."""
    ordered = sorted(claims, key=lambda claim: (claim not in deriver.oracle.given, claim))
    return [e for claim in ordered for e in deriver.system.of_claim.get(claim, ())]


def _ids(deriver: Deriver) -> list[str]:
    """`premise @ entity` of each claim; of several alike, all but the first have a number."""
    times: dict[str, int] = {}
    ids = []
    for claim in deriver.grounded.claims:
        id_ = f"{claim.premise} @ {claim.entity}"
        times[id_] = times.get(id_, 0) + 1
        ids.append(id_ if times[id_] == 1 else f"{id_} ({times[id_]})")
    return ids


def _links(deriver: Deriver, solution: Solution) -> dict[tuple[int, str], str]:
    """What claims have to do with quantities, as one propagation has used their equations."""
    system = deriver.system
    order = {unknown: float(known.order) for unknown, known in solution.known.items()}
    gives: dict[int, list[int]] = {}
    for unknown, known in solution.known.items():
        if known.equation >= 0:
            gives.setdefault(known.equation, []).append(unknown)
    for found in solution.resolved:
        for index in found.multipliers:
            gives.setdefault(index, []).append(found.torn)
    together = _together(deriver, solution, gives)
    own: dict[int, set[int]] = {}
    for index, given in gives.items():
        own.setdefault(system.equations[index].claim, set()).update(given)
    linked: dict[tuple[int, str], str] = {}
    for index, equation in enumerate(system.equations):
        if equation.claim >= len(deriver.grounded.claims):
            continue  # the limit of a law, which nobody claims
        unknowns = system.unknowns[index]
        given = gives.get(index, [])
        unused = not given and (
            index in solution.open or index in solution.idle or not unknowns <= order.keys()
        )
        named = [u for u in sorted(unknowns | {*given}) if system.names[u] is not None]
        others = [u for u in named if u not in own.get(equation.claim, ())]
        checked = max(others or named, key=lambda u: order.get(u, -1.0), default=-1)
        for unknown in named:
            if unknown in given:
                role = "gives"
            elif unused or (unknown, index) in together:
                role = "ties"
            else:
                role = "checks" if not given and unknown == checked else "needs"
            name = system.names[unknown]
            assert name is not None
            pair = equation.claim, ".".join(name.parts)
            if pair not in linked or _ROLES.index(role) < _ROLES.index(linked[pair]):
                linked[pair] = role
    return linked


def _together(
    deriver: Deriver, solution: Solution, gives: Mapping[int, Sequence[int]]
) -> set[tuple[int, int]]:
    """The unknowns that stood as symbols in equations which are solved together, each with the equation."""
    if not solution.resolved:
        return set()
    unknowns = deriver.system.unknowns
    torn = {found.torn for found in solution.resolved}
    graph: dict[int, list[int]] = {}  # an unknown is its number, an equation −1 − its index
    for index, given in gives.items():
        graph[-1 - index] = list(given)
        for unknown in unknowns[index] - {*given}:
            graph.setdefault(unknown, []).append(-1 - index)
    place = {node: number for number, inside in enumerate(circles(graph)) for node in inside}
    return {
        (unknown, index)
        for index in gives
        for unknown in unknowns[index] & torn
        if unknown in place and place[unknown] == place.get(-1 - index)
    }


def _attributes(deriver: Deriver) -> Iterator[tuple[tuple[int, str], str]]:
    """A stated attribute is given by who states it; rules check it, or need it to apply."""
    stated = {}
    for index, required in deriver.oracle.required.items():
        for one in required:
            path = f"{one.entity}.{one.attribute}"
            states = deriver.grounded.claims[index].premise == path
            yield (index, path), "gives" if states else "checks"
            if states:
                stated[index] = path
    for index, conditions in deriver.oracle.conditions.items():
        for condition in conditions & stated.keys():
            yield (index, stated[condition]), "needs"


def _named(deriver: Deriver) -> Iterator[tuple[int, str]]:
    """The quantities that claims without any equation in the system speak of."""
    for index, claim in enumerate(deriver.grounded.claims):
        if index in deriver.system.of_claim:
            continue
        for relation in claim.relations:
            match relation:
                case Equates(left=left, right=right) | Quantizes(of=left, quantum=right):
                    mentioned = {*names(left), *names(right)}
                case Gives(of=of):
                    mentioned = {of}
                case Requires():
                    continue
            for name in sorted(mentioned, key=lambda one: one.parts):
                if name in deriver.grounded.quantities:
                    yield index, ".".join(name.parts)


def _required(claim: Claim) -> str:
    required = (one for one in claim.relations if isinstance(one, Requires))
    return "; ".join(f"{one.attribute} = {one.value}" for one in required)


def _values(
    deriver: Deriver, solution: Solution, fitted: Mapping[str, str]
) -> dict[str, tuple[str | None, str | None]]:
    """What quantities come out as, with the closed form: fitted, or as written, or as it follows."""
    system, claims = deriver.system, deriver.grounded.claims
    found: dict[str, tuple[str | None, str | None]] = {}
    for name, number, exact in deriver.readings(solution):
        path = ".".join(name.parts)
        equation = solution.known[system.index[name.parts]].equation
        relation = claims[system.equations[equation].claim].relations[0] if equation >= 0 else None
        if isinstance(relation, Gives) and relation.of == name and relation.value.number is not None:
            found[path] = relation.value.text, None
        else:
            found[path] = deriver.show(number, name), exact
    return found | {path: (shown, None) for path, shown in fitted.items()}


def _attribute_values(deriver: Deriver, claims: frozenset[int]) -> dict[str, tuple[str | None, str | None]]:
    """What attributes are, as claims without conflict among them say."""
    required = (one for index in sorted(claims) for one in deriver.oracle.required.get(index, ()))
    return {f"{one.entity}.{one.attribute}": (one.value, None) for one in required}
