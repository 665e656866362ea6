"""Closed forms: constants put together again as a physicist would write them."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from checker.closed_form import Form, add, pretty, shortest, symbol, text, vanishes_when

NAMED = {"hbar", "a_0", "alpha", "R_inf", "mu_B", "Phi_0"}
VALUES = {
    "h": 6.62607015e-34,
    "pi": math.pi,
    "e": 1.602176634e-19,
    "m_e": 9.1093837139e-31,
    "epsilon_0": 8.8541878188e-12,
    "c": 299792458.0,
}


def product(number: str | int, **powers: int | Fraction) -> Form:
    return Form(Fraction(number), {name: Fraction(power) for name, power in powers.items()})


def size(form: Form) -> float:
    return float(form.number) * math.prod(VALUES[str(name)] ** float(p) for name, p in form.powers.items())


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (product("1/7", epsilon_0=1, h=2, pi=-1, m_e=-1, e=-2), "a_0/7"),
        (product("1/2", h=1, pi=-1), "hbar"),
        (product("1/4", h=1, pi=-1), "hbar/2"),
        (product("1/2", h=1, e=-1), "h/(2*e)"),
        (product(2, h=1, e=-1), "2*h/e"),
        (product("1/4", e=1, h=1, pi=-1, m_e=-1), "mu_B"),
        (product("1/2", e=2, epsilon_0=-1, h=-1, c=-1), "alpha"),
        (product("1/2", e=2, epsilon_0=-1, h=-1), "alpha*c"),
        (product("1/8", m_e=1, e=4, epsilon_0=-2, h=-3, c=-1), "R_inf"),
        (product("1/8", m_e=1, e=4, epsilon_0=-2, h=-2), "h*R_inf*c"),
        (product(1, n=2), "n**2"),
        (product(4), "4"),
    ],
)
def test_combinations_of_constants_get_the_name_they_have_in_the_field(form: Form, written: str) -> None:
    """ε₀h²/(7π·m_e·e²) is a₀/7, e·h/(4π·m_e) is μ_B, and h/(2e) stays as short as it is."""
    assert text(shortest(form, NAMED)) == written


def test_the_bohr_radius_is_what_its_name_says() -> None:
    """The combination called a₀ has CODATA's value of the Bohr radius."""
    assert math.isclose(
        size(product(1, epsilon_0=1, h=2, pi=-1, m_e=-1, e=-2)), 5.29177210544e-11, rel_tol=1e-9
    )


def test_roots_of_squares_are_rational_and_others_stay_roots() -> None:
    """√(4h²) is 2h; √2·√2 is 2 again."""
    assert text(product(4, h=2) ** Fraction(1, 2)) == "2*h"
    root = product(2) ** Fraction(1, 2)
    assert text(root) == "sqrt(2)"
    assert root * root == product(2)


def test_sums_of_like_terms_are_one_term_and_others_a_bracket() -> None:
    """2e²/r² − e²/(4r²) is 7e²/(4r²); n·h + h is h·(n + 1)."""
    merged = add([product(2, e=2, r=-2), product("-1/4", e=2, r=-2)])
    assert merged == product("7/4", e=2, r=-2)
    bracket = add([product(1, n=1, h=1), product(1, h=1)])
    assert bracket is not None
    assert text(bracket) == "h*(n + 1)"


def test_a_ratio_of_powers_of_one_parameter_says_where_it_is_one() -> None:
    """n² is 1 at n = 1, n/3 at n = 3, and 4 nowhere."""
    assert vanishes_when(product(1, n=2), {"n"}) == "n = 1"
    assert vanishes_when(product("1/3", n=1), {"n"}) == "n = 3"
    assert vanishes_when(product(4), {"n"}) is None


def test_people_read_symbols() -> None:
    """a_0/7 is shown as a₀/7, n**2 as n²."""
    assert pretty("a_0/7") == "a₀/7"
    assert pretty("n**2") == "n²"
    assert pretty("h/(2*e)") == "h/(2·e)"
    assert text(symbol("n")) == "n"
