"""Conditions on doubts → whether any values within their bounds meet them, alone and together.

A condition is what redundant equations leave over, as a function of the doubts of values: straight in
logarithms where the equations are products, else with a bound on how far it is bent, and looked at in the
corner that meets it best where that bound does not suffice.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from math import prod
from operator import itemgetter

from checker.farkas import infeasible
from checker.propagate import propagate
from checker.refutation import Refutation, Row, holds, is_product, kind_of, possible, span
from checker.solution import EQUAL, Number, is_zero
from checker.terms import System

WIDEST = 250.0
"""No undetermined quantity is further from 1 in coherent SI units than e to this power."""
STRICT = 1e-6
"""By how much, relatively, an undetermined quantity must be less than another to be less at all."""
MAX_COMBINATIONS = 64
"""How many combinations of whole numbers are tried where doubt leaves several."""


def decide(system: System, rows: list[Row], doubtful: dict[int, str]) -> tuple[list[Refutation], list[Row]]:
    """The refutations among conditions that share doubts, and the conditions that can be met; claims that
    stay open are entered in `doubtful`."""
    return _Doubts(system, doubtful).decide_whole(rows)


class _Doubts:
    def __init__(self, system: System, doubtful: dict[int, str]) -> None:
        self.system = system
        self.doubtful = doubtful

    def decide_whole(self, rows: list[Row]) -> tuple[list[Refutation], list[Row]]:
        """`_decide` for the first combination of whole numbers that works out, if any does."""
        numbers = [(row.value, *row.others) for row in rows]
        if prod(len(one) for one in numbers) > MAX_COMBINATIONS:
            return self._decide([row for row in rows if not row.others])
        tried = []
        for values in product(*numbers):
            refuted, satisfiable = self._decide(
                [replace(row, value=value, others=()) for row, value in zip(rows, values, strict=True)]
            )
            if not refuted:
                return refuted, satisfiable
            tried.append(refuted[0])
        if len(tried) == 1:
            return refuted, satisfiable
        claims = frozenset().union(*(one.claims for one in tried), *(r.claims for r in rows if r.others))
        return [Refutation(claims, "quantum", False, False, None)], satisfiable

    def _decide(self, rows: list[Row]) -> tuple[list[Refutation], list[Row]]:
        """The rows that no doubts within their bounds satisfy, refuted, and the others; where each alone can
        be satisfied, whether all can together."""
        refuted = [row for row in rows if not self._satisfiable(row)]
        others = [row for row in rows if row not in refuted]
        if refuted:
            return [self._refutation(row) for row in refuted], others
        if (none := self._no_whole_number(rows)) is not None:
            return [none], others
        alone = len(rows) < 2 or all(holds(row.value, row.relation) for row in rows)
        if alone and not any(row.torn for row in rows):
            return [], rows
        together = self._decide_together(rows)
        if together is None and any(row.remainder for row in rows):
            # taken as straight, the rows can all be met; bent as they are, perhaps not
            for row in rows:
                self.doubtful.update(dict.fromkeys(row.claims, "several doubts act on it together"))
        return [] if together is None else [together], rows

    def _no_whole_number(self, rows: list[Row]) -> Refutation | None:
        """Conditions between which no whole number lies: each on the logarithm of one unknown alone."""
        ends: dict[int, tuple[list[tuple[float, Row]], list[tuple[float, Row]]]] = {}
        for row in rows:
            if len(row.torn) != 1 or row.remainder or row.relation == "=":
                continue
            ((unknown, slope),) = row.torn.items()
            if unknown not in self.system.whole:
                continue
            below = (row.relation[0] == "<") == (slope > 0)
            low, high = span(row.slopes, self.system)
            margin = -2 * EQUAL if len(row.relation) == 1 else EQUAL
            least = (row.value + (low if row.relation[0] == "<" else high)) / -slope
            end = least + margin if below else least - margin
            ends.setdefault(unknown, ([], []))[below].append((end, row))
        for lower, upper in ends.values():
            if not lower or not upper:
                continue
            (low_end, one), (high_end, other) = max(lower, key=itemgetter(0)), min(upper, key=itemgetter(0))
            if high_end < 36 and math.ceil(math.exp(low_end)) > math.exp(high_end):
                return Refutation(one.claims | other.claims, "quantum", False, False, None)
        return None

    def _satisfiable(self, row: Row) -> bool:
        if row.torn or holds(row.value, row.relation):  # the nominal values lie within every bound
            return True
        low, high = span(row.slopes, self.system)
        low, high = row.value + low - EQUAL - row.blur, row.value + high + EQUAL + row.blur
        if not possible(low - row.remainder, high + row.remainder, row.relation):
            return False
        if possible(low + row.remainder, high - row.remainder, row.relation):
            return True
        found = self._possible_at_corner(row)
        if found is None:
            self.doubtful.update(dict.fromkeys(row.claims, "its doubts are too large to decide it"))
        return found is not False

    def _possible_at_corner(self, row: Row) -> bool | None:
        """Whether the doubts at the ends that bring a row nearest to holding make it hold.

        Where they do, values in between satisfy it exactly. Where they do not, and the row changes in the
        same direction with every doubt there as at the nominal values, none do. None: it cannot be said.
        """
        up = row.value < 0
        ends = {
            atom: self.system.atoms[atom].high if (slope > 0) == up else self.system.atoms[atom].low
            for atom, slope in row.slopes.items()
        }
        equations = [e for index in sorted(row.claims) for e in self.system.of_claim.get(index, ())]
        solution = propagate(self.system, equations, shifts=ends)
        for residual in solution.residuals:
            if (
                residual.multipliers.keys() == row.residual.multipliers.keys()
                and residual.whole == row.residual.whole
                and residual.relation == row.residual.relation
            ):
                if row.residual.relation in ("in", "whole") or math.isinf(residual.value):
                    return None
                if holds(residual.value, row.relation) or residual.value * row.value < 0:
                    return True
                slopes = solution.combination(residual).atoms
                same = all(float(slopes.get(atom, 0)) * slope > 0 for atom, slope in row.slopes.items())
                return False if same else None
        return None

    def _decide_together(self, rows: list[Row]) -> Refutation | None:
        """A combination of the rows that nothing within the bounds meets, if there is one."""
        atoms = sorted({atom for row in rows for atom in row.slopes if self._doubted(atom)})
        torn = sorted({unknown for row in rows for unknown in row.torn})
        signs = [-1.0 if row.relation.startswith(">") else 1.0 for row in rows]
        matrix = [
            [s * row.slopes.get(atom, 0.0) for atom in atoms] + [s * row.torn.get(one, 0.0) for one in torn]
            for s, row in zip(signs, rows, strict=True)
        ]
        strict = [STRICT if row.relation in ("<", ">") and row.torn else 0.0 for row in rows]
        right = [-s * row.value - less for s, row, less in zip(signs, rows, strict, strict=True)]
        low = [self.system.atoms[atom].low for atom in atoms]
        low += [0.0 if one in self.system.whole else -WIDEST for one in torn]
        high = [self.system.atoms[atom].high for atom in atoms] + [WIDEST] * len(torn)
        equal = [row.relation == "=" for row in rows]
        weights = infeasible(matrix, equal, right, low, high)
        if weights is None:
            return None
        multipliers: dict[int, Number] = {}
        value, slopes, least = 0.0, dict[int, float](), 0.0
        for column in range(len(atoms), len(atoms) + len(torn)):
            slope = sum(weight * line[column] for weight, line in zip(weights, matrix, strict=True))
            least += min(slope * low[column], slope * WIDEST) if abs(slope) > 1e-9 else 0.0
        for weight, sign, row in zip(weights, signs, rows, strict=True):
            value += weight * sign * row.value
            for atom, slope in row.slopes.items():
                slopes[atom] = slopes.get(atom, 0.0) + weight * sign * slope
            for index, times in row.multipliers.items():
                multipliers[index] = multipliers.get(index, 0) + weight * sign * float(times)
        reach = span(slopes, self.system)
        remainder = sum(abs(w) * row.remainder for w, row in zip(weights, rows, strict=True))
        margin = sum(abs(weight) * less for weight, less in zip(weights, strict, strict=True))
        heaviest = max(range(len(rows)), key=lambda i: abs(weights[i]))
        if value + reach[0] + least + margin - remainder <= EQUAL * abs(weights[heaviest]):
            # Of a row whose bounds are narrower than EQUAL, what double precision lost may be all there is.
            return None if remainder else self._decide_together(rows[:heaviest] + rows[heaviest + 1 :])
        used = {index: times for index, times in multipliers.items() if not is_zero(times)}
        relation = "=" if all(row.relation == "=" for row in rows) else "<="
        claims = frozenset().union(*(r.claims for w, r in zip(weights, rows, strict=True) if not is_zero(w)))
        combined = Row(
            value + least + margin,
            slopes,
            {},
            relation,
            remainder,
            used,
            rows[0].residual,
            claims,
            joint=True,
        )
        return self._refutation(combined, alone=False)

    def _refutation(self, row: Row, alone: bool = True) -> Refutation:
        equations = [e for index in row.claims for e in self.system.of_claim.get(index, ())]
        kind = kind_of(self.system, equations)
        if kind == "value" and row.relation in ("<", ">"):
            kind = "bound"  # a difference has to have a sign, which those of its unknowns give it
        rational = not any(isinstance(times, float) for times in row.multipliers.values())
        products = all(is_product(self.system, index) for index in row.multipliers)
        single = all(len(self.system.of_claim.get(index, ())) == 1 for index in row.claims)
        minimal = alone and products and rational and single and kind != "quantum"
        return Refutation(row.claims, kind, minimal, (rational and products) or row.residual.exact, row)

    def _doubted(self, atom: int) -> bool:
        return bool(self.system.atoms[atom].low or self.system.atoms[atom].high)
