"""Values keep the number, the unit and the doubt exactly as written."""

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pint import UnitRegistry
from uncertainties import ufloat, ufloat_fromstr

from checker.errors import TextError
from checker.expression import parse
from checker.units import ONE, parse_scale, parse_unit
from checker.value import Amount, in_quadrature, rounding, shown, shown_with, sign_is_certain
from checker.value_text import parse_amount, parse_given, parse_single, parse_value


def absolute(size: str) -> Amount:
    return Amount(Fraction(size), relative=False)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("31 pm", "31e-12", "pm"),
        ("31pm", "31e-12", "pm"),
        ("-3 m", "-3", "m"),
        ("−3 m", "-3", "m"),
        ("0.8775(51) fm", "0.8775e-15", "fm"),
        ("6.67430(15)e-11 m^3/(kg s^2)", "6.67430e-11", "m^3/(kg s^2)"),
        ("1 233 607 216.4(3.2) MHz", "1233607216.4e6", "MHz"),
        ("1.602 176 634 e-19 C", "1.602176634e-19", "C"),
        ("6.674×10⁻¹¹ m^3", "6.674e-11", "m^3"),
        ("6.674*10^-11 m^3", "6.674e-11", "m^3"),
        ("1.5 h", "5400", "h"),
        ("2 e", "3.204353268e-19", "e"),
        ("2.5 1/s", "2.5", "1/s"),
        ("0.123 1/s", "0.123", "1/s"),
        (".5 m", "0.5", "m"),
        ("10 %", "0.1", "%"),
        ("1e-31", "1e-31", ""),
        ("0.5", "0.5", ""),
        ("0.067 m_e", "0.067", "m_e"),
        ("20 °C", "293.15", "°C"),
        ("20.0(5) degC", "293.15", "degC"),
        ("-40 °F", "233.15", "°F"),
        ("-40 °C", "233.15", "°C"),
        ("5 delta_degC", "5", "delta_degC"),
    ],
)
def test_a_number_with_a_unit_is_exact_in_si(text: str, number: str, unit: str) -> None:
    """The number is that of the digits, in coherent SI, and the unit stays as written."""
    value = parse_value(text)
    assert value.unit is not None and value.unit.text == unit
    assert value.number == Fraction(number) * (value.unit.factor if unit == "m_e" else 1)
    assert value.expression is None


@pytest.mark.parametrize(
    ("text", "uncertainty", "last_digit"),
    [
        ("0.8775(51) fm", "0.0051e-15", "0.00005e-15"),
        ("6.67430(15)e-11 m^3/(kg s^2)", "0.00015e-11", "0.000005e-11"),
        ("0.8775(51)e0", "0.0051", "0.00005"),
        ("1 233 607 216.4(3.2) MHz", "3.2e6", "0.05e6"),
        ("878.35(43) s", "0.43", "0.005"),
        ("887.7(2.25) s", "2.25", "0.05"),
        ("12(3) km", "3000", "500"),
    ],
)
def test_digits_in_brackets_belong_to_the_last_digits(text: str, uncertainty: str, last_digit: str) -> None:
    """0.8775(51) is uncertain by 0.0051, (3.2) by 3.2, and half a last digit is kept apart from that."""
    value = parse_value(text)
    assert value.uncertainty == absolute(uncertainty)
    assert value.last_digit == Fraction(last_digit)


@pytest.mark.parametrize("text", ["h/(2*e)", "1.5*h", "2*e", "h/2e", "-h", "1/2", "½", "2^2", "m_e"])
def test_constants_make_an_expression(text: str) -> None:
    """What has an operator after its number, or no number at all, has neither number nor unit."""
    value = parse_value(text)
    assert value.expression == parse(text)
    assert (value.number, value.unit, value.last_digit) == (None, None, None)


@pytest.mark.parametrize("text", ["1/2 h", "½ h", "h + 2 m"])
def test_a_mixture_of_number_unit_and_constants_is_refused(text: str) -> None:
    """Whether the h of `1/2 h` is an hour or Planck's constant, nobody can tell."""
    with pytest.raises(TextError, match="mixture"):
        parse_value(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,5 m", "write 1.5 m"),
        ("31 pn", "did you mean 'pN' or 'PN'?"),
        ("20 J/degC", "write K, or delta_degC for its steps"),
        ("2n", "write 2*n if n is a constant or a parameter"),
        ("0(x)", "write * to multiply"),
    ],
)
def test_a_wrong_value_gets_a_hint(text: str, hint: str) -> None:
    """The usual slips are told how to write it instead."""
    with pytest.raises(TextError) as raised:
        parse_value(text)
    assert raised.value.hint == hint


