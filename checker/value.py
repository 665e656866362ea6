"""Value text → a value with its kinds of doubt."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from checker.dimension import SUPERSCRIPTS, from_superscript
from checker.errors import TextError
from checker.expression import MAX_LENGTH, Expression, exact_number, parse
from checker.units import ONE, Unit, parse_unit


@dataclass(frozen=True, slots=True)
class Amount:
    """A size of doubt: absolute in coherent SI units, or a fraction of the value."""

    size: Fraction
    relative: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written, either a number with a unit or an expression of constants and parameters.

    `number` is in coherent SI units, None for an expression. `unit` is the unit as written (dimensionless for
    a bare number), None for an expression. `last_digit` is half a unit in the last digit written, in coherent
    SI units. `within` bounds the true value, `uncertainty` is one standard deviation.
    """

    text: str
    number: Fraction | None
    unit: Unit | None
    expression: Expression | None
    within: Amount | None = None
    uncertainty: Amount | None = None
    last_digit: Fraction | None = None
    decimal_point: bool = False
    exact: bool = False


_GROUP = "[ \u00a0\u2009\u202f]"  # spaces that may stand between groups of three digits
_TIMES_TEN = r"\s?[×·*x]\s?10"

_NUMBER = re.compile(
    rf"""\s*(?P<sign>[-+−]?)\s*(?=\.?[0-9])
    (?P<whole>[0-9]{{1,3}}(?:{_GROUP}[0-9]{{3}})+(?![0-9])|[0-9]*)
    (?:(?P<point>\.)
       (?P<decimals>[0-9]{{3}}(?:{_GROUP}[0-9]{{3}})*(?:{_GROUP}[0-9]{{1,2}})?(?![0-9/]) | [0-9]*))?
    (?:\((?P<doubt>[0-9]+(?:\.[0-9]+)?)\))?
    (?:(?:[eE]|\s[eE](?=[-+−]))(?P<e>[-+−]?[0-9]+)
       | {_TIMES_TEN}(?:\^|\*\*)(?P<power>[-+−]?[0-9]+)
       | {_TIMES_TEN}(?P<superscript>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?
    \s*""",
    re.VERBOSE,
)

_NOT_FINITE = re.compile(r"\s*[-+−]?\.?(nan|inf|infinity)\b", re.IGNORECASE)
_NUMBER_BESIDE_NAME = re.compile(r"[0-9.½¼¾]\s+[^\W\d]")
_OPERATORS = frozenset("*/+-−^·⋅∙×" + SUPERSCRIPTS)


def parse_value(text: str) -> Value:
    """The value that `text` writes: `31 pm`, `0.8775(51) fm`, `0.5`, or an expression such as `h/(2*e)`.

    Digits in brackets are the standard uncertainty in the last digits, or in the value's own scale where they
    have a decimal point. Raises TextError for anything else.
    """
    if not text.strip():
        raise TextError("a value is missing", 0, len(text))
    if len(text) > MAX_LENGTH:
        raise TextError(f"a value has at most {MAX_LENGTH} characters", 0, len(text))
    if _NOT_FINITE.match(text):
        raise TextError("a value is a finite number", 0, len(text))
    match = _NUMBER.match(text)
    if match is None:
        return _expression(text)
    rest = text[match.end() :].rstrip()
    if not rest:
        return _with_unit(text, match, ONE)
    if rest.startswith(("±", "+/-", "+-")):
        hint = "write it in brackets, as in 0.8775(51) fm, or under `uncertainty`"
        raise TextError("the uncertainty is not written this way", match.end(), len(text), hint=hint)
    if rest[0] in _OPERATORS:
        return _expression(text)
    return _with_unit(text, match, _unit(rest, match))


def parse_amount(text: str, unit: Unit | None) -> Amount:
    """A size of doubt for a value written in `unit`: `10 %` and `5 ppm` are relative to the value, anything
    else is absolute. `unit` is None for an expression, whose dimension is not known here."""
    value = parse_value(text)
    if value.number is None or value.unit is None or value.uncertainty is not None:
        raise TextError("a doubt is a number with a unit, or a percentage", 0, len(text))
    if value.number <= 0:
        raise TextError("a doubt is greater than zero", 0, len(text))
    if value.unit.text in ("%", "percent", "‰", "permille", "ppm"):
        return Amount(value.number, relative=True)
    if unit is None and value.unit == ONE:
        raise TextError(
            "a doubt needs a unit here", 0, len(text), hint="write 10 %, or an amount with a unit"
        )
    if unit is not None and value.unit.dimension != unit.dimension:
        message = f"a doubt of dimension {value.unit.dimension} for a value of dimension {unit.dimension}"
        raise TextError(message, 0, len(text), hint="write 10 %, or an amount in the unit of the value")
    return Amount(value.number, relative=False)


