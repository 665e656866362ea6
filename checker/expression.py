"""Equation text → expression trees."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number: `1.75` is 7/4, `½` is 1/2."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, split at its dots: `electron.mass` is ("electron", "mass").

    After grounding: (entity path, quantity name) for a quantity, a single part for a constant or parameter.
    `start` and `end` are offsets into the text it was read from and take no part in comparison.
    """

    parts: tuple[str, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Sum:
    """a + b + …; a difference holds a product with −1."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """a · b · …; a quotient holds a power with exponent −1."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """base ^ exponent."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """function(arguments); `sum`, `min`, `max`, `count` may run over parts."""

    function: str
    arguments: tuple[Expression, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Expression = Number | Name | Sum | Product | Power | Call


@dataclass(frozen=True, slots=True)
class Equation:
    """left `relation` right, with relation one of = < <= > >=; `text` is as written."""

    left: Expression
    relation: str
    right: Expression
    text: str


