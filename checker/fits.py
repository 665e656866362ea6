"""Uncertain claims that redundancy ties together → their joint fit: how well they agree, all of them at once.

A conflict is a smallest set of claims that cannot hold together. Many claims may fit badly although no such
set is among them, and one tense pair among many is to be expected: that is for χ² to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checker.adjustment import Adjustment, adjust, p_value
from checker.boxes import decide
from checker.conflicts import groups
from checker.consistency import Outcome
from checker.derivation import Deriver
from checker.grouping import overlapping
from checker.model import Adjusted, Agreement, Gives, JointFit, Pull
from checker.parts import MAX_BOXED
from checker.terms import NormalForm
from checker.value import shown_with

FAR = 1e3
"""What no shift of so many standard deviations brings together, none does."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A joint fit and the claims in it."""

    claims: frozenset[int]
    fit: JointFit


def joint_fits(deriver: Deriver, outcome: Outcome, least: float) -> Iterator[Fitted]:
    """The fit of each group of uncertain claims, given what the oracle says of all of them together. One less
    probable than `least` standard deviations of a single value is a misfit.

    Groups that share an uncertain constant are one. Where no fit is found, the agreement is None.
    """
    system = deriver.system
    found = [(one, _equations(deriver, one.claims)) for one in groups(deriver.oracle, outcome)]
    shaken = [one.claims for one in outcome.refutations if math.isfinite(deriver.oracle.strain(one))]
    uncertain = [
        (group, equations)
        for group, equations in found
        if any(map(system.is_uncertain, equations)) or any(one <= group.claims for one in shaken)
    ]
    sources = [
        [key for index in equations for key in _uncertain(deriver, index)] for _, equations in uncertain
    ]
    for numbers in overlapping(sources):
        tied = [uncertain[number][0] for number in numbers]
        claims = frozenset[int]().union(*(group.claims for group in tied))
        equations = sorted(index for number in numbers for index in uncertain[number][1])
        adjusted = adjust(system, equations, deriver.oracle.nominal(claims))
        if adjusted is not None and adjusted.dof:
            yield Fitted(claims, _fit(deriver, claims, adjusted, least))
        elif adjusted is None and any(group.redundancy for group in tied):
            yield Fitted(
                claims, JointFit(_premises(deriver, claims), _impossible(deriver, equations), (), {})
            )


def _impossible(deriver: Deriver, equations: list[int]) -> Agreement | None:
    """The agreement of what no shift of uncertain values brings together; None where that is not known."""
    proven = len(equations) <= MAX_BOXED and decide(deriver.system, equations, sigmas=FAR).empty is not None
    return Agreement(math.inf, 1, 0.0, math.inf, True) if proven else None


def _premises(deriver: Deriver, claims: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted({deriver.oracle.claims[index].premise for index in claims}))


def together(fits: Iterable[Fitted], least: float) -> Agreement | None:
    """The agreement of all fits: what is tied to nothing else has its own χ², and these add up."""
    found = [one.fit.agreement for one in fits if one.fit.agreement is not None]
    if not found:
        return None
    return _agreement(math.fsum(one.chi2 for one in found), sum(one.dof for one in found), least)


def _agreement(chi2: float, dof: int, least: float) -> Agreement:
    p = p_value(chi2, dof)
    return Agreement(chi2, dof, p, math.sqrt(chi2 / dof), p < math.erfc(least / math.sqrt(2)))


def _equations(deriver: Deriver, claims: Iterable[int]) -> list[int]:
    return [index for claim in sorted(claims) for index in deriver.system.of_claim.get(claim, ())]


def _fit(deriver: Deriver, claims: frozenset[int], found: Adjustment, least: float) -> JointFit:
    pulls = _pulls(deriver, claims, found)
    return JointFit(
        _premises(deriver, claims),
        _agreement(found.chi2, found.dof, least),
        tuple(sorted(pulls, key=lambda one: -abs(one.pull or 0.0))),
        dict(_quantities(deriver, found)),
    )


def _pulls(deriver: Deriver, inside: frozenset[int], found: Adjustment) -> Iterator[Pull]:
    """Of every stated value with an uncertainty, in the order of the claims; then of constants and of what
    kinds supply."""
    system, claims = deriver.system, deriver.oracle.claims
    stated_in = {index: source for source, index in found.source.items()}
    told = set[int]()
    for claim in sorted(inside):
        for relation in claims[claim].relations:
            if not isinstance(relation, Gives):
                continue
            for index in system.of_claim.get(claim, ()):
                sources = {stated_in[index]} if index in stated_in else _uncertain(deriver, index)
                for source in sources - told:
                    if source in stated_in.values() or not system.atoms[-1 - source].name:
                        told.add(source)
                        pull = found.pull.get(source)
                        number = relation.value.number
                        if pull is not None and source not in stated_in.values() and number and number < 0:
                            pull = -pull  # what stands in the equations is its size
                        yield Pull(claims[claim].premise, relation.value.text, pull)
    supplied = {
        abs(given.value.number): (".".join(name.parts), given.value.text)
        for name, given in reversed([*deriver.grounded.defaults.items()])
        if given.value.number
    }
    for source, atom in enumerate(system.atoms):
        if not atom.sigma or -1 - source not in found.point or -1 - source in told:
            continue
        if atom.name is None and atom.number in supplied:
            yield Pull(*supplied[atom.number], found.pull.get(-1 - source))
        elif atom.name:
            value = deriver.grounded.parameters.get(atom.name) or deriver.grounded.constants[atom.name].value
            yield Pull(atom.name, value.text, found.pull.get(-1 - source))


def _uncertain(deriver: Deriver, index: int) -> set[int]:
    """The atoms with an uncertainty in an equation."""
    equation = deriver.system.equations[index]
    if not isinstance(equation, NormalForm):
        return set()
    keys = {key for group in equation.groups for _, atoms in group.coefficient for key, _ in atoms}
    return {key for key in keys if deriver.system.atoms[-1 - key].sigma}


def _quantities(deriver: Deriver, found: Adjustment) -> Iterator[tuple[str, Adjusted]]:
    """The quantities that the fit determines and does not know exactly."""
    for unknown, uncertainty in found.uncertainty.items():
        name = deriver.system.names[unknown] if unknown >= 0 else None
        if name is None or not uncertainty:
            continue
        value = found.point[unknown]
        yield (
            ".".join(name.parts),
            Adjusted(
                value,
                uncertainty,
                deriver.coherent_unit(name),
                shown_with(value, uncertainty, deriver.unit(name)),
            ),
        )
