"""The functions that equations may use: value, slope and, where it is single-valued, inverse."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

_ONE: dict[
    str, tuple[Callable[[float], float], Callable[[float], float], Callable[[float], float] | None]
] = {
    # name: (value, derivative, inverse where there is only one)
    "exp": (math.exp, math.exp, math.log),
    "ln": (math.log, lambda x: 1 / x, math.exp),
    "log10": (math.log10, lambda x: 1 / (x * math.log(10)), lambda y: 10.0**y),
    "sin": (math.sin, math.cos, None),
    "cos": (math.cos, lambda x: -math.sin(x), None),
    "tan": (math.tan, lambda x: 1 + math.tan(x) ** 2, None),
    "asin": (math.asin, lambda x: 1 / math.sqrt(1 - x * x), math.sin),
    "acos": (math.acos, lambda x: -1 / math.sqrt(1 - x * x), math.cos),
    "atan": (math.atan, lambda x: 1 / (1 + x * x), math.tan),
    "sinh": (math.sinh, math.cosh, math.asinh),
    "cosh": (math.cosh, math.sinh, None),
    "tanh": (math.tanh, lambda x: 1 - math.tanh(x) ** 2, math.atanh),
    "abs": (abs, lambda x: math.copysign(1.0, x), None),
}
# the arguments that a principal value can be: asin(x) = 3 has no solution although sin(3) is a number
_PRINCIPAL = {
    "asin": (-math.pi / 2, math.pi / 2),
    "acos": (0.0, math.pi),
    "atan": (-math.pi / 2, math.pi / 2),
}


def value_of(function: str, arguments: Sequence[float]) -> float | None:
    """f(arguments), None outside the function's domain."""
    if function in ("min", "max"):
        return min(arguments) if function == "min" else max(arguments)
    try:
        return _ONE[function][0](arguments[0])
    except (ValueError, OverflowError):
        return None


def inverse_of(function: str, result: float) -> float | None:
    """The one x with f(x) = result; None where there is none or there are several."""
    inverse = _ONE[function][2] if function in _ONE else None
    low, high = _PRINCIPAL.get(function, (-math.inf, math.inf))
    if inverse is None or not low <= result <= high:
        return None
    try:
        return inverse(result)
    except (ValueError, OverflowError):
        return None


def slope_of(function: str, arguments: Sequence[float], position: int) -> float | None:
    """∂f/∂argument there, None where f has no slope."""
    if function in ("min", "max"):
        chosen = value_of(function, arguments)
        return float(arguments[position] == chosen)
    try:
        return _ONE[function][1](arguments[0])
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