def test_a_unit_error_is_placed_in_the_whole_text() -> None:
    """Offsets count from the start of the value, not of the unit."""
    with pytest.raises(TextError) as raised:
        parse_value("31 kg*metr")
    assert (raised.value.start, raised.value.end) == (6, 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        ".nan",
        "-inf",
        ".inf",
        "NaN m",
        "1e999",
        "1e999999999999",
        "1" * 500,
        "9" * 10_001,
        "1_000",
        "12 34 m",
        "1 0000 m",
        "1.2.3 m",
        "12:30:45",
        "3 m 4",
        "1(0) m",
        "0x10",
        "h = 2",
        "h/(2*e",
        "1×10⁻ m",
    ],
)
def test_what_is_no_value_is_a_text_error(text: str) -> None:
    """Not-a-number, infinities, overlarge and broken texts are refused."""
    with pytest.raises(TextError):
        parse_value(text)


@given(
    st.text(alphabet="0123456789.()e-+ mhp%/*±,_∞\u2009x^⁻²[]<>=°C", max_size=25)
    | st.lists(
        st.sampled_from(
            [*"0123456789.±[]()<-%/h ", " to ", ", ", ">= ", "e-3", "(4)", " s", " °C", "+/-", " … "]
        ),
        max_size=14,
    ).map("".join)
)
def test_any_text_is_a_value_or_a_text_error(text: str) -> None:
    """No text makes the reader fail in another way, a value is a number or an expression, and a mistake has
    its place in the text."""
    try:
        value = parse_given(text)
    except TextError as error:
        assert 0 <= error.start <= len(text)
        assert error.start <= error.end <= max(len(text), error.start + 1)
        return
    assert (value.number is None) != (value.expression is None)
    assert all(amount is None or amount.size > 0 for amount in (value.within, value.uncertainty))
    assert value.text == text


@given(
    digits=st.integers(1, 10**12),
    decimals=st.integers(0, 8),
    doubt=st.integers(1, 999),
    exponent=st.integers(-40, 40),
)
def test_written_values_read_back(digits: int, decimals: int, doubt: int, exponent: int) -> None:
    """A number printed with uncertainty and exponent comes back exactly."""
    text = f"{digits:0{decimals + 1}d}"
    mantissa = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    value = parse_value(f"{mantissa}({doubt})e{exponent} km")
    unit = 1000 * Fraction(10) ** (exponent - decimals)
    assert value.number == digits * unit
    assert value.uncertainty == Amount(doubt * unit, relative=False)
    assert value.last_digit == unit / 2
    assert value.decimal_point == (decimals > 0)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("10 %", Amount(Fraction(1, 10), relative=True)),
        ("5 ppm", Amount(Fraction(5, 10**6), relative=True)),
        ("2 pm", absolute("2e-12")),
        ("0.1 Å", absolute("1e-11")),
    ],
)
def test_a_doubt_is_relative_or_absolute(text: str, amount: Amount) -> None:
    """Percentages are fractions of the value, everything else is an amount in SI."""
    assert parse_amount(text, parse_unit("pm")) == amount
    assert parse_amount(text, None) == amount


def test_a_bare_doubt_fits_a_bare_number_only() -> None:
    """0.1 is absolute for a number without unit; for a length or an unknown dimension it is an error."""
    assert parse_amount("0.1", ONE) == absolute("0.1")
    for unit in (parse_unit("pm"), None):
        with pytest.raises(TextError):
            parse_amount("0.1", unit)


@pytest.mark.parametrize("text", ["2 s", "0 pm", "-2 pm", "0 %", "2(1) pm", "h/2", "x", ""])
def test_what_is_no_doubt_is_a_text_error(text: str) -> None:
    """A wrong dimension, zero, negative amounts and expressions are refused."""
    with pytest.raises(TextError):
        parse_amount(text, parse_unit("pm"))


