"""Dimensions as vectors of rational exponents over the seven SI base units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

BASE_UNITS = ("m", "kg", "s", "A", "K", "mol", "cd")

PRINTED_ORDER = (1, 0, 2, 3, 4, 5, 6)
"""Indices into BASE_UNITS; mass comes first when a dimension is printed."""

SUPERSCRIPTS = "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = "+-0123456789"


def superscript(exponent: Fraction) -> str:
    """An exponent as it is set after its base: nothing for 1, `⁻²`, `^(1/2)`."""
    if exponent == 1:
        return ""
    if exponent.denominator == 1:
        return str(exponent.numerator).translate(str.maketrans(_PLAIN, SUPERSCRIPTS))
    return f"^({exponent})"


def from_superscript(text: str) -> str:
    """The text with its superscripts set on the line: `⁻²` is `-2`."""
    return text.translate(str.maketrans(SUPERSCRIPTS, _PLAIN))


@dataclass(frozen=True, slots=True)
class Dimension:
    """Exponents of m, kg, s, A, K, mol, cd, in that order."""

    exponents: tuple[Fraction, ...]

    @property
    def is_dimensionless(self) -> bool:
        return not any(self.exponents)

    def __mul__(self, other: Dimension) -> Dimension:
        return Dimension(tuple(a + b for a, b in zip(self.exponents, other.exponents, strict=True)))

    def __truediv__(self, other: Dimension) -> Dimension:
        return Dimension(tuple(a - b for a, b in zip(self.exponents, other.exponents, strict=True)))

    def __pow__(self, exponent: Fraction | int) -> Dimension:
        return Dimension(tuple(a * exponent for a in self.exponents))

    def __str__(self) -> str:
        """In base units: `kg·m²·s⁻²`, `1` where dimensionless."""
        factors = (BASE_UNITS[i] + superscript(self.exponents[i]) for i in PRINTED_ORDER if self.exponents[i])
        return "·".join(factors) or "1"


def aligned(rows: Sequence[tuple[str, Dimension]]) -> tuple[str, ...]:
    """Each text with its dimension, in one column for each base unit that occurs."""
    columns = []
    for i in PRINTED_ORDER:
        cells = [BASE_UNITS[i] + superscript(d.exponents[i]) if d.exponents[i] else "" for _, d in rows]
        if any(cells):
            columns.append([cell.ljust(max(map(len, cells))) for cell in cells])
    width = max(len(text) for text, _ in rows)
    lines = []
    for n, (text, dimension) in enumerate(rows):
        powers = "1" if dimension.is_dimensionless else " ".join(column[n] for column in columns)
        lines.append(f"{text.ljust(width)}  {powers}".rstrip())
    return tuple(lines)


DIMENSIONLESS = Dimension((Fraction(0),) * 7)
