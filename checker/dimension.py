"""Dimensions as vectors of rational exponents over the seven SI base units."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Dimension:
    """Exponents of m, kg, s, A, K, mol, cd, in that order."""

    exponents: tuple[Fraction, ...]


DIMENSIONLESS = Dimension((Fraction(0),) * 7)
