"""Unit text → factor and dimension. The only door to pint."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checker.dimension import Dimension


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written. A magnitude in it times `factor` is the magnitude in coherent SI units."""

    text: str
    factor: Fraction
    dimension: Dimension


def parse_unit(text: str) -> Unit:
    raise NotImplementedError