@pytest.mark.parametrize(
    ("text", "status", "half"),
    [
        ("31 pm", "measurement", "0.5e-12"),
        ("31 pm", "stated", None),
        ("31.0 pm", "stated", "0.05e-12"),
        ("31.0 pm", "definition", "0.05e-12"),
        ("2e3 m", "measurement", "500"),
        ("0.8775(51) fm", "measurement", None),
        ("h/(2*e)", "measurement", None),
    ],
)
def test_a_value_is_rounded_where_its_digits_end(text: str, status: str, half: str | None) -> None:
    """Measurements and decimals are good to half a last digit, unless a doubt is stated."""
    assert rounding(parse_value(text), status) == (None if half is None else Fraction(half))


def test_an_exact_or_bounded_value_is_not_rounded() -> None:
    """`exact` and `within` both take the place of rounding."""
    value = parse_value("31.0 pm")
    bounded = replace(value, within=absolute("1e-12"))
    exact = replace(value, exact=True)
    assert rounding(bounded, "measurement") is None
    assert rounding(exact, "measurement") is None


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (7.5597e-12, "pm", "7.560 pm"),
        (2.067833848e-15, "Wb", "2.068e-15 Wb"),
        (3.1e-11, "pm", "31.00 pm"),
        (-3.1e-11, "pm", "-31.00 pm"),
        (887.7, "s", "887.7 s"),
        (123456.0, "m", "123456 m"),
        (9.99999, "m", "10.00 m"),
        (0.001234, "m", "0.001234 m"),
        (0.1, "%", "10.00 %"),
        (0.0, "m", "0 m"),
        (2.5e20, "m", "2.500e20 m"),
        (4.1, "1", "4.100"),
        (293.15, "°C", "20.00 °C"),
        (273.15, "°C", "0 °C"),
        (233.15, "°F", "-40.00 °F"),
    ],
)
def test_a_magnitude_is_shown_in_its_unit(number: float, unit: str, text: str) -> None:
    """Four digits, plain decimals where they can be read, powers of ten elsewhere."""
    assert shown(number, parse_scale(unit)) == text


def test_digits_can_be_chosen() -> None:
    """More digits show what four would hide."""
    assert shown(887.7123, parse_unit("s"), digits=6) == "887.712 s"
    assert shown(2.0, ONE, digits=2) == "2.0"


# ---------------------------------------------------------------- uncertainties behind ±


