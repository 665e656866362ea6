"""Expressions are read as physicists write them, and printing, evaluating and measuring agree."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.dimension import DIMENSIONLESS, Dimension
from checker.errors import TextError
from checker.expression import (
    Call,
    DimensionMismatch,
    Expression,
    Name,
    Number,
    Power,
    Product,
    Sum,
    constant,
    dimension_of,
    evaluate,
    names,
    normal,
    parse,
    parse_equation,
    substitute,
    to_text,
)
from checker.units import parse_unit

VALUES = {"a": 2.0, "b": 3.0, "c": 5.0, "x": 7.0, "y": 11.0, "π": math.pi, "e": 1.5, "n": 4.0}


def value_of(name: Name) -> float:
    return VALUES[name.parts[0]]


def number(value: float | str | Fraction) -> Number:
    return Number(Fraction(value))


A, B = Name(("a",)), Name(("b",))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("y/4π", 11 / (4 * math.pi)),
        ("4π²", 4 * math.pi**2),
        ("2e", 3.0),
        ("2e3", 2000.0),
        ("2e3x", 14000.0),
        ("2 π", 2 * math.pi),
        ("1.6e-19", 1.6e-19),
        ("-x^2", -49.0),
        ("2^-a", 0.25),
        ("x^-2", 1 / 49),
        ("x⁻²", 1 / 49),
        ("a^b^a", 2.0**9),
        ("a**b", 8.0),
        ("-2a", -4.0),
        ("y/-2a", -11 / 4),
        ("½x", 3.5),
        ("¾", 0.75),
        ("x - y - c", -9.0),
        ("x - (y - c)", 1.0),
        ("x/a/b", 7 / 6),
        ("x·y × a*b", 462.0),
        ("x−y", -4.0),
        ("1/2a", 0.25),
        ("sqrt(x)^2", 7.0),
        ("2sin(x)", 2 * math.sin(7)),
        ("log10(x) + ln(y)", math.log10(7) + math.log(11)),
        ("min(x, y, a) + max(x, y)", 13.0),
        ("abs(x - y)", 4.0),
        ("sum(a, b, c)", 10.0),
        ("atan(tan(a - 2)) + acos(cos(1)) + asin(sin(1))", 2.0),
        ("cosh(a)^2 - sinh(a)^2", 1.0),
        ("exp(-a)*exp(a) + tanh(0)", 1.0),
    ],
)
def test_an_expression_means_what_a_physicist_reads(text: str, value: float) -> None:
    """Precedence, juxtaposed numbers, superscripts and functions evaluate to the value worked out by hand."""
    assert evaluate(parse(text), value_of) == pytest.approx(value, rel=1e-12)


def test_numbers_are_exact() -> None:
    """1.75 is 7/4, and a number that no float holds is kept to the last digit."""
    assert parse("1.75") == number("7/4")
    assert parse("6.62607015e-34") == number(Fraction(662607015, 10**42))


def test_differences_quotients_and_roots_have_one_form() -> None:
    """A difference holds a product with −1, a quotient a power with −1, a root the exponent 1/2."""
    assert parse("a - b") == Sum((A, Product((number(-1), B))))
    assert parse("a/b") == Product((A, Power(B, number(-1))))
    assert parse("sqrt(a)") == Power(A, number("1/2"))
    assert parse("a^(1/2)") == Power(A, number("1/2"))
    assert parse("-3") == number(-3)


def test_names_that_mean_the_same_are_equal() -> None:
    """Subscripts and digits, both micro signs and both signs for ħ are one spelling."""
    assert parse("ε₀*µ*ℏ") == parse("ε0*μ*ħ")
    assert normal("ε₀") == normal("ε0")
    assert normal("a_0") != normal("a0")


def test_a_dotted_name_keeps_its_place() -> None:
    """A name is split at its dots and knows where it stood."""
    (name,) = names(parse("2*electron.mass"))
    assert name.parts == ("electron", "mass")
    assert (name.start, name.end) == (2, 15)


def test_names_are_listed_as_often_and_in_the_order_they_occur() -> None:
    """From left to right, including what a count is of."""
    found = [".".join(name.parts) for name in names(parse("b*a^2 + sum(parts.q)/count(parts) - b"))]
    assert found == ["b", "a", "parts.q", "parts", "b"]


@pytest.mark.parametrize(
    ("text", "relation"), [("a = b", "="), ("a<b", "<"), ("a ≤ b", "<="), ("a >= b", ">="), ("a > b", ">")]
)
def test_an_equation_has_two_sides_and_a_relation(text: str, relation: str) -> None:
    """All five relations are read, and the text is kept as written."""
    equation = parse_equation(text)
    assert (equation.left, equation.relation, equation.right) == (A, relation, B)
    assert equation.text == text


@pytest.mark.parametrize(
    "text", ["a", "a = b = c", "a == b", "a != b", "a =", "= b", "a =< b", "a < b < c", ""]
)
def test_an_equation_has_exactly_one_comparison(text: str) -> None:
    """None, two, or a programmer's comparison is an error."""
    with pytest.raises(TextError):
        parse_equation(text)


