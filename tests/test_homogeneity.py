"""Equations that cannot balance are found, with the one change that would mend them."""

import pytest

from checker.dimension import Dimension
from checker.expression import Equation, Name, parse_equation, substitute, to_text
from checker.homogeneity import imbalance
from checker.units import parse_unit

UNITS = {
    "radius": "m",
    "hbar": "J*s",
    "m": "kg",
    "v": "m/s",
    "a": "m/s^2",
    "E": "J",
    "F": "N",
    "t": "s",
    "s": "m",
    "s0": "m",
    "k": "J/K",
    "T": "K",
    "q": "C",
    "I": "A",
    "n": "1",
}


def dimension(name: Name) -> Dimension:
    return parse_unit(UNITS[name.parts[-1]]).dimension


@pytest.mark.parametrize(
    "text",
    [
        "E = m*v²/2",
        "radius^2 = hbar^2/(4*m^2*v^2)",
        "s = s0 + v*t + a*t²/2",
        "n = exp(-E/(k*T))",
        "v = sqrt(2*E/m)",
        "E > 0",
        "0 <= E",
        "n = sin(s/s0)",
        "E = sum(parts.E)",
        "nucleus.m*v = hbar/radius",
    ],
)
def test_physics_balances(text: str) -> None:
    """Laws as textbooks have them are in balance, with a literal zero fitting any side."""
    assert imbalance(parse_equation(text), dimension) is None


def test_the_squared_form_as_printed_is_mended_by_one_exponent() -> None:
    """r³ against ħ²/(4m²v²) shows m³ beneath m² and would balance with radius^2."""
    found = imbalance(parse_equation("radius^3 = hbar^2/(4*m^2*v^2)"), dimension)
    assert found is not None
    assert found.message.splitlines() == [
        "the two sides differ in dimension",
        "  radius³          m³",
        "  hbar²/(4·m²·v²)  m²",
    ]
    assert found.suggestion == "would balance with radius^2"


def test_base_units_stand_in_columns() -> None:
    """Each base unit has its own column, so that the odd one out is seen at once."""
    found = imbalance(parse_equation("E = m*v"), dimension)
    assert found is not None
    assert found.message.splitlines()[1:] == ["  E    kg m² s⁻²", "  m·v  kg m  s⁻¹"]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("E = m*v", "would balance with v^2"),
        ("E^2 = m*v^2", "would balance with E"),
        ("s = v/t", "would balance as s = v·t"),
        ("s*t = v", "would balance as s/t = v"),
        ("s = s0 + v*t + a*t/2", "would balance as s = s0 + v·t + a·t·t/2"),
        ("E < m*v", "would balance with v^2"),
        ("F = q", None),
        ("q = I", None),
        ("n = s", None),
        ("n = exp(E/T)", None),
    ],
)
def test_a_change_is_suggested_only_where_one_mends_it(text: str, suggestion: str | None) -> None:
    """One exponent or one factor of the equation's own names, or nothing."""
    found = imbalance(parse_equation(text), dimension)
    assert found is not None
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "left", "right", "expected"),
    [
        ("s = s0 + v", "s0", "v", "m s⁻¹"),
        ("E = m*v²/2 + F*max(s, t)", "s", "t", "s"),
        ("n = exp(E/T)", "E/T", None, "1"),
        ("n = 2^t", "t", None, "1"),
    ],
)
def test_a_mismatch_inside_a_side_is_shown_at_its_place(
    text: str, left: str, right: str | None, expected: str
) -> None:
    """Sums, functions and exponents name the inner expressions, not the sides."""
    found = imbalance(parse_equation(text), dimension)
    assert found is not None
    assert to_text(found.left) == left
    assert (found.right and to_text(found.right)) == right
    assert found.message.splitlines()[-1].endswith("  " + expected)


def test_grounded_names_are_checked_alike() -> None:
    """After grounding, names are paths, and the suggestion speaks of the path."""
    plain = parse_equation("E = m*v")
    left, right = (
        substitute(side, lambda name: Name(("atom.electron", *name.parts)))
        for side in (plain.left, plain.right)
    )
    grounded = Equation(left, plain.relation, right, plain.text)
    found = imbalance(grounded, dimension)
    assert found is not None
    assert found.suggestion == "would balance with atom.electron.v^2"


def test_a_very_long_equation_is_still_answered() -> None:
    """Thousands of terms get a finding at once, without a search for the remedy that a short one has."""
    found = imbalance(parse_equation("E = m*v + " + " + ".join(["E"] * 1_900)), dimension)
    assert found is not None
    assert found.suggestion is None
