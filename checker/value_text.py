"""Value text → a value with its kinds of doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from checker.dimension import SUPERSCRIPTS, aligned, from_superscript
from checker.errors import TextError
from checker.expression import MAX_LENGTH, exact_number, parse
from checker.units import ONE, Unit, parse_scale
from checker.value import Amount, Value, in_quadrature

PERCENTAGES = ("%", "percent", "‰", "permille", "ppm", "ppb")
"""Units in which a doubt is a fraction of the value."""


def parse_value(text: str) -> Value:
    """The value that `text` writes: `31 pm`, `0.8775(51) fm`, `12.3 ± 0.4 s`, `2.9 to 3.1 s`, `0.5`, or an
    expression such as `h/(2*e)`.

    Digits in brackets are the standard uncertainty in the last digits, or in the value's own scale where they
    have a decimal point; several uncertainties are independent. Raises TextError for anything else.
    """
    _refuse_unreadable(text)
    if bound := _COMPARISON.match(text):
        hint = "what is less or more than a number is stated of a thing's own quantity"
        raise TextError("misplaced-range", "a value stands here, not a bound", *bound.span("sign"), hint=hint)
    brackets = _BRACKETS.match(text)
    if brackets and brackets["range"] is not None:
        return _range(text, *_within_brackets(text, brackets, "range", _COMMA))
    if brackets and _PLUS_MINUS.search(brackets["doubted"]):
        return _doubted(text, *_within_brackets(text, brackets, "doubted", _PLUS_MINUS))
    if len(spans := _between(_TO, text)) > 1:
        return _range(text, spans, _NO_TAIL)
    if len(spans := _between(_PLUS_MINUS, text)) > 1:
        return _doubted(text, spans, _NO_TAIL)
    number = _number(text, 0, len(text))
    if number is None:
        return _expression(text)
    _refuse_slips(text, number)
    if text[number.end : number.end + 1] in _OPERATORS:
        return _expression(text)
    return _doubted(text, spans, _NO_TAIL)


def parse_given(text: str) -> Value:
    """The value, or a bound such as `< 0.8 eV` or `>= 2*m_e`: exact, as it is written, and without doubt."""
    _refuse_unreadable(text)
    bound = _COMPARISON.match(text)
    if bound is None:
        return parse_value(text)
    value = parse_single(" " * bound.end() + text[bound.end() :])
    if value.uncertainty is not None:
        hint = "write the limit that is claimed, such as < 0.8 eV, or the value with its uncertainty"
        raise TextError(
            "misplaced-doubt", "a bound has no uncertainty of its own", bound.end(), len(text), hint=hint
        )
    return replace(value, text=text, relation=_RELATIONS[bound["sign"]], exact=True)


def parse_single(text: str) -> Value:
    """The value, unless it is a range."""
    value = parse_value(text)
    if value.within is not None:
        raise TextError("misplaced-range", "one value stands here, not a range", 0, len(text))
    return value


def parse_amount(text: str, unit: Unit | None) -> Amount:
    """A size of doubt for a value written in `unit`: `10 %` and `5 ppm` are relative to the value, anything
    else is absolute. `unit` is None for an expression, whose dimension is not known here."""
    value = parse_given(text)
    if (
        value.number is None
        or value.unit is None
        or value.uncertainty
        or value.within
        or value.relation != "="
    ):
        raise TextError("missing-number", "a doubt is a number with a unit, or a percentage", 0, len(text))
    size = value.number - value.unit.zero  # of a temperature, a difference
    return _amount(size, value.unit, unit, (0, len(text)))


# ---------------------------------------------------------------- a number as written

_GROUP = "[ \u00a0\u2009\u202f]"  # spaces that may stand between groups of three digits
_TIMES_TEN = r"\s?[×·*x]\s?10"
_EXPONENT = rf"""(?:(?:[eE]|\s[eE](?=[-+−]))(?P<e>[-+−]?[0-9]+)
       | {_TIMES_TEN}(?:\^|\*\*)(?P<power>[-+−]?[0-9]+)
       | {_TIMES_TEN}(?P<superscript>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?
    \s*"""

_NUMBER = re.compile(
    rf"""\s*(?P<sign>[-+−]?)\s*(?=\.?[0-9])
    (?P<whole>[0-9]{{1,3}}(?:{_GROUP}[0-9]{{3}})+(?![0-9])|[0-9]*)
    (?:(?P<point>\.)(?!\.)
       (?P<decimals>[0-9]{{3}}(?:{_GROUP}[0-9]{{3}})*(?:{_GROUP}[0-9]{{1,2}})?(?![0-9/]) | [0-9]*))?
    (?P<doubts>(?:\([0-9]+(?:\.[0-9]+)?\))*)
    {_EXPONENT}""",
    re.VERBOSE,
)
_DOUBT = re.compile(r"\(([0-9.]+)\)")

_NOT_FINITE = re.compile(r"\s*[-+−]?\.?(nan|inf|infinity)\b|\s*[-+−]?∞", re.IGNORECASE)
_COMPARISON = re.compile(r"\s*(?P<sign>[<>]=?|[≤≥])\s*")
_RELATIONS = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">="}
_TO = re.compile(r"(?<=\s)to(?=\s)|…|\.\.\.")
_COMMA = re.compile(r"[,;]")
_PLUS_MINUS = re.compile(r"±|\+/[-−]|(?<=[0-9)\s])\+[-−](?=\s?[0-9.])")
_BRACKETS = re.compile(rf"\s*(?:\((?P<doubted>[^()]*)\)|\[(?P<range>[^\[\]]*)\]){_EXPONENT}", re.VERBOSE)
_OPERATORS = frozenset("*/+-−^·⋅∙×" + SUPERSCRIPTS)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as written, in whatever unit follows at `end`. `doubts` are those in brackets behind it."""

    size: Fraction
    last_digit: Fraction
    doubts: tuple[Fraction, ...]
    decimal_point: bool
    has_exponent: bool
    start: int
    end: int


@lru_cache(maxsize=256)  # each form that a value may have is tried from the start
def _number(text: str, start: int, stop: int) -> _Number | None:
    """The number that a part of the text begins with, None where it begins otherwise."""
    match = _NUMBER.match(text, start, stop)
    if match is None:
        return None
    decimals = re.sub(_GROUP, "", match["decimals"] or "")
    exponent = _exponent(match)

    def scaled(mantissa: str) -> Fraction:
        return exact_number(f"{mantissa}e{exponent or 0}", match.start("sign"))

    size = scaled(f"{re.sub(_GROUP, '', match['whole'])}.{decimals}")
    last_digit = scaled("1") / 10 ** len(decimals)
    doubts = []
    for doubt in _DOUBT.finditer(match["doubts"]):
        digits, begin = doubt[1], match.start("doubts") + doubt.start(1)
        if "." in digits and len(digits.partition(".")[2]) < len(decimals):
            message = "an uncertainty with a decimal point has fewer decimals than its value"
            hint = f"write ± {digits}, or the uncertainty of the last digits without a point"
            raise TextError("ambiguous-doubt", message, begin, begin + len(digits), hint=hint)
        doubts.append(scaled(digits) if "." in digits else int(digits) * last_digit)
        _positive(doubts[-1], (begin, begin + len(digits)))
    return _Number(
        -size if match["sign"] in ("-", "−") else size,
        last_digit,
        tuple(doubts),
        match["point"] is not None,
        exponent is not None,
        match.start("sign"),
        match.end(),
    )


def _exponent(match: re.Match[str]) -> str | None:
    return match["e"] or match["power"] or (match["superscript"] and from_superscript(match["superscript"]))


def _between(separator: re.Pattern[str], text: str) -> list[Span]:
    """The parts of a text between the places that a separator takes, without the spaces around them."""
    found = [match.span() for match in separator.finditer(text)]
    starts, stops = [0, *(end for _, end in found)], [*(start for start, _ in found), len(text)]
    parts = [(start, text[start:stop]) for start, stop in zip(starts, stops, strict=True)]
    return [(start + len(part) - len(part.lstrip()), start + len(part.rstrip())) for start, part in parts]


# ---------------------------------------------------------------- several numbers with their units


@dataclass(frozen=True, slots=True)
class _Tail:
    """What stands behind brackets around several numbers, and holds for each: a power of ten and a unit."""

    scale: Fraction | None
    unit: Unit | None


_NO_TAIL = _Tail(None, None)

Measured = tuple[_Number, Unit | None]


def _numbers(text: str, spans: Sequence[Span], tail: _Tail, what: str) -> list[Measured]:
    """The number in each part of a text, with its own unit if it has one. `what` they are, for messages."""
    found: list[Measured] = []
    for start, stop in spans:
        if _NOT_FINITE.match(text, start, stop):
            raise TextError("infinite-value", f"{what} are finite", start, stop)
        number = _number(text, start, stop)
        if number is None:
            raise TextError("missing-number", f"{what} are numbers", start, max(stop, start + 1))
        if tail.scale is not None:
            if number.has_exponent:
                raise TextError(
                    "duplicate-statement",
                    "a power of ten stands in the brackets and behind them",
                    start,
                    stop,
                    hint="leave one out",
                )
            number = replace(number, size=number.size * tail.scale, last_digit=number.last_digit * tail.scale)
        unit = _unit(text, start, number.end, stop)
        if unit and tail.unit:
            message = "a unit stands in the brackets and behind them"
            raise TextError("duplicate-statement", message, number.end, stop, hint="leave one out")
        found.append((number, unit))
    return found


def _in_units(text: str, found: Sequence[Measured], tail: _Tail) -> list[tuple[_Number, Unit]]:
    """Each number with its unit: its own, or the one behind them all."""
    (_, first), (_, last) = found[0], found[-1]
    if first is None:
        early = next((number for number, unit in found[:-1] if unit is not None), None)
        if early is not None:
            raise TextError(
                "missing-unit",
                "this number has a unit, the first has none",
                early.start,
                early.end,
                hint=_UNITS,
            )
        return [(number, tail.unit or last or ONE) for number, _ in found]
    for number, unit in found:
        if unit is None:
            raise TextError("missing-unit", "a unit is missing here", number.start, number.end, hint=_UNITS)
        if unit.dimension != first.dimension and unit.text not in PERCENTAGES:
            message = f"a number in {unit.text} beside one in {first.text}"
            span = number.start, number.end + len(unit.text)
            raise TextError("mixed-dimensions", message, *span, details=_dimensions(first, unit))
    return [(number, unit or first) for number, unit in found]


_UNITS = "write the unit behind each number, or once behind the last"


def _within_brackets(
    text: str, brackets: re.Match[str], inside: str, separator: re.Pattern[str]
) -> tuple[list[Span], _Tail]:
    """The parts of what stands in brackets, and what follows these."""
    if text[brackets.end() : brackets.end() + 1] in _OPERATORS:
        message = "what is in doubt is no part of an expression"
        hint = "state it under a name of its own"
        raise TextError("misplaced-doubt", message, brackets.end(), len(text), hint=hint)
    start = brackets.start(inside)
    spans = [(start + a, start + b) for a, b in _between(separator, brackets[inside])]
    exponent = _exponent(brackets)
    scale = None if exponent is None else exact_number(f"1e{exponent}", brackets.end(inside) + 1)
    return spans, _Tail(scale, _unit(text, brackets.end(), brackets.end(), len(text)))


def _unit(text: str, begin: int, offset: int, stop: int) -> Unit | None:
    """The unit between `offset` and `stop`, behind the number that stands at `begin`; None where nothing
    follows. Errors say where it stands in the whole text."""
    rest = text[offset:stop].rstrip()
    if not rest:
        return None
    if rest[0] == ",":
        before, after = text[begin:offset].strip(), rest[1:]
        way = f"write {before}.{after}"
        if re.match(r"[0-9]{3}(?![0-9])", after):
            way = f"write {before}{after}" + (f" or {before}.{after}" if after[3:4] != "." else "")
        message = "a number has a decimal point, not a comma"
        raise TextError("decimal-comma", message, offset, offset + 1, hint=way)
    if expanded := re.search(r"\(\s*k\s*=[^)]*\)?", rest):
        divide = "divide it by its coverage factor k, and write the standard uncertainty alone"
        span = offset + expanded.start(), offset + expanded.end()
        raise TextError("expanded-uncertainty", "an expanded uncertainty", *span, hint=divide)
    if rest[0] == "(" and begin < offset:
        message = "digits in brackets after a number are its uncertainty"
        slip = "leave the word out" if _LABEL.match(rest) else "write * to multiply"
        raise TextError("ambiguous-doubt", message, offset, offset + len(rest), hint=slip)
    if rest[0] in "_'" or (rest[0].isdigit() and not rest.startswith("1/")):
        message = "digits are grouped by spaces, three at a time, or not at all"
        raise TextError("digit-groups", message, offset, offset + len(rest))
    try:
        return parse_scale(rest)
    except TextError as mistake:
        hint = mistake.hint
        if rest.isidentifier() and (hint is None or not text[offset - 1].isspace()):
            number = text[begin:offset].strip()
            hint = f"write {number}*{rest} if {rest} is a constant or a parameter"
        raise TextError(
            mistake.code, mistake.message, offset + mistake.start, offset + mistake.end, hint=hint
        ) from None


# ---------------------------------------------------------------- the ways to write a value


def _range(text: str, spans: Sequence[Span], tail: _Tail) -> Value:
    """The middle of two numbers, and half their distance as its bound."""
    whole = spans[0][0], spans[-1][1]
    if len(spans) != 2:
        raise TextError("invalid-range", f"a range has two ends, not {len(spans)}", *whole, hint=_RANGES)
    for start, stop in spans:
        number = _number(text, start, stop)
        if _PLUS_MINUS.search(text, start, stop) or (number and number.doubts):
            raise TextError("misplaced-doubt", "the ends of a range have no doubt of their own", start, stop)
    ends = _in_units(text, _numbers(text, spans, tail, "the ends of a range"), tail)
    low, high = (number.size * unit.factor + unit.zero for number, unit in ends)
    if low == high:
        hint = "write the one value, with `exact: true` if it is"
        raise TextError("invalid-range", "this range is a single value", *whole, hint=hint)
    if low > high:
        raise TextError(
            "invalid-range", "this range ends below its beginning", *whole, hint="write the smaller end first"
        )
    half = Amount((high - low) / 2, relative=False)
    return Value(text, (low + high) / 2, ends[0][1], None, within=half)


def _doubted(text: str, spans: Sequence[Span], tail: _Tail) -> Value:
    """A number with a unit, and what it is uncertain by."""
    first = _number(text, *spans[0])
    if first is None or text[first.end : spans[0][1]].startswith(tuple(_OPERATORS)):
        hint = "write the uncertainty of an expression under `uncertainty`"
        raise TextError("misplaced-doubt", "± stands behind a number", spans[0][1], len(text), hint=hint)
    found = _numbers(text, spans, tail, "a value and its uncertainty")
    own_units = found[0][1] is not None
    if not tail.unit:
        _refuse_ambiguous(text, found)
    (number, unit), *others = _in_units(text, found, tail)
    doubts = [Amount(doubt * unit.factor, relative=False) for doubt in number.doubts]
    for (other, of), span in zip(others, spans[1:], strict=True):
        if number.doubts or other.doubts:
            message = "an uncertainty in brackets stands beside one behind ±"
            raise TextError("contradictory-doubt", message, *span, hint="write one of them")
        size = other.size * of.factor
        doubts.append(_amount(size, of, unit, span) if own_units else Amount(_positive(size, span), False))
    size = number.size * unit.factor + unit.zero
    if not size and any(doubt.relative for doubt in doubts):
        raise TextError("misplaced-percentage", NOTHING_OF_ZERO, spans[1][0], len(text), hint=AN_AMOUNT)
    return Value(
        text,
        size,
        unit,
        None,
        uncertainty=in_quadrature(doubts, size) if doubts else None,
        last_digit=number.last_digit * unit.factor / 2,
        decimal_point=number.decimal_point,
    )


def _expression(text: str) -> Value:
    if text.lstrip().startswith("["):
        raise TextError("invalid-range", "this is no range", 0, len(text), hint=_RANGES)
    if beside := _NUMBER_BESIDE_NAME.search(text):
        message = "a value is a number with a unit or an expression, never a mixture"
        hint = "write * between a number and a constant"
        if power := _POWER_OF_TEN.match(text):
            hint = f"write 1e{power[1]}{text[power.end() :]}"
        elif _is_unit(text[beside.start() + 1 :]):
            hint = "write one number in front of a unit, as in 0.5 kg"
        raise TextError("missing-operator", message, beside.start(), beside.end(), hint=hint)
    return Value(text, None, None, parse(text))


def _is_unit(text: str) -> bool:
    try:
        parse_scale(text.strip())
    except TextError:
        return False
    return True


# ---------------------------------------------------------------- doubts


NOTHING_OF_ZERO = "a percentage of zero is no doubt"
AN_AMOUNT = "write an amount in the unit of the value"


def _amount(size: Fraction, of: Unit, unit: Unit | None, span: Span) -> Amount:
    """What is stated in the unit `of` for a value in `unit`."""
    _positive(size, span)
    if of.text in PERCENTAGES:
        if unit is not None and unit.zero:
            message = f"a percentage of a temperature in {unit.text} depends on where its zero is"
            raise TextError("misplaced-percentage", message, *span, hint="write an amount, or the value in K")
        return Amount(size, relative=True)
    if of == ONE and (unit is None or not unit.dimension.is_dimensionless):
        way = "write 10 %, or an amount with a unit"
        raise TextError("missing-unit", "a doubt needs a unit here", *span, hint=way)
    if unit is not None and of.dimension != unit.dimension:
        message = f"a doubt in {of.text} for {f'a value in {unit.text}' if unit.text else 'a pure number'}"
        way = "write 10 %, or an amount in the unit of the value"
        raise TextError("mixed-dimensions", message, *span, hint=way, details=_dimensions(unit, of))
    return Amount(size, relative=False)


def _dimensions(*units: Unit) -> tuple[str, ...]:
    told = [(unit.text or "1", unit.dimension) for unit in units]
    return () if all(text == str(dimension) for text, dimension in told) else aligned(told)


def _positive(size: Fraction, span: Span) -> Fraction:
    if size <= 0:
        hint = "write it without its sign" if size < 0 else "`exact: true` takes all doubt away"
        raise TextError("impossible-doubt", "a doubt is greater than zero", *span, hint=hint)
    return size


# ---------------------------------------------------------------- what can be misread

_QUOTES = "“”„‘’«»"
_ABOUT = re.compile(r"\s*(?:[~≈∼≃≲≳]|(?:about|approx[a-z]*\.?|circa|ca\.?)\s+[0-9])")
_LABEL = re.compile(r"\(\s*(?:stat|sys|exp|th)[a-z]*\.?\s*\)", re.IGNORECASE)
_NUMBER_BESIDE_NAME = re.compile(r"[0-9.½¼¾]\s+[^\W\d]")
_POWER_OF_TEN = re.compile(r"\s*10\s*(?:\^|\*\*)\s*([-−]?[0-9]+)(?=\s)")
_UP_AND_DOWN = re.compile(
    r"\^\{|(?:\+\s?[0-9.]+\s?/?\s?[-−]|[-−]\s?[0-9.]+\s?/?\s?\+)\s?[0-9.]+\s+[^\W\d]"
    r"|(?<=\s)(?:\+[0-9.]+\s?/?\s?[-−]|[-−][0-9.]+\s?/?\s?\+)[0-9.]+\s*$"
)
_FROM_TO = re.compile(r"[–—]\s*[0-9.]+|[-−]\s*[0-9.]+\s+[^\W\d]")
_RANGES = 'write 2.9 to 3.1 s, or "[2.9, 3.1] s" in quotes'


def _refuse_unreadable(text: str) -> None:
    if not text.strip():
        raise TextError("empty-value", "a value is missing", 0, len(text))
    if len(text) > MAX_LENGTH:
        raise TextError("oversized-text", f"a value has at most {MAX_LENGTH} characters", 0, len(text))
    if _NOT_FINITE.match(text):
        raise TextError("infinite-value", "a value is a finite number", 0, len(text))
    if (quote := text.lstrip()[0]) in _QUOTES:
        message, way = f"{quote} is no quotation mark of YAML", 'leave it out, or write "'
        raise TextError("unquoted-text", message, text.index(quote), text.index(quote) + 1, hint=way)
    if text.strip() in ("~", "null"):
        raise TextError(
            "empty-value", "a value is missing", 0, len(text), hint="write it, or leave the key out"
        )
    if _ABOUT.match(text):
        raise TextError(
            "vague-value",
            "this says nothing of how good a value is",
            0,
            len(text),
            hint="write 5 ± 1 s, or a range",
        )


def _refuse_slips(text: str, number: _Number) -> None:
    """Behind a number: two different uncertainties, or the other end of a range behind a dash."""
    if _UP_AND_DOWN.match(text, number.end):
        hint = "state the larger one as `uncertainty`, or a range such as 12.1 to 12.6 s"
        raise TextError(
            "asymmetric-uncertainty",
            "an uncertainty is the same upwards and downwards",
            number.end,
            len(text),
            hint=hint,
        )
    if _FROM_TO.match(text, number.end):
        way = f"write {_plain(text, number)} to {text[number.end :].lstrip('-−–— ')}"
        message = "a range is not written with a dash"
        raise TextError("invalid-range", message, number.end, len(text), hint=way)


def _refuse_ambiguous(text: str, found: Sequence[Measured]) -> None:
    """Of numbers joined by ±: a percentage that may be of the value or in its unit, and a power of ten that
    may be that of both."""
    (value, unit), *others = found
    for other, of in others:
        if of is not None and of.text in PERCENTAGES and (unit is None or unit.text in PERCENTAGES):
            hint = f"write ({_plain(text, value)} ± {_plain(text, other)}) {of.text}, or plain numbers"
            raise TextError(
                "ambiguous-doubt", "this percentage can be read two ways", other.start, len(text), hint=hint
            )
        if other.has_exponent and not value.has_exponent and unit is None:
            hint = "write it behind brackets around both, as in (6.674 ± 0.001)e-11"
            raise TextError(
                "ambiguous-doubt", "this power of ten can be read two ways", other.start, len(text), hint=hint
            )


def _plain(text: str, number: _Number) -> str:
    return text[number.start : number.end].strip()