@pytest.mark.parametrize(
    ("text", "start", "hint"),
    [
        ("m v", 2, "write * to multiply"),
        ("2(a + b)", 1, "write * to multiply"),
        ("(a)(b)", 3, "write * to multiply"),
        ("a^2b", 3, "write * to multiply"),
        ("m(a + b)", 0, "write * to multiply: m*(…)"),
        ("sine(x)", 0, "did you mean 'sin'?"),
        ("a + log(x)", 4, "did you mean 'ln' or 'log10'?"),
        ("arcsin(x)", 0, "did you mean 'asin'?"),
        ("a ÷ b", 2, "write /"),
        ("[a]", 0, "write ( and )"),
    ],
)
def test_a_mistake_says_where_and_how_to_mend_it(text: str, start: int, hint: str) -> None:
    """The offset is that of the first wrong character, the hint what to write instead."""
    with pytest.raises(TextError) as raised:
        parse(text)
    assert raised.value.start == start
    assert raised.value.hint == hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9^9^9^9", "an exponent is at most"),
        ("a^101", "an exponent is at most"),
        ("10^(10^10)", "an exponent is at most"),
        ("((1e300^1)^2)^3", "number is too large"),
        ("1e999999999", "at most 400 digits"),
        ("1" * 401, "at most 400 digits"),
        ("1/0", "division by zero"),
        ("(2 - 2)^-1", "division by zero"),
        ("(" * 101 + "a" + ")" * 101, "at most 100 deep"),
        ("(" * 5_000, "at most 100 deep"),
        ("a^" * 150 + "a", "at most 100 deep"),
        ("a" * 10_001, "at most 10000 characters"),
        ("x.__class__", "cannot be a name"),
        ("__import__('os')", "cannot be a name"),
        ("_x", "cannot be a name"),
        ("a.", "has no place"),
        ("a..b", "has no place"),
        ("a +", "something is missing"),
        ("sin()", "something is missing"),
        ("(a", "closing bracket is missing"),
        ("a)", "closes nothing"),
        ("sin(a, b)", "takes one argument"),
        ("count(1)", "takes a name"),
        ("a = b", "comparison"),
        ("  ", "an expression is missing"),
    ],
)
def test_bad_and_explosive_texts_are_refused_by_name(text: str, message: str) -> None:
    """Each ends in a TextError that says what is wrong, before any work is done."""
    with pytest.raises(TextError, match=message):
        parse(text)


@given(st.text(alphabet="ab.2e9+-*/^()=<,π²⁻½ _∑'\n", max_size=40))
def test_any_text_is_an_expression_or_a_text_error(text: str) -> None:
    """No text makes the reader fail in another way, and what it accepts it prints and reads again."""
    try:
        expression = parse(text)
    except TextError:
        return
    assert to_text(parse(to_text(expression))) == to_text(expression)


def test_the_deepest_allowed_text_is_read() -> None:
    """A hundred nested brackets and a sum of thousands of terms are no problem, nor is hashing them."""
    deep = parse("abs(1+" * 100 + "x" + ")" * 100)
    assert evaluate(deep, value_of) == 107.0
    assert hash(deep) == hash(parse(to_text(deep)))
    assert evaluate(parse("+".join(["1"] * 4_000)), value_of) == 4000.0


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2*pi*orbit_radius / speed", "2·pi·orbit_radius/speed"),
        ("½*m_e*v^2", "m_e·v²/2"),
        ("h/(n*e)", "h/(n·e)"),
        ("a/b/c", "a/(b·c)"),
        ("a/(b/c)", "a·c/b"),
        ("(a)+(b*c)", "a + b·c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a+b)*c", "(a + b)·c"),
        ("(a*b)^2", "(a·b)²"),
        ("(a^2)^3", "(a²)³"),
        ("a^(3/2)", "a^(3/2)"),
        ("a^-1", "1/a"),
        ("1/sqrt(a)", "1/sqrt(a)"),
        ("(-a)^2", "(-a)²"),
        ("-a^2", "-a²"),
        ("a^(n+1)", "a^(n + 1)"),
        ("a - -b", "a + b"),
        ("1.602176634e-19", "1.602176634e-19"),
        ("299792458", "299792458"),
        ("0.02*a", "0.02·a"),
        ("min(a, b+c)", "min(a, b + c)"),
        ("count(parts)*a", "count(parts)·a"),
    ],
)
def test_printing_uses_the_fewest_brackets(text: str, printed: str) -> None:
    """Fractions have one bar, square roots are roots, and brackets stand only where they are needed."""
    assert to_text(parse(text)) == printed


