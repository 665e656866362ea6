"""Dimensions multiply, divide and print as SI does."""

from fractions import Fraction

from checker.dimension import DIMENSIONLESS, Dimension


def dimension(m: int = 0, kg: int = 0, s: int = 0, a: int = 0) -> Dimension:
    return Dimension(tuple(map(Fraction, (m, kg, s, a, 0, 0, 0))))


LENGTH, MASS, TIME = dimension(m=1), dimension(kg=1), dimension(s=1)


def test_energy_is_mass_times_speed_squared() -> None:
    """Products, quotients and powers of base dimensions give kg·m²·s⁻², printed mass first."""
    energy = MASS * (LENGTH / TIME) ** 2
    assert energy == dimension(m=2, kg=1, s=-2)
    assert str(energy) == "kg·m²·s⁻²"


def test_what_divides_out_is_dimensionless() -> None:
    """A ratio of like magnitudes has no dimension and prints as 1."""
    assert LENGTH / LENGTH == DIMENSIONLESS
    assert (LENGTH / LENGTH).is_dimensionless
    assert not LENGTH.is_dimensionless
    assert str(DIMENSIONLESS) == "1"


def test_a_root_has_rational_exponents() -> None:
    """The square root of an area is a length, that of a length keeps the exponent 1/2 exactly."""
    assert (LENGTH**2) ** Fraction(1, 2) == LENGTH
    assert str(LENGTH ** Fraction(1, 2)) == "m^(1/2)"