@pytest.mark.parametrize(
    ("text", "number", "size"),
    [
        ("12.3 ± 0.4 s", "12.3", "0.4"),
        ("12.3±0.4s", "12.3", "0.4"),
        ("12.3 +/- 0.4 s", "12.3", "0.4"),
        ("12.3 +- 0.4 s", "12.3", "0.4"),
        ("(12.3 ± 0.4) s", "12.3", "0.4"),
        ("-12.3 ± 0.4 s", "-12.3", "0.4"),
        ("12.3 s ± 0.4 s", "12.3", "0.4"),
        ("12.3 s ± 400 ms", "12.3", "0.4"),
        ("12.3 s ± 2 %", "12.3", "0.246"),
        ("12.3 ± 0.3 ± 0.4 s", "12.3", "0.5"),
        ("12.3 ±0.3 ±0.4 s", "12.3", "0.5"),
        ("12.3(3)(4) s", "12.3", "0.5"),
        ("12.3(0.3)(0.4) s", "12.3", "0.5"),
        ("12.30(2)(3)(6)e0 s", "12.30", "0.07"),
        ("10 s ± 3 % ± 0.4 s", "10", "0.5"),
        ("(6.674 ± 0.001)e-11 s", "6.674e-11", "1e-14"),
        ("(6.674 ± 0.001)×10⁻¹¹ s", "6.674e-11", "1e-14"),
        ("6.674e-11 ± 1e-14 s", "6.674e-11", "1e-14"),
        ("1.5e3 ± 20 s", "1500", "20"),
        ("0.3 ± 0.5 s", "0.3", "0.5"),
        ("0 ± 0.5 s", "0", "0.5"),
        ("(12.3 ± 2) %", "0.123", "0.02"),
        ("20.0 ± 0.5 °C", "293.15", "0.5"),
        ("68 ± 9 °F", "293.15", "5"),
        ("20 °C ± 0.5 K", "293.15", "0.5"),
    ],
)
def test_what_stands_behind_plus_minus_is_one_standard_deviation(text: str, number: str, size: str) -> None:
    """In either unit, as a percentage, with one power of ten for both; of a temperature it is a difference;
    several independent ones are added in quadrature. Such a value is not rounded besides."""
    value = parse_value(text)
    assert value.number is not None and value.uncertainty is not None
    assert value.number == Fraction(number)
    assert in_quadrature([value.uncertainty, value.uncertainty], value.number).relative == (
        value.uncertainty.relative
    )
    relative = value.uncertainty.relative
    assert value.uncertainty.size * (abs(value.number) if relative else 1) == Fraction(size)
    assert rounding(value, "measurement") is None


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("12.3 ± 0 s", "a doubt is greater than zero", "0 s"),
        ("12.3 ± -0.4 s", "a doubt is greater than zero", "-0.4 s"),
        ("12.3(0) s", "a doubt is greater than zero", "0"),
        ("12.3 ± 0.4 ± 0 s", "a doubt is greater than zero", "0 s"),
        ("12(3) ± 4 s", "an uncertainty in brackets stands beside one behind ±", "4 s"),
        ("12 ± 4(1) s", "an uncertainty in brackets stands beside one behind ±", "4(1) s"),
        ("1.25(3.4) s", "an uncertainty with a decimal point has fewer decimals than its value", "3.4"),
        ("12.3 ± 2 %", "this percentage can be read two ways", "2 %"),
        ("12.3 % ± 2 %", "this percentage can be read two ways", "2 %"),
        ("12.3 ± 2 ppm", "this percentage can be read two ways", "2 ppm"),
        ("6.674 ± 0.001e-11 m", "this power of ten can be read two ways", "0.001e-11 m"),
        ("12.3 s ± 4 kg", "a number in kg beside one in s", "4 kg"),
        ("12.3 s ± 4", "a unit is missing here", "4"),
        ("12.3 ± 4 s ± 5", "this number has a unit, the first has none", "4 "),
        ("(12.3 s ± 4 s) m", "a unit stands in the brackets and behind them", "s "),
        ("(1e3 ± 1)e3 m", "a power of ten stands in the brackets and behind them", "1e3"),
        ("(1 ± 0.1)*2", "what is in doubt is no part of an expression", "*2"),
        ("0 s ± 2 %", "a percentage of zero is no doubt", "2 %"),
        ("20 °C ± 2 %", "a percentage of a temperature in °C depends on where its zero is", "2 %"),
        ("5 ± inf s", "a value and its uncertainty are finite", "inf s"),
        ("5 s ± h", "a value and its uncertainty are numbers", "h"),
        ("h ± 1 s", "± stands behind a number", " ± 1 s"),
        (
            "1.3 ± 0.4 (stat) ± 0.3 (syst) s",
            "digits in brackets after a number are its uncertainty",
            "(stat)",
        ),
        ("12.3 +0.3 -0.2 s", "an uncertainty is the same upwards and downwards", "+0.3 -0.2 s"),
        ("12.3 +0.3/-0.2 s", "an uncertainty is the same upwards and downwards", "+0.3/-0.2 s"),
        ("12.3 -0.2 +0.3", "an uncertainty is the same upwards and downwards", "-0.2 +0.3"),
        ("12.3^{+0.3}_{-0.2} s", "an uncertainty is the same upwards and downwards", "^{+0.3}_{-0.2} s"),
        ("~ 5 s", "this says nothing of how good a value is", "~ 5 s"),
    ],
)
def test_a_doubt_that_is_none_or_two_is_marked(text: str, message: str, marked: str) -> None:
    """What is wrong with an uncertainty is said at the characters that write it."""
    with pytest.raises(TextError) as raised:
        parse_value(text)
    assert raised.value.message == message
    assert text[raised.value.start : raised.value.end].rstrip() == marked.rstrip()


def test_numbers_added_and_subtracted_stay_an_expression() -> None:
    """Only what is written like two different uncertainties is refused; spaced signs calculate."""
    assert parse_value("1 + 2 - 3").expression == parse("1 + 2 - 3")
    assert parse_value("2*h + 3*h - h").expression == parse("2*h + 3*h - h")