leaves = st.one_of(
    st.fractions(min_value=-9, max_value=9, max_denominator=20).map(Number),
    st.sampled_from([Name((n,)) for n in "abcxy"]),
)
whole = st.integers(-3, 3).map(lambda n: Number(Fraction(n)))
roots = st.sampled_from([number("1/2"), number("-1/2"), number("3/2"), number("-2/3")])


def branches(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(Sum),
        several.map(Product),
        st.builds(Power, children, st.one_of(whole, roots, children)),
        st.builds(lambda f, x: Call(f, (x,)), st.sampled_from(["abs", "sin", "exp"]), children),
        several.map(lambda xs: Call("max", xs)),
    )


@given(st.recursive(leaves, branches, max_leaves=12))
def test_what_is_printed_reads_back_with_the_same_value(expression: Expression) -> None:
    """Any tree, also one that no text has, prints as a text of the same numerical value."""
    try:
        value = evaluate(expression, value_of)
        again = parse(to_text(expression))
    except ValueError:
        assume(False)
    # Where a small rest of large terms is raised to powers, rounding is not small any more.
    assume(abs(value) < 1e9)
    assert evaluate(again, value_of) == pytest.approx(value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("text", ["ln(-a)", "1/(a - 2)", "exp(1000)", "1e300*1e300", "(-x)^(1/3)", "asin(a)"])
def test_a_value_that_does_not_exist_is_a_value_error(text: str) -> None:
    """Domain errors, division by zero and overflow all say so in one way, naming the expression at fault."""
    with pytest.raises(ValueError, match="has no finite value"):
        evaluate(parse(text), value_of)


def test_substitution_replaces_names_wherever_they_stand() -> None:
    """Names become expressions inside powers and functions; counts are left alone."""
    replaced = substitute(parse("sin(a)^a + count(a)"), lambda name: parse("2*b"))
    assert replaced == parse("sin(2*b)^(2*b) + count(a)")


def test_substitution_may_go_deeper_than_any_text() -> None:
    """A tree of 20,000 levels is printed, walked and evaluated without a limit on recursion."""
    expression: Expression = A
    for _ in range(20_000):
        expression = Sum((expression, number(1)))
    assert evaluate(expression, value_of) == 20_002.0
    assert names(expression) == (A,)
    assert evaluate(substitute(expression, lambda name: B), value_of) == 20_003.0


def test_an_expression_of_numbers_has_an_exact_value() -> None:
    """2 − ¼ is 7/4; anything with a name, a function or a root has none."""
    assert constant(parse("2 - 1/4")) == Fraction(7, 4)
    assert constant(parse("(2/3)^-2")) == Fraction(9, 4)
    assert [constant(parse(text)) for text in ("2*a", "sin(0)", "sqrt(2)", "count(parts)")] == [None] * 4


UNITS = {"E": "J", "m": "kg", "v": "m/s", "r": "m", "t": "s", "T": "K", "k": "J/K", "n": "1"}


def dimensions(name: Name) -> Dimension:
    return parse_unit(UNITS[name.parts[-1]]).dimension


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("m*v^2/2", "J"),
        ("sqrt(E/m)", "m/s"),
        ("E*exp(-E/(k*T))", "J"),
        ("r + v*t + 0", "m"),
        ("max(r, v*t)", "m"),
        ("abs(v)*sum(t, t)", "m"),
        ("r^(3/2)/sqrt(r)", "m"),
        ("n^n", "1"),
        ("2^n", "1"),
        ("count(parts)*m", "kg"),
        ("parts.m*parts.v", "kg*m/s"),
    ],
)
def test_an_expression_has_the_dimension_of_its_unit(text: str, unit: str) -> None:
    """Dimensions follow products, powers, roots and functions; a literal zero fits anywhere."""
    assert dimension_of(parse(text), dimensions) == parse_unit(unit).dimension


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("r + v*t + t", "r", "t"),
        ("m*(r - v)", "r", "-v"),
        ("min(r, t)", "r", "t"),
        ("exp(E/T)", "E/T", None),
        ("sin(t)", "t", None),
        ("2^t", "t", None),
        ("r^n", "r", None),
    ],
)
def test_a_mismatch_names_both_places(text: str, first: str, second: str | None) -> None:
    """What cannot be added, or stands where a pure number must, is named with its dimension."""
    with pytest.raises(DimensionMismatch) as raised:
        dimension_of(parse(text), dimensions)
    mismatch = raised.value
    assert to_text(mismatch.first) == first
    assert (mismatch.second and to_text(mismatch.second)) == second
    assert mismatch.first_dimension == dimension_of(mismatch.first, dimensions)
    assert mismatch.first_dimension != mismatch.second_dimension
    if second is None:
        assert mismatch.second_dimension == DIMENSIONLESS
