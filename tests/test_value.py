"""Values keep the number, the unit and the doubt exactly as written."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import TextError
from checker.expression import parse
from checker.units import ONE, parse_unit
from checker.value import Amount, parse_amount, parse_value, rounding, shown


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
    ],
)
def test_a_number_with_a_unit_is_exact_in_si(text: str, number: str, unit: str) -> None:
    """The number is that of the digits, in coherent SI, and the unit stays as written."""
    value = parse_value(text)
    assert value.number == Fraction(number)
    assert value.unit is not None and value.unit.text == unit
    assert value.expression is None


@pytest.mark.parametrize(
    ("text", "uncertainty", "last_digit"),
    [
        ("0.8775(51) fm", "0.0051e-15", "0.00005e-15"),
        ("6.67430(15)e-11 m^3/(kg s^2)", "0.00015e-11", "0.000005e-11"),
        ("0.8775(51)e0", "0.0051", "0.00005"),
        ("1 233 607 216.4(3.2) MHz", "3.2e6", "0.05e6"),
        ("878.35(43) s", "0.43", "0.005"),
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
        ("1,5 m", "write a decimal point"),
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


@given(st.text(alphabet="0123456789.()e-+ mhp%/*±,_∞\u2009x^⁻²", max_size=25))
def test_any_text_is_a_value_or_a_text_error(text: str) -> None:
    """No text makes the reader fail in another way, and a value is a number or an expression."""
    try:
        value = parse_value(text)
    except TextError:
        return
    assert (value.number is None) != (value.expression is None)


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
    ],
)
def test_a_magnitude_is_shown_in_its_unit(number: float, unit: str, text: str) -> None:
    """Four digits, plain decimals where they can be read, powers of ten elsewhere."""
    assert shown(number, parse_unit(unit)) == text


def test_digits_can_be_chosen() -> None:
    """More digits show what four would hide."""
    assert shown(887.7123, parse_unit("s"), digits=6) == "887.712 s"
    assert shown(2.0, ONE, digits=2) == "2.0"