@given(
    number=st.integers(-(10**9), 10**9),
    doubts=st.lists(st.integers(1, 10**6), min_size=1, max_size=4),
    exponent=st.integers(-30, 30),
)
def test_the_ways_to_write_uncertainties_agree(number: int, doubts: list[int], exponent: int) -> None:
    """Brackets, ± and one power of ten behind both say the same value, and √(a² + b² + …) of it."""
    brackets = "".join(f"({doubt})" for doubt in doubts)
    joined = " ± ".join(str(doubt) for doubt in doubts)
    each = " ± ".join(f"{doubt}e{exponent} m" for doubt in doubts)
    texts = [
        f"{number}{brackets}e{exponent} m",
        f"({number} ± {joined})e{exponent} m",
        f"{number}e{exponent} m ± {each}",
    ]
    values = [parse_value(text) for text in texts]
    assert {value.number for value in values} == {number * Fraction(10) ** exponent}
    (size,) = {value.uncertainty.size for value in values if value.uncertainty}
    assert float(size) == pytest.approx(math.sqrt(sum(d**2 for d in doubts)) * 10.0**exponent, rel=1e-12)


@given(
    nominal=st.floats(1e-20, 1e20) | st.floats(-1e20, -1e-20),
    relative=st.floats(1e-6, 2.0),
    style=st.sampled_from(["", "S", "P", "e", "Pe", "Se"]),
)
def test_values_printed_by_uncertainties_are_read(nominal: float, relative: float, style: str) -> None:
    """12.3+/-0.4, 12.3(4) and (1.23±0.04)×10¹, as that package prints them, are what it reads them as."""
    text = f"{ufloat(nominal, abs(nominal) * relative):{style}}"
    assume("nan" not in text and "(0" not in text)
    read, value = ufloat_fromstr(text), parse_value(text)
    assert value.number is not None and value.uncertainty is not None
    assert float(value.number) == pytest.approx(read.nominal_value, rel=1e-14)
    assert float(value.uncertainty.size) == pytest.approx(read.std_dev, rel=1e-14)


@given(st.lists(st.fractions(Fraction(1, 10**6), 10**6), min_size=1, max_size=5))
def test_independent_uncertainties_add_as_in_the_uncertainties_package(sizes: list[Fraction]) -> None:
    """The doubt of a sum of independent values is what its components make together, in any order and
    unit."""
    amounts = [Amount(size, relative=False) for size in sizes]
    together = in_quadrature(amounts, Fraction(1)).size
    first, *others = [ufloat(0, float(size)) for size in sizes]
    peer = sum(others, first)
    assert float(together) == pytest.approx(peer.std_dev, rel=1e-12)
    assert in_quadrature(amounts[::-1], None).size == together
    scaled = in_quadrature([Amount(size * 1000, relative=False) for size in sizes], None).size
    assert float(scaled) == pytest.approx(float(together * 1000), rel=1e-15)


def test_a_percentage_beside_an_amount_needs_the_number_that_it_is_of() -> None:
    """3 % of 10 and 0.4 make 0.5; of an expression whose value is not known here, nothing can be said."""
    amounts = [Amount(Fraction(3, 100), relative=True), absolute("0.4")]
    assert in_quadrature(amounts, Fraction(10)) == absolute("0.5")
    with pytest.raises(ValueError, match="percentage"):
        in_quadrature(amounts, None)
    assert in_quadrature([amounts[0]] * 4, None) == Amount(Fraction(6, 100), relative=True)


