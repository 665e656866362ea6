"""Intervals of numbers, rounded outward: what an operation may give, and what its operands may have been.

Ends are doubles; every result is widened by two units in the last place, more than the library functions are
off (IEEE 1788-2015 calls for one where they are exact). An interval is a pair (low, high); `None` is empty.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction

Interval = tuple[float, float]
WHOLE_LINE: Interval = (-math.inf, math.inf)
ZERO: Interval = (0.0, 0.0)
ONE: Interval = (1.0, 1.0)
TINY = 5e-324
"""The smallest double: it stands for whatever is positive and smaller, which therefore is no zero."""
_LARGEST = sys.float_info.max
_HALF_PI = (math.pi / 2, math.nextafter(math.pi / 2, 2))


def outward(low: float, high: float) -> Interval:
    """The interval with both ends moved outward by two units in the last place; a zero that is an exact lower
    end stays, so that what is never negative remains so."""
    if low != 0 or math.copysign(1.0, low) < 0:
        low = math.nextafter(math.nextafter(low, -math.inf), -math.inf)
    return low, math.nextafter(math.nextafter(high, math.inf), math.inf)


def of_number(number: int | Fraction, approximate: bool = False) -> Interval:
    """The narrowest interval around a rational, a wider one where that is itself `approximate`, worked out in
    doubles. Raises OverflowError beyond 1e308."""
    value = float(number)
    if approximate:
        return value - 1e-13 * abs(value), value + 1e-13 * abs(value)
    return (value, value) if value == number else outward(value, value)


def meet(one: Interval, other: Interval) -> Interval | None:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else None


def plus(one: Interval, other: Interval) -> Interval:
    if one == ZERO or other == ZERO:  # exactly: nothing is rounded
        return other if one == ZERO else one
    low, high = outward(one[0] + other[0], one[1] + other[1])
    if one[0] >= 0 and other[0] >= 0 and (one[0] or other[0]):
        low = max(low, TINY)
    return low, (min(high, -TINY) if one[1] <= 0 and other[1] <= 0 and (one[1] or other[1]) else high)


def minus(one: Interval) -> Interval:
    return -one[1], -one[0]


def _product(a: float, b: float) -> float:
    if not a or not b:
        return 0.0  # an end that is infinite is no number: zero times it is zero
    return a * b or math.copysign(TINY, a) * math.copysign(1.0, b)  # too small for a double, but no zero


def times(one: Interval, other: Interval) -> Interval:
    if one == ONE or other == ONE:
        return other if one == ONE else one
    (a, b), (c, d) = one, other
    if a >= 0 and c >= 0:
        low, high = outward(_product(a, c), _product(b, d))
        return (max(low, TINY), high) if a and c else (low, high)
    if a < 0 and b <= 0:
        return minus(times(minus(one), other))
    if c < 0 and d <= 0:
        return minus(times(one, minus(other)))
    ends = (_product(a, c), _product(a, d), _product(b, c), _product(b, d))
    return outward(min(ends), max(ends))


def inverse(one: Interval) -> Interval:
    """1/x; the whole line where zero lies inside."""
    low, high = one
    if low > 0:
        least, most = outward(1 / high, 1 / low)
        return max(least, TINY), most
    if high < 0:
        return minus(inverse(minus(one)))
    if low == 0 and high > 0:
        return outward(1 / high, math.inf)
    if high == 0 and low < 0:
        return outward(-math.inf, 1 / low)
    return WHOLE_LINE


def _raised(x: float, exponent: float) -> float:
    try:
        return math.pow(x, exponent)
    except OverflowError:
        return math.inf


def _raised_fraction(low: float, high: float, exponent: Fraction) -> Interval:
    """[low, high]^exponent for 0 ≤ low; that the exponent is rounded to a double changes a power's logarithm
    by as large a share as the exponent."""
    ends = []
    for x, sense in ((low, -1), (high, 1)):
        slack = 2.3e-16 * abs(float(exponent) * math.log(x)) if 0 < x < math.inf else 0.0
        ends.append(_raised(x, float(exponent)) * (1 + sense * slack))
    least, most = outward(*ends)
    return (TINY if 0 < low <= 4 * TINY else least), most


def power(one: Interval, exponent: int | Fraction) -> Interval | None:
    """x^exponent; None where no x has such a power: a root of what is negative."""
    if exponent < 0:
        raised = power(one, -exponent)
        return None if raised is None else inverse(raised)
    low, high = one
    if isinstance(exponent, Fraction) and exponent.denominator > 1:
        if high < 0:
            return None
        least, most = _raised_fraction(max(low, 0.0), high, exponent)
        return (max(least, TINY) if low > 0 else least), most
    whole = int(exponent)
    if whole == 1:
        return one
    if low >= 0:
        least, most = outward(_raised(low, whole), _raised(high, whole))
        return (max(least, TINY) if low > 0 else least), most
    if high <= 0:
        raised = power(minus(one), whole)
        assert raised is not None
        return minus(raised) if whole % 2 else raised
    if whole % 2:
        return outward(-_raised(-low, whole), _raised(high, whole))
    return outward(0.0, _raised(max(-low, high), whole))


def _odd_root(x: float, one_over: Fraction) -> Interval:
    return _raised_fraction(x, x, one_over) if x >= 0 else minus(_raised_fraction(-x, -x, one_over))


def root(result: Interval, exponent: int | Fraction, within: Interval) -> Interval | None:
    """The x in `within` with x^exponent in `result`, in one interval; None if there is none."""
    if exponent < 0:
        return root(inverse(result), -exponent, within)
    if exponent == 1:
        return meet(result, within)
    one_over = 1 / Fraction(exponent)
    even = Fraction(exponent).denominator > 1 or int(exponent) % 2 == 0
    if not even:
        return meet((_odd_root(result[0], one_over)[0], _odd_root(result[1], one_over)[1]), within)
    if result[1] < 0:
        return None
    low, high = _raised_fraction(max(result[0], 0.0), result[1], one_over)
    if Fraction(exponent).denominator > 1 or within[0] >= 0:
        return meet((max(low, 0.0), high), within)
    if within[1] <= 0:
        return meet((-high, -low), within)
    positive, negative = meet((low, high), within), meet((-high, -low), within)
    if positive is None or negative is None:
        return positive or negative
    return negative[0], positive[1]


# ---------------------------------------------------------------- functions


def _at(function: Callable[[float], float], x: float, otherwise: float) -> float:
    """f(x), which is beyond all doubles where it overflows; `otherwise` outside the domain."""
    try:
        return function(x)
    except OverflowError:
        return math.copysign(math.inf, x)
    except ValueError:
        return otherwise


def _rising(
    function: Callable[[float], float], bottom: float, top: float, pole: bool = False
) -> Callable[[Interval], Interval]:
    """A function that rises throughout from `bottom` to `top`; from zero on, if that is a `pole`."""

    def image(one: Interval) -> Interval:
        lowest = 4 * TINY if pole else -math.inf
        low = bottom if one[0] <= lowest else _at(function, one[0], bottom)
        high = top if one[1] == math.inf else _at(function, one[1], top)
        low, high = outward(min(low, _LARGEST), high)
        return max(low, bottom), min(high, top)

    return image


def _wave(function: Callable[[float], float], crest: float) -> Callable[[Interval], Interval]:
    """sin or cos, whose crests are at `crest` + 2πk."""

    def image(one: Interval) -> Interval:
        low, high = one
        if not high - low < 2 * math.pi or max(-low, high) > 1e8:
            return -1.0, 1.0

        def holds(extreme: float) -> bool:
            turns = (low - extreme) / (2 * math.pi)
            return extreme + 2 * math.pi * math.ceil(turns - 1e-6) <= high + 1e-6

        ends = function(low), function(high)
        bottom, top = outward(min(ends), max(ends))
        return (-1.0 if holds(crest + math.pi) else bottom), (1.0 if holds(crest) else top)

    return image


def _tangent(one: Interval) -> Interval:
    low, high = one
    if not high - low < math.pi or max(-low, high) > 1e8:
        return WHOLE_LINE
    turns = math.floor((low + _HALF_PI[0]) / math.pi + 1e-9)
    if high > turns * math.pi + _HALF_PI[0] - 1e-9 or low < turns * math.pi - _HALF_PI[0] + 1e-9:
        return WHOLE_LINE
    return outward(math.tan(low), math.tan(high))


def _cosh(one: Interval) -> Interval:
    low, high = _absolute(one)
    return outward(_at(math.cosh, low, math.inf), _at(math.cosh, high, math.inf))


def _absolute(one: Interval) -> Interval:
    low, high = one
    return (low, high) if low >= 0 else minus(one) if high <= 0 else (0.0, max(-low, high))


def _both_signs(preimage: Callable[[Interval], Interval]) -> Callable[[Interval], Interval]:
    """Where f(−x) = f(x) and f rises for x ≥ 0: from the preimage there."""

    def image(result: Interval) -> Interval:
        high = preimage(result)[1]
        return -high, high

    return image


_exp = _rising(math.exp, 0.0, math.inf)
_ln = _rising(math.log, -math.inf, math.inf, pole=True)
_log10 = _rising(math.log10, -math.inf, math.inf, pole=True)
_power10 = _rising(lambda x: _raised(10.0, x), 0.0, math.inf)
_sinh = _rising(math.sinh, -math.inf, math.inf)
_asinh = _rising(math.asinh, -math.inf, math.inf)
_tanh = _rising(math.tanh, -1.0, 1.0)
_atanh = _rising(math.atanh, -math.inf, math.inf)
_asin = _rising(math.asin, -_HALF_PI[1], _HALF_PI[1])
_atan = _rising(math.atan, -_HALF_PI[1], _HALF_PI[1])
_sin, _cos = _wave(math.sin, math.pi / 2), _wave(math.cos, 0.0)


def _acos(one: Interval) -> Interval:
    low, high = one
    return outward(_at(math.acos, min(high, 1.0), 0.0), _at(math.acos, max(low, -1.0), math.pi))


_FUNCTIONS: dict[
    str, tuple[Interval, Callable[[Interval], Interval], Callable[[Interval], Interval] | None]
] = {
    # name: (domain, image, preimage of what lies in the function's range)
    "exp": (WHOLE_LINE, _exp, _ln),
    "ln": ((0.0, math.inf), _ln, _exp),
    "log10": ((0.0, math.inf), _log10, _power10),
    "sin": (WHOLE_LINE, _sin, None),
    "cos": (WHOLE_LINE, _cos, None),
    "tan": (WHOLE_LINE, _tangent, None),
    "asin": ((-1.0, 1.0), _asin, _sin),
    "acos": ((-1.0, 1.0), _acos, _cos),
    "atan": (WHOLE_LINE, _atan, _tangent),
    "sinh": (WHOLE_LINE, _sinh, _asinh),
    "cosh": (WHOLE_LINE, _cosh, _both_signs(lambda y: (0.0, outward(0.0, math.acosh(max(y[1], 1.0)))[1]))),
    "tanh": (WHOLE_LINE, _tanh, _atanh),
    "abs": (WHOLE_LINE, _absolute, _both_signs(lambda y: (0.0, y[1]))),
}


def image(function: str, arguments: list[Interval]) -> Interval | None:
    """What f(arguments) may be; None where no argument lies in the function's domain."""
    if function in ("min", "max"):
        choose = min if function == "min" else max
        return choose(low for low, _ in arguments), choose(high for _, high in arguments)
    domain, found, _ = _FUNCTIONS[function]
    inside = meet(arguments[0], domain)
    return None if inside is None else found(inside)


def preimage(function: str, result: Interval, arguments: list[Interval], position: int) -> Interval | None:
    """Which of an argument's values f may have been taken at; None if there is none."""
    argument = arguments[position]
    if function in ("min", "max"):
        others = [one for i, one in enumerate(arguments) if i != position]
        if function == "min":
            above = meet(argument, (result[0], math.inf))
            needed = all(low > result[1] for low, _ in others)
            return above and (meet(above, result) if needed else above)
        below = meet(argument, (-math.inf, result[1]))
        needed = all(high < result[0] for _, high in others)
        return below and (meet(below, result) if needed else below)
    domain, image_of, found = _FUNCTIONS[function]
    inside = meet(argument, domain)
    if inside is None:
        return None
    attained = meet(result, image_of(inside))
    if attained is None:
        return None
    return inside if found is None else meet(inside, found(attained))
