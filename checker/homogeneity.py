"""Equations and the dimensions of their names → what is out of balance, and the change that would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checker.dimension import Dimension
from checker.expression import (
    MINUS_ONE,
    Call,
    DimensionMismatch,
    Equation,
    Expression,
    Name,
    Number,
    Power,
    Product,
    Sum,
    dimension_of,
    fold,
    rebuild,
    to_text,
    walk,
)

MAX_NODES = 100
"""Larger equations get no suggestion: the search for one tries every place."""

_EXPONENTS = (
    *map(Fraction, range(1, 7)),
    *map(Fraction, range(-6, 0)),
    *(Fraction(n, 2) for n in (1, -1, 3, -3)),
)


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Two places of an equation that ought to have one dimension and have two.

    `right` is None where `left` stands in a place that demands a dimension, such as the argument of exp.
    `message` gives both, one to a line, with the base units in columns. `suggestion` is one change that would
    mend the whole equation, None where none was found.
    """

    message: str
    left: Expression
    left_dimension: Dimension
    right: Expression | None
    right_dimension: Dimension
    suggestion: str | None


def imbalance(equation: Equation, dimension: Callable[[Name], Dimension]) -> Imbalance | None:
    """What is wrong with the dimensions of an equation whose names have these, None where all is well."""
    sides = Sum((equation.left, equation.right))
    mismatch = _mismatch(sides, dimension)
    if mismatch is None:
        return None
    between_sides = mismatch.first is equation.left and mismatch.second is equation.right
    message = "the two sides differ in dimension" if between_sides else mismatch.message
    return Imbalance(
        "\n  ".join([message, *mismatch.table()]),
        mismatch.first,
        mismatch.first_dimension,
        mismatch.second,
        mismatch.second_dimension,
        _suggestion(sides, equation.relation, dimension),
    )


def _mismatch(sides: Sum, dimension: Callable[[Name], Dimension]) -> DimensionMismatch | None:
    """The two sides of an equation must agree in dimension just as two terms must."""
    try:
        dimension_of(sides, dimension)
    except DimensionMismatch as mismatch:
        return mismatch
    return None


# ---------------------------------------------------------------- what would mend it


def _suggestion(sides: Sum, relation: str, dimension: Callable[[Name], Dimension]) -> str | None:
    nodes = tuple(walk(sides))
    if len(nodes) > MAX_NODES:
        return None
    for changes in (_other_exponents(nodes), _other_factors(nodes)):
        for old, new in changes:
            mended = _replaced(sides, old, new)
            if _mismatch(mended, dimension) is None:
                left, right = map(to_text, mended.terms)
                return f"would balance {_change(old, new) or f'as {left} {relation} {right}'}"
    return None


def _replaced(sides: Sum, old: Expression, new: Expression) -> Sum:
    """The sides with `new` at the place of the node `old`."""

    def combine(node: Expression, operands: Sequence[Expression]) -> Expression:
        return new if node is old else rebuild(node, operands)

    return Sum(tuple(fold(side, combine) for side in sides.terms))


def _change(old: Expression, new: Expression) -> str | None:
    """A change of one positive exponent to another, in words; None for all else."""
    name, before = _name_and_exponent(old)
    _, after = _name_and_exponent(new)
    if name is None or before <= 0 or after <= 0:
        return None
    if after == 1:
        return f"with {to_text(name)}"
    return f"with {to_text(name)}^{after}" if after.denominator == 1 else f"with {to_text(name)}^({after})"


def _name_and_exponent(node: Expression) -> tuple[Name | None, Fraction]:
    match node:
        case Name():
            return node, Fraction(1)
        case Power(Name() as name, Number(exponent)):
            return name, exponent
    return None, Fraction(0)


def _other_exponents(nodes: Sequence[Expression]) -> Iterator[tuple[Expression, Expression]]:
    """Each name that occurs once, with another exponent: whole ones first, then the smallest change."""
    occurring = [node for node in nodes if isinstance(node, Name)]
    raised = {
        id(node.base) for node in nodes if isinstance(node, Power) and isinstance(node.exponent, Number)
    }
    changes = []
    for node in nodes:
        name, before = _name_and_exponent(node)
        if name is not None and occurring.count(name) == 1 and id(node) not in raised:
            changes += [
                (after.denominator, abs(after - before), node, name, after)
                for after in _EXPONENTS
                if after != before
            ]
    for *_, node, name, after in sorted(changes, key=lambda change: change[:2]):
        yield node, name if after == 1 else Power(name, Number(after))


def _other_factors(nodes: Sequence[Expression]) -> Iterator[tuple[Expression, Expression]]:
    """Each side, term and argument, multiplied or divided by a name of the equation.

    A name that is a whole term would mend anything trivially (x = n as x = n·x) and is left out.
    """
    places: list[Expression] = []
    for node in nodes:
        match node:
            case Sum(terms):
                places += terms
            case Call(function, arguments) if function != "count":
                places += arguments
    for factor in dict.fromkeys(node for node in nodes if isinstance(node, Name) and node not in places):
        for place in places:
            yield place, Product((place, factor))
            yield place, Product((place, Power(factor, MINUS_ONE)))
