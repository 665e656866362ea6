"""Polynomial equations with rational coefficients → all their real solutions with the declared signs.

A lexicographic Gröbner basis (Buchberger 1965) brings the equations into a triangle; real roots are isolated
by ball arithmetic, so that a root's sign is certain or the answer is None. The only door to python-flint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flint import arb, fmpz_poly

Exponents = tuple[int, ...]
MAX_UNKNOWNS = 6
MAX_DEGREE = 40
MAX_SOLUTIONS = 32
BITS = 300
"""The precision of ball arithmetic; roots of roots lose some of it."""
BASIS_LIMITS = (60, 400, 20_000)
"""How many polynomials, terms and bits a basis may grow to."""


def solutions(
    polynomials: Sequence[Mapping[Exponents, Fraction]], nonnegative: Sequence[bool], positive: Sequence[bool]
) -> list[tuple[float, ...]] | None:
    """The common real zeros with the signs demanded of each unknown; None where that is not decided (too
    large, infinitely many, or not in a shape that can be solved one unknown at a time)."""
    from flint import ctx

    before, ctx.prec = ctx.prec, BITS
    try:
        return _solutions(polynomials, nonnegative, positive)
    finally:
        ctx.prec = before


def _solutions(
    polynomials: Sequence[Mapping[Exponents, Fraction]], nonnegative: Sequence[bool], positive: Sequence[bool]
) -> list[tuple[float, ...]] | None:
    from flint import Ordering, fmpz_mpoly_ctx, fmpz_mpoly_vec

    count = len(positive)
    degree = max((sum(exponents) for one in polynomials for exponents in one), default=0)
    if count > MAX_UNKNOWNS or degree > MAX_DEGREE:
        return None
    context = fmpz_mpoly_ctx.get(tuple(f"x{i}" for i in range(count)), Ordering.lex)
    whole = [context.from_dict(_in_integers(one)) for one in polynomials]
    basis: Any
    basis, finished = fmpz_mpoly_vec(whole, context).buchberger_naive(limits=BASIS_LIMITS)
    if not finished:
        return None
    rows: list[dict[Exponents, int]] = [dict(basis[i].to_dict()) for i in range(len(basis))]
    if any(set(row) == {(0,) * count} for row in rows):
        return []
    found: list[dict[int, arb]] = [{}]
    for unknown in reversed(range(count)):
        following: list[dict[int, arb]] = []
        for known in found:
            values = _values(rows, unknown, known, count)
            if values is None or len(following) > MAX_SOLUTIONS:
                return None
            for value in values:
                sign = _sign(value)
                if sign is None:
                    return None
                if (sign > 0 or not positive[unknown]) and (sign >= 0 or not nonnegative[unknown]):
                    following.append({**known, unknown: value})
        found = following
    return [tuple(float(one[i].mid()) for i in range(count)) for one in found]


def _in_integers(polynomial: Mapping[Exponents, Fraction]) -> dict[Exponents, int]:
    """The same polynomial times a common denominator."""
    from math import lcm

    scale = lcm(*(factor.denominator for factor in polynomial.values()))
    return {exponents: int(factor * scale) for exponents, factor in polynomial.items()}


def _values(
    rows: list[dict[Exponents, int]], unknown: int, known: dict[int, Any], count: int
) -> list[Any] | None:
    """The values of an unknown, those after it in order being `known`: from the basis rows in which no
    earlier one occurs."""
    from flint import arb, fmpz_poly

    usable = [
        row
        for row in rows
        if all(not any(exponents[:unknown]) for exponents in row)
        and any(exponents[unknown] for exponents in row)
    ]
    if not usable:
        return None
    if unknown == count - 1:
        common = fmpz_poly([])
        for row in usable:  # several where the basis is not reduced
            whole = [0] * (max(exponents[unknown] for exponents in row) + 1)
            for exponents, factor in row.items():
                whole[exponents[unknown]] = factor
            common = common.gcd(fmpz_poly(whole))
        return _real_roots(common)
    for row in sorted(usable, key=lambda one: max(exponents[unknown] for exponents in one)):
        coefficients = [arb(0)] * (max(exponents[unknown] for exponents in row) + 1)
        for exponents, factor in row.items():
            term = arb(factor)
            for index in range(unknown + 1, count):
                term *= known[index] ** exponents[index]
            coefficients[exponents[unknown]] += term
        if coefficients[-1].contains(0):
            continue
        if len(coefficients) == 2:
            return [-coefficients[0] / coefficients[1]]
        return _isolated_roots(coefficients)
    return None


def _isolated_roots(coefficients: list[arb]) -> list[arb] | None:
    """The real roots of a polynomial with balls for coefficients; None where they cannot be told apart."""
    from flint import arb_poly

    polynomial: Any = arb_poly(coefficients)
    try:
        roots: list[Any] = list(polynomial.complex_roots())
    except (ValueError, ArithmeticError):
        return None
    # a root of a real polynomial whose ball meets the real axis and no other ball is real
    return [_narrowed(polynomial, root.real) for root in roots if root.imag.contains(0)]


def _narrowed(polynomial: Any, root: Any) -> Any:
    """A root's ball after a few steps of the interval Newton method: isolation alone leaves it wide."""
    slope = polynomial.derivative()
    for _ in range(8):
        below = slope(root)
        if below.contains(0):
            break
        middle = root.mid()
        root = middle - polynomial(middle) / below
    return root


def _real_roots(polynomial: fmpz_poly) -> list[arb]:
    """Each real root once, as a ball; a root that is zero exactly so."""
    from flint import arb

    roots = []
    for factor, _ in polynomial.factor_squarefree()[1]:
        isolated: Any = factor.complex_roots()
        roots += [arb(ball.real) for ball, _ in isolated if ball.imag.is_zero()]
    if polynomial[0] == 0:
        roots = [root for root in roots if not root.contains(0)] + [arb(0)]
    return roots


def _sign(value: arb) -> int | None:
    if value.is_zero():
        return 0
    if value.contains(0):
        return None
    return 1 if value > 0 else -1