def rounding(value: Value, status: str) -> Fraction | None:
    """How far the true value may lie from the one written, in coherent SI units, because digits end.

    Half a unit in the last digit for a measurement, and for any number with a decimal point; None where the
    value is exact or a doubt is stated.
    """
    if value.exact or value.uncertainty is not None or value.within is not None:
        return None
    return value.last_digit if status == "measurement" or value.decimal_point else None


def shown(number: float, unit: Unit, digits: int = 4) -> str:
    """A magnitude in coherent SI, printed in `unit` to so many significant digits: `7.560 pm`."""
    magnitude = number / float(unit.factor)
    scientific = f"{magnitude:.{digits - 1}e}"
    if magnitude == 0 or not math.isfinite(magnitude):
        text = f"{magnitude:g}"
    elif -5 < (exponent := int(scientific.partition("e")[2])) < 6:
        text = f"{magnitude:.{max(digits - 1 - exponent, 0)}f}"
    else:
        text = f"{scientific.partition('e')[0]}e{exponent}"
    return text if unit.text in ("", "1") else f"{text} {unit.text}"


def shown_with(number: float, uncertainty: float, unit: Unit) -> str:
    """A magnitude and its standard uncertainty in coherent SI, printed in `unit` with two digits of the
    uncertainty in brackets: `0.84087(39) fm`, `887.7(2.2) s`. Without it where doubles tell no more."""
    magnitude, spread = number / float(unit.factor), uncertainty / float(unit.factor)
    largest = max(abs(magnitude), spread)
    if not (math.isfinite(largest) and spread > 1e-15 * largest):
        return shown(number, unit)
    exponent = math.floor(math.log10(largest))
    if -5 < exponent < 6:
        exponent = 0
    spread /= 10.0**exponent
    last = int(f"{spread:.1e}".partition("e")[2]) - 1
    decimals = max(-last, 0)
    digits = f"{spread:.{decimals}f}"
    text = f"{magnitude / 10.0**exponent:.{decimals}f}({digits if last > -2 else digits.lstrip('0.')})"
    text += f"e{exponent}" if exponent else ""
    return text if unit.text in ("", "1") else f"{text} {unit.text}"


# ---------------------------------------------------------------- the two ways to write a value


def _expression(text: str) -> Value:
    if beside := _NUMBER_BESIDE_NAME.search(text):
        message = "a value is a number with a unit or an expression, never a mixture"
        hint = "write * between a number and a constant"
        raise TextError(message, beside.start(), beside.end(), hint=hint)
    return Value(text, None, None, parse(text))


def _with_unit(text: str, match: re.Match[str], unit: Unit) -> Value:
    decimals = re.sub(_GROUP, "", match["decimals"] or "")
    exponent = match["e"] or match["power"] or from_superscript(match["superscript"] or "0")

    def scaled(mantissa: str) -> Fraction:
        return exact_number(f"{mantissa}e{exponent}", match.start("sign")) * unit.factor

    number = scaled(f"{re.sub(_GROUP, '', match['whole'])}.{decimals}")
    last_digit = scaled("1") / 10 ** len(decimals)
    uncertainty = None
    if doubt := match["doubt"]:
        size = scaled(doubt) if "." in doubt else scaled(doubt) / 10 ** len(decimals)
        if not size:
            message = "an uncertainty is greater than zero"
            raise TextError(message, match.start("doubt"), match.end("doubt"), hint="write `exact: true`")
        uncertainty = Amount(size, relative=False)
    return Value(
        text,
        -number if match["sign"] in ("-", "−") else number,
        unit,
        None,
        uncertainty=uncertainty,
        last_digit=last_digit / 2,
        decimal_point=match["point"] is not None,
    )


def _unit(rest: str, match: re.Match[str]) -> Unit:
    """The unit that follows a number; errors say where it stands in the whole text."""
    offset = match.end()
    if rest[0] == ",":
        raise TextError("a decimal comma", offset, offset + 1, hint="write a decimal point")
    if rest[0] == "(":
        message = "digits in brackets after a number are its uncertainty"
        raise TextError(message, offset, offset + len(rest), hint="write * to multiply")
    if rest[0] in "_'" or (rest[0].isdigit() and not rest.startswith("1/")):
        message = "digits are grouped by spaces, three at a time, or not at all"
        raise TextError(message, offset, offset + len(rest))
    try:
        return parse_unit(rest)
    except TextError as mistake:
        hint = mistake.hint
        if rest.isidentifier() and (hint is None or offset == len(match.group().rstrip())):
            hint = f"write {match.group().strip()}*{rest} if {rest} is a constant or a parameter"
        raise TextError(mistake.message, offset + mistake.start, offset + mistake.end, hint=hint) from None