# ---------------------------------------------------------------- ranges


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("[2.9, 3.1] s", "2.9", "3.1"),
        ("[2.9,3.1]s", "2.9", "3.1"),
        ("[2.9; 3.1] s", "2.9", "3.1"),
        ("[2.9 s, 3.1 s]", "2.9", "3.1"),
        ("[2.9, 3.1]e-3 s", "2.9e-3", "3.1e-3"),
        ("2.9 to 3.1 s", "2.9", "3.1"),
        ("2.9 … 3.1 s", "2.9", "3.1"),
        ("2.9...3.1 s", "2.9", "3.1"),
        ("2...3 s", "2", "3"),
        ("2.9 s to 3.1 s", "2.9", "3.1"),
        ("900 ms to 1.1 s", "0.9", "1.1"),
        ("-3 to -2 s", "-3", "-2"),
        ("0 to 3", "0", "3"),
        ("5 to 10 %", "0.05", "0.1"),
        ("20 to 25 °C", "293.15", "298.15"),
        ("[-40, 68] °F", "233.15", "293.15"),
    ],
)
def test_a_range_is_its_middle_within_half_its_width(text: str, low: str, high: str) -> None:
    """The true value lies between the ends as written, which are exact."""
    value = parse_value(text)
    half = (Fraction(high) - Fraction(low)) / 2
    assert value.number == Fraction(low) + half
    assert value.within == Amount(half, relative=False)
    assert (value.uncertainty, rounding(value, "measurement"), value.is_range) == (None, None, True)


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("[3, 3] s", "this range is a single value", "3, 3"),
        ("1 s to 1000 ms", "this range is a single value", "1 s to 1000 ms"),
        ("3.1 to 2.9 s", "this range ends below its beginning", "3.1 to 2.9 s"),
        ("[2,9, 3,1] s", "a range has two ends, not 4", "2,9, 3,1"),
        ("[3] s", "a range has two ends, not 1", "3"),
        ("1 to 2 to 3 s", "a range has two ends, not 3", "1 to 2 to 3 s"),
        ("2(1) to 3 s", "the ends of a range have no doubt of their own", "2(1)"),
        ("2 to 3 ± 1 s", "the ends of a range have no doubt of their own", "3 ± 1 s"),
        ("2 kg to 3 s", "a number in s beside one in kg", "3 s"),
        ("2 s to 3", "a unit is missing here", "3"),
        ("[0, inf] s", "the ends of a range are finite", "inf"),
        ("h to 3 s", "the ends of a range are numbers", "h"),
        ("[2.9, 3.1 s", "this is no range", "[2.9, 3.1 s"),
        ("2.9–3.1 s", "a range is not written with a dash", "–3.1 s"),
        ("2.9 - 3.1 s", "a range is not written with a dash", "- 3.1 s"),
    ],
)
def test_what_is_no_range_is_marked(text: str, message: str, marked: str) -> None:
    """A range upside down, empty or with doubtful ends is refused where it stands."""
    with pytest.raises(TextError) as raised:
        parse_value(text)
    assert raised.value.message == message
    assert text[raised.value.start : raised.value.end].rstrip() == marked


@given(
    low=st.integers(-(10**6), 10**6),
    width=st.integers(1, 10**6),
    decimals=st.integers(0, 5),
    unit=st.sampled_from(["m", "km", "°C", "%"]),
)
def test_a_range_reads_the_same_in_each_way(low: int, width: int, decimals: int, unit: str) -> None:
    """Brackets, `to` and the dots are one thing, and the ends come back exactly."""
    ends = [f"{end / 10**decimals:.{decimals}f}" for end in (low, low + width)]
    one, two = ends
    texts = [f"[{one}, {two}] {unit}", f"{one} to {two} {unit}", f"{one} {unit} … {two} {unit}"]
    first, *others = [replace(parse_value(text), text="") for text in texts]
    assert others == [first, first]
    assert first.number is not None and first.within is not None and first.unit is not None
    of = first.unit
    assert first.number - first.within.size == Fraction(one) * of.factor + of.zero
    assert first.number + first.within.size == Fraction(two) * of.factor + of.zero


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("text", "relation", "number"),
    [
        ("< 0.8 eV", "<", "0.8"),
        ("<0.8 eV", "<", "0.8"),
        ("<= 0.8 eV", "<=", "0.8"),
        ("≤ 0.8 eV", "<=", "0.8"),
        ("> 5 eV", ">", "5"),
        (">= 5 eV", ">=", "5"),
        ("≥ -5 eV", ">=", "-5"),
    ],
)
def test_a_bound_is_exact_as_it_is_written(text: str, relation: str, number: str) -> None:
    """No digit of a limit is taken to be rounded, and the statement prints as it was written."""
    value = parse_given(text)
    assert (value.relation, value.number) == (relation, Fraction(number) * parse_unit("eV").factor)
    assert (value.uncertainty, value.within, rounding(value, "measurement")) == (None, None, None)
    assert value.says_of("E") == f"E {text}"
    assert parse_value("5 eV").says_of("E") == "E = 5 eV"


