"""Intervals hold every number that an operation may give, and lose none that it may have come from."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from checker.functions import value_of
from checker.intervals import TINY, Interval, image, inverse, of_number, plus, power, preimage, root, times

FUNCTIONS = (
    "exp", "ln", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "abs",
)  # fmt: skip

numbers = st.floats(-1e6, 1e6, allow_subnormal=False) | st.integers(-5, 5).map(float)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, float]:
    """An interval and a number inside, often at an end, where rounding the wrong way would lose it."""
    low, inside, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return (low, high), draw(st.sampled_from([low, inside, high]))


def holds(interval: Interval | None, number: mpmath.mpf) -> bool:
    """Whether an interval contains a number of fifty digits; the smallest double stands for all below it."""
    if interval is None:
        return False
    low = mpmath.mpf(0 if interval[0] == TINY else interval[0])
    high = mpmath.mpf(0 if interval[1] == -TINY else interval[1])
    strictly = (interval[0] != TINY or number > 0) and (interval[1] != -TINY or number < 0)
    return low <= number <= high and strictly


@settings(max_examples=1_000, deadline=None)
@given(intervals(), intervals())
@example(((-1e-212, 0.0), -1e-212), ((-1e-212, 1.0), -1e-212))  # the product is below all doubles
def test_sums_products_and_inverses_are_held(
    one: tuple[Interval, float], other: tuple[Interval, float]
) -> None:
    """x + y, x·y and 1/x to fifty digits lie in what the ends of x and y give."""
    (a, x), (b, y) = one, other
    with mpmath.workdps(50):
        assert holds(plus(a, b), mpmath.mpf(x) + mpmath.mpf(y))
        assert holds(times(a, b), mpmath.mpf(x) * mpmath.mpf(y))
        if x:
            assert holds(inverse(a), 1 / mpmath.mpf(x))


@given(
    intervals(),
    st.integers(-4, 4).filter(bool) | st.sampled_from([Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2)]),
)
def test_powers_and_roots_are_held(one: tuple[Interval, float], exponent: int | Fraction) -> None:
    """xᵖ lies in the power of x's interval, and x among the roots of the interval of xᵖ."""
    ends, x = one
    fractional = isinstance(exponent, Fraction)
    assume(x > 0 if fractional else x or exponent > 0)
    with mpmath.workdps(50):
        exact = mpmath.mpf(x) ** (mpmath.mpf(Fraction(exponent).numerator) / Fraction(exponent).denominator)
        raised = power(ends, exponent)
        assert holds(raised, exact)
        assert raised is not None
        assert holds(root(raised, exponent, ends), mpmath.mpf(x))


@pytest.mark.parametrize("function", FUNCTIONS)
@given(one=intervals())
def test_functions_are_held_both_ways(function: str, one: tuple[Interval, float]) -> None:
    """f(x) lies in the image, and x in the preimage of the image, wherever f has a value."""
    ends, x = one
    assume(value_of(function, [x]) is not None)
    with mpmath.workdps(50):
        exact = {"abs": abs, "ln": mpmath.log}.get(function) or getattr(mpmath, function)
        result = image(function, [ends])
        assert holds(result, exact(mpmath.mpf(x)))
        assert result is not None
        assert holds(preimage(function, result, [ends], 0), mpmath.mpf(x))


@pytest.mark.parametrize(("function", "chosen"), [("min", min), ("max", max)])
@given(one=intervals(), other=intervals())
def test_the_smallest_and_the_largest_are_held(
    function: str, chosen: object, one: tuple[Interval, float], other: tuple[Interval, float]
) -> None:
    """min and max of numbers lie in the image, and the numbers in the preimage of what they give."""
    (a, x), (b, y) = one, other
    assert callable(chosen)
    result = chosen(x, y)
    found = image(function, [a, b])
    assert holds(found, mpmath.mpf(result))
    assert holds(preimage(function, (result, result), [a, b], 0), mpmath.mpf(x))
    assert holds(preimage(function, (result, result), [a, b], 1), mpmath.mpf(y))


@given(st.fractions())
def test_a_rational_is_held(number: Fraction) -> None:
    """The interval of a rational contains it, and has no width where a double is exact."""
    low, high = of_number(number)
    assert Fraction(low) <= number <= Fraction(high)
    assert (low == high) == (Fraction(float(number)) == number)


def test_a_root_of_what_is_negative_is_none() -> None:
    """√x has no value for x < 0, and none that is negative."""
    assert power((-4.0, -1.0), Fraction(1, 2)) is None
    assert root((-4.0, -1.0), 2, (-10.0, 10.0)) is None
    assert root((4.0, 9.0), 2, (-10.0, 0.0)) == pytest.approx((-3.0, -2.0))
