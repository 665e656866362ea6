"""Sums of terms, each a sign, a logarithm and the width of its doubt: size, shares, what stays open."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from checker.solution import Powers
from checker.terms import Rational


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of an equation: sign · e^log times powers of the unknown being solved for and of torn
    unknowns; `group` and `member` say where it stands in the normal form."""

    sign: int
    log: float
    width: float
    power: Rational
    torn: Powers
    group: int
    member: int


def classes(terms: Iterable[Term]) -> dict[tuple[Rational, Powers], list[Term]]:
    """The terms by their powers of the unknown and of torn unknowns."""
    found: dict[tuple[Rational, Powers], list[Term]] = {}
    for term in terms:
        found.setdefault((term.power, term.torn), []).append(term)
    return found


def signed_sum(terms: list[Term]) -> tuple[int, float]:
    """Sign and logarithm of a sum; zero where it cancels to rounding."""
    if len(terms) == 1:
        return terms[0].sign, terms[0].log
    top = max(term.log for term in terms)
    total = math.fsum(term.sign * math.exp(term.log - top) for term in terms)
    if abs(total) < 1e-13 * len(terms):
        return 0, -math.inf
    return (1 if total > 0 else -1), top + math.log(abs(total))


def by_sign(terms: Iterable[Term]) -> tuple[list[Term], list[Term]]:
    plus = [term for term in terms if term.sign > 0]
    return plus, [term for term in terms if term.sign < 0]


def shares(terms: list[Term]) -> list[float]:
    """Each term's part of their sum."""
    sign, log = signed_sum(terms)
    return [term.sign * sign * math.exp(term.log - log) for term in terms] if sign else [1.0] * len(terms)


def halves(one: list[Term], other: list[Term]) -> list[tuple[Term, float]]:
    weighted = list(zip(one, shares(one), strict=True))
    return weighted + [(term, -share) for term, share in zip(other, shares(other), strict=True)]


def width_of(terms: list[Term]) -> float:
    return max(term.width for term in terms) * sum(abs(share) for share in shares(terms))


def remainder_of(terms: list[Term]) -> float:
    """A bound of log|Σ share·e^x| − Σ share·x for doubts |x| of the terms, infinite where none is known."""
    width = max(term.width for term in terms)
    if len(terms) == 1 or not width:
        return 0.0
    total = sum(abs(share) for share in shares(terms))
    if total < 1 + 1e-9:  # all of one sign: Hoeffding's lemma
        return width * width / 2
    grown = math.expm1(min(width, 50.0))
    moved = total * grown
    return total * (grown - width) + moved * moved / (2 * (1 - moved)) if moved < 1 else math.inf


def straddles(terms: list[Term]) -> bool:
    """Whether doubt leaves the sign of a sum open."""
    plus, minus = by_sign(terms)
    if not plus or not minus:
        return False
    gap = abs(signed_sum(plus)[1] - signed_sum(minus)[1])
    return gap <= max(term.width for term in plus) + max(term.width for term in minus)