def test_a_bound_may_be_an_expression() -> None:
    """A limit in terms of constants stays one."""
    value = parse_given(">= 2*m_e*c^2")
    assert (value.relation, value.number, value.expression) == (">=", None, parse("2*m_e*c^2"))


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("< 0.8(1) eV", "a bound has no uncertainty of its own", "0.8(1) eV"),
        ("< 0.8 ± 0.1 eV", "a bound has no uncertainty of its own", "0.8 ± 0.1 eV"),
        ("< 1 to 2 eV", "one value stands here, not a range", "< 1 to 2 eV"),
        ("< > 2 eV", "a value stands here, not a bound", ">"),
        ("< 5 eW", "unit 'eW' is not known", "eW"),
        ("<", "a value is missing", "<"),
        ("< inf", "a value is a finite number", "< inf"),
    ],
)
def test_a_bound_that_is_none_is_marked(text: str, message: str, marked: str) -> None:
    """A limit has one number, without doubt."""
    with pytest.raises(TextError) as raised:
        parse_given(text)
    assert raised.value.message == message
    assert text[raised.value.start : raised.value.end] == marked


def test_only_a_given_may_be_a_bound() -> None:
    """Constants, defaults, parameters and examples have values; the last two have one each."""
    with pytest.raises(TextError, match="not a bound"):
        parse_value("< 5 m")
    with pytest.raises(TextError, match="not a range"):
        parse_single("4 to 5 m")
    assert parse_single("5 m") == parse_value("5 m") == parse_given("5 m")


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("0 to 3 m", True),
        ("-3 to 0 m", True),
        ("-1 to 3 m", False),
        ("0 ± 1 m", False),
        ("0 m", True),
        ("h", True),
    ],
)
def test_a_sign_is_certain_where_no_bound_reaches_beyond_zero(text: str, certain: bool) -> None:
    """What is taken as a size with a sign must not be in doubt about its sign."""
    assert sign_is_certain(parse_value(text)) == certain


# ---------------------------------------------------------------- temperatures


@given(
    st.decimals(-200, 10_000, places=2), st.sampled_from([("°C", "degC"), ("°F", "degF")]), st.integers(3, 9)
)
def test_temperatures_are_converted_as_by_pint(number: object, scale: tuple[str, str], digits: int) -> None:
    """Degrees to kelvin as pint has them; a printed value is read again as it was."""
    ours, theirs = scale
    value = parse_value(f"{number} {ours}")
    assert value.number is not None and value.unit is not None
    kelvin = PINT.Quantity(float(str(number)), theirs).to("K").magnitude
    assert float(value.number) == pytest.approx(kelvin, rel=1e-12)
    again = parse_value(shown(float(value.number), value.unit, digits)).number
    assert again is not None
    assert float(again) == pytest.approx(kelvin, abs=2 * 10.0 ** (5 - digits))


PINT = UnitRegistry()


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e6), st.sampled_from(["m", "km", "pm", "°C", "°F", "%", ""]))
def test_a_printed_uncertainty_is_read_again(number: float, spread: float, unit: str) -> None:
    """What reports print with its uncertainty in brackets is a value of that size and that uncertainty, to
    the two digits of it that are shown."""
    scale = parse_scale(unit) if unit else ONE
    step = float(scale.factor)
    text = shown_with(number * step + float(scale.zero), spread * step, scale)
    value = parse_value(text)
    assert value.number is not None
    if value.uncertainty is None:
        assert spread < 1e-14 * max(abs(number), 1.0)
        return
    read = float(value.uncertainty.size) / step
    assert read == pytest.approx(spread, rel=0.06)
    assert float((value.number - scale.zero) / scale.factor) == pytest.approx(number, abs=spread, rel=1e-9)


def test_the_last_digit_of_a_temperature_is_a_difference() -> None:
    """20.0 °C is good to 0.05 K, 68 °F as a measurement to 5/18 K, and ± 1 °C is ± 1 K."""
    assert rounding(parse_value("20.0 °C"), "stated") == Fraction("0.05")
    assert rounding(parse_value("68 °F"), "measurement") == Fraction(5, 18)
    assert parse_amount("1 °C", parse_scale("°C")) == absolute("1")
    assert parse_amount("9 °F", parse_unit("K")) == absolute("5")


def test_a_percentage_of_a_temperature_scale_is_refused() -> None:
    """5 % of 20 °C is 1 K or 14.7 K, according to where the zero is."""
    with pytest.raises(TextError, match="where its zero is"):
        parse_amount("5 %", parse_scale("°C"))
    assert parse_amount("5 %", parse_unit("K")).relative
