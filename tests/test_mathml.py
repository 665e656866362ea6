"""Formulas and amounts as MathML: what they look like, and that they still say what the text says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import html5lib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checker.expression import Name, evaluate, names, parse
from checker.load import load_pack
from checker.model import EquationRelation, Rule
from checker.report.elements import to_html
from checker.report.mathml import amount, formula, statement

RULES = Path(__file__).parent.parent / "rules"
SYMBOLS = {
    "kinetic_energy": "E",
    "mass": "m",
    "speed": "v",
    "magnetic_flux": "Φ",
    "radius": "r",
    "hot_temperature": "T_h",
    "period": "T",
    "orbit_radius": "R",
}


def short(element: Element) -> str:
    """MathML without the operators that are not seen and the attributes."""
    for node in element.iter():
        node.attrib.clear()
    return to_html(element).replace("<mo>\u2062</mo>", "").replace("<mo>\u2061</mo>", "")


# ---------------------------------------------------------------- what it looks like


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "kinetic_energy = mass*speed²/2",
            "<mi>E</mi><mo>=</mo><mfrac><mrow><mi>m</mi><msup><mi>v</mi><mn>2</mn></msup></mrow><mn>2</mn></mfrac>",
        ),
        ("radius = a_0/7", "<mi>r</mi><mo>=</mo><mfrac><msub><mi>a</mi><mn>0</mn></msub><mn>7</mn></mfrac>"),
        ("speed <= c", "<mi>v</mi><mo>≤</mo><mi>c</mi>"),
        (
            "magnetic_flux = sum(parts.magnetic_flux)",
            "<mi>Φ</mi><mo>=</mo><mrow><munder><mo>∑</mo><mtext>parts</mtext></munder>"
            "<msub><mi>Φ</mi><mtext>part</mtext></msub></mrow>",
        ),
        (
            "period = 2*pi*sqrt(mass/k)",
            "<mi>T</mi><mo>=</mo><mrow><mn>2</mn><mi>π</mi><msqrt><mfrac><mi>m</mi><mi>k</mi></mfrac></msqrt></mrow>",
        ),
        (
            "p = 1/2*mass*speed",
            "<mi>p</mi><mo>=</mo><mrow><mfrac><mn>1</mn><mn>2</mn></mfrac><mi>m</mi><mi>v</mi></mrow>",
        ),
        (
            "f = sum(parts.mass)*g",
            "<mi>f</mi><mo>=</mo><mrow><mrow><mo>(</mo><mrow><munder><mo>∑</mo><mtext>parts</mtext></munder>"
            "<msub><mi>m</mi><mtext>part</mtext></msub></mrow><mo>)</mo></mrow><mi>g</mi></mrow>",
        ),
        ("q = x^(1/3)", "<mi>q</mi><mo>=</mo><mroot><mi>x</mi><mn>3</mn></mroot>"),
        (
            "W = epsilon_0*hbar",
            "<mi>W</mi><mo>=</mo><mrow><msub><mi>ε</mi><mn>0</mn></msub><mi>ħ</mi></mrow>",
        ),
        (
            "F = electron.mass*electron.hot_temperature",
            "<mi>F</mi><mo>=</mo><mrow><msub><mi>m</mi><mtext>electron</mtext></msub><msub><mi>T</mi>"
            "<mrow><mi>h</mi><mo>,</mo><mtext>electron</mtext></mrow></msub></mrow>",
        ),
        (
            "mean_lifetime = 5e-7*x",
            "<mi>mean\u00a0lifetime</mi><mo>=</mo><mrow><mrow><mn>5</mn><mo>·</mo><msup><mn>10</mn><mrow>"
            "<mo>−</mo><mn>7</mn></mrow></msup></mrow><mi>x</mi></mrow>",
        ),
    ],
)
def test_a_law_is_set_as_on_paper(text: str, expected: str) -> None:
    """Fractions, roots, powers, sums, indices, Greek letters and symbols stand where a textbook has them."""
    assert short(formula(text, SYMBOLS)) == f"<math><mrow>{expected}</mrow></math>"


def test_names_that_share_a_symbol_keep_their_names() -> None:
    """Where one letter would stand for two quantities, or for a constant as well, it stands for none."""
    both = formula("mass = rest_mass*m_e", {"mass": "m", "rest_mass": "m"})
    constant = formula("planck = h*height", {"height": "h"})
    assert [node.text for node in both.iter("mi")] == ["mass", "rest\u00a0mass", "m", "e"]
    assert [node.text for node in constant.iter("mi")] == ["planck", "h", "height"]


@pytest.mark.parametrize(
    ("text", "seen", "upright"),
    [
        ("1.055e-34 J*s", "1.055·10−34Js", ["J", "s"]),
        ("0.8775(51) fm", "0.8775(51)fm", ["fm"]),
        ("7.645e14 W/(m^3*sr)", "7.645·1014W/(m3sr)", ["W", "m", "sr"]),
        ("4.8 ohm", "4.8Ω", ["Ω"]),
        ("2.197 us", "2.197µs", ["µs"]),
        ("803.0 kg/m^3·V", "803.0kg/m3·V", ["kg", "m"]),
        ("-3 K", "−3K", ["K"]),
        ("< 0.8 eV", "<0.8eV", ["eV"]),
        ("22.1 ± 0.3 mm/s", "22.1±0.3mm/s", ["mm", "s"]),
        ("100 +/- 3 ± 4 %", "100±3±4%", ["%"]),
        ("(-1.5 ± 0.3)e-5 m", "(−1.5±0.3)·10−5m", ["m"]),
    ],
)
def test_an_amount_has_its_unit_upright(text: str, seen: str, upright: Sequence[str]) -> None:
    """Numbers have their power of ten raised; units are upright, also those of one letter."""
    set_ = amount(text, {})
    units = [n.text for n in set_.iter("mi") if n.get("mathvariant") == "normal" or len(n.text or "") > 1]
    assert (set_.tag, "".join(set_.itertext()), units) == ("math", seen, list(upright))


def test_a_measured_value_is_set_like_any_other() -> None:
    """The symbol keeps its index, and the unit behind ± is upright."""
    assert short(statement("v_t = 22.1 ± 0.3 s", {})) == (
        "<math><mrow><msub><mi>v</mi><mi>t</mi></msub><mo>=</mo>"
        "<mrow><mn>22.1</mn><mo>±</mo><mrow><mn>0.3</mn><mspace></mspace><mi>s</mi></mrow></mrow></mrow></math>"
    )


def test_amounts_in_words_are_set_one_by_one() -> None:
    """A range, a bound and a second unit keep their words, and every number in them is set."""
    for text, number in (
        ("at most 4.8e-13 m", 1),
        ("2.3 s (2.2 s … 2.4 s)", 2 + 1),
        ("5 m or 6 m", 2),
        ("0.2248 lbf*s (1 N*s)", 2),
        ("2 ħ = 2·ħ", 2),
    ):
        assert len(list(amount(text, {}).iter("math"))) == number, text


def test_several_equations_and_conditions_in_words_are_set_one_by_one() -> None:
    """A list of equations, and a whole number of quanta, have each formula set between their words."""
    several = formula("Z = 27/16; radius = a_0/Z", SYMBOLS)
    counted = formula("L is a half-whole number of hbar", {})
    assert ["".join(one.itertext()) for one in several.iter("math")] == ["Z=2716", "r=a0Z"]
    assert "".join(counted.itertext()) == "L is a half-whole number of ħ"


@pytest.mark.parametrize(
    "text",
    [
        "not determined",
        "<b>x</b> = 1",
        "x = [1] m",
        "((((",
        "x" * 20_000,
        "+".join(["(1" * 90 + ")" * 90]),
        "a^(" * 80 + "b" + ")" * 80,
    ],
)
def test_what_is_no_formula_is_shown_as_text(text: str) -> None:
    """Whatever the parser does not read, or nobody could read, is text, escaped; never an error."""
    for build in (formula, statement, amount):
        shown = to_html(build(text, {}))
        assert "<b>" not in shown
        assert html5lib.HTMLParser(strict=True).parseFragment(shown) is not None


# ---------------------------------------------------------------- that it says the same

_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp, "ln": math.log, "log10": math.log10, "sin": math.sin, "cos": math.cos,
    "tan": math.tan, "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan,
    "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh,
}  # fmt: skip


class Reader:
    """MathML → its value, by the rules of the paper: what is read is only what is seen."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = values

    def row(self, nodes: Sequence[Element]) -> float:
        """Terms with signs between them."""
        total, sign, factors = 0.0, 1.0, list[Element]()
        for node in nodes:
            if node.tag == "mo" and node.text in ("+", "−"):
                total += sign * self.product(factors) if factors else 0.0
                sign, factors = (-1.0 if node.text == "−" else 1.0), []
            else:
                factors.append(node)
        return total + sign * self.product(factors)

    def product(self, nodes: Sequence[Element]) -> float:
        if nodes and nodes[0].tag == "munder":
            return self.row(nodes[1:])  # of one part
        if len(nodes) > 2 and nodes[1].text == "\u2061":
            return self.call("".join(nodes[0].itertext()), list(nodes[2])[1:-1])
        expected = nodes[1::2]
        assert all(one.tag == "mo" and one.text in ("\u2062", "·") for one in expected), expected
        open_ended = [one for one in nodes[:-1] if one.tag == "mrow" and len(one) and one[0].tag == "munder"]
        assert not open_ended, "what follows a sum without brackets seems to be summed as well"
        return math.prod(self.value(one) for one in nodes[::2])

    def call(self, name: str, inside: Sequence[Element]) -> float:
        arguments: list[list[Element]] = [[]]
        for node in inside:
            if node.tag == "mo" and node.text == ",":
                arguments.append([])
            else:
                arguments[-1].append(node)
        values = [self.row(one) for one in arguments]
        many = {"sum": sum, "min": min, "max": max}
        return float(many[name](values)) if name in many else _FUNCTIONS[name](*values)

    def power(self, base: Element, index: Element) -> float:
        if [one.text for one in index][1:2] == ["/"]:  # 2/3
            over, under = float(index[0].text or ""), float(index[2].text or "")
            return self.value(base) ** (over / under)
        return self.value(base) ** self.value(index)

    def value(self, node: Element) -> float:
        children = list(node)
        match node.tag:
            case "mn":
                return float(node.text or "")
            case "mi" | "msub":
                return self.values["".join(node.itertext())]
            case "mrow" if "".join(node.itertext()) in self.values:
                return self.values["".join(node.itertext())]
            case "mrow" if children[0].text in ("(", "|"):
                inner = self.row(children[1:-1])
                return abs(inner) if children[0].text == "|" else inner
            case "mrow":
                return self.row(children)
            case "mfrac":
                return self.value(children[0]) / self.value(children[1])
            case "msubsup":
                name, power = Element("msub"), children[2]
                name.extend(children[:2])
                return self.power(name, power)
            case "msup":
                base, power = children
                assert base.tag != "mrow" or base[-1].text in (")", "|") or base[1].text == "\u2061"
                return self.power(base, power)
            case "msqrt":
                return math.sqrt(self.row(children))
            case "mroot":
                return self.value(children[0]) ** (1 / self.value(children[1]))
        raise AssertionError(f"{node.tag} is not read")


def read_back(math_: Element, values: Mapping[str, float]) -> float:
    (inside,) = math_
    return Reader(values).value(inside)


def shown_values(text: str, value_of: Callable[[Name], float]) -> dict[str, float]:
    """What each name of an expression looks like, with its value."""
    found = {}
    for name in names(parse(text)):
        found["".join(formula(".".join(name.parts), {}).itertext())] = value_of(name)
    return found


_ATOMS = st.sampled_from(
    ["a", "m_e", "hbar", "length", "r1", "electron.q", "parts.w", "pi"]
) | st.sampled_from(["2", "0.25", "7", "1e-7", "1.5e9", "½", "3"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda two: f"({two[0]}) + ({two[1]})"),
        pair.map(lambda two: f"({two[0]}) - ({two[1]})"),
        pair.map(lambda two: f"({two[0]})*({two[1]})"),
        pair.map(lambda two: f"({two[0]})/({two[1]})"),
        pair.map(lambda two: f"max({two[0]}, {two[1]})"),
        inner.map(lambda one: f"-({one})"),
        inner.map(lambda one: f"abs({one})"),
        inner.map(lambda one: f"sum({one})"),
        st.tuples(inner, st.sampled_from(["2", "-1", "-2", "1/2", "1/3", "-2/3", "0.1"])).map(
            lambda two: f"({two[0]})^({two[1]})"
        ),
        st.tuples(st.sampled_from(["exp", "cos", "atan", "tanh"]), inner).map(
            lambda two: f"{two[0]}({two[1]})"
        ),
        st.tuples(st.sampled_from("23"), inner).map(lambda two: f"({two[0]})^({two[1]})"),
    )


@settings(deadline=None, max_examples=400)
@given(st.recursive(_ATOMS, _larger, max_leaves=8))
def test_the_formula_that_is_seen_has_the_value_of_the_expression(text: str) -> None:
    """Read as it is printed, with its bars and brackets, MathML gives the number that the text stands for."""
    value_of = {n: 0.5 + i / 3 for i, n in enumerate(("a", "m_e", "hbar", "length", "r1", "q", "w", "pi"))}

    def value(name: Name) -> float:
        return value_of[name.parts[-1]]

    try:
        expected = evaluate(parse(text), value)
    except ValueError:
        assume(False)  # refused, or without a value
    set_ = formula(text, {})
    assume(set_.tag == "math")
    assert read_back(set_, shown_values(text, value)) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def every_rule() -> list[Rule]:
    packs = (path for path in sorted(RULES.glob("*.yaml")) if "rules:" in path.read_text("utf-8"))
    return [
        rule for path in packs for rule in load_pack(path).rules.values() if rule.pack.endswith(path.name)
    ]


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
def test_every_equation_of_the_library_is_set(rule: Rule) -> None:
    """Each law, and each limit of one, becomes MathML whose sides have the values of those written."""
    equations = rule.relation.equations if isinstance(rule.relation, EquationRelation) else ()
    for equation in (*equations, *rule.validity):
        set_ = formula(equation.text, {})
        assert set_.tag == "math", equation.text
        assert fromstring(to_html(set_)) is not None
        value_of = {
            name.parts: 0.1 + 0.07 * place
            for place, name in enumerate((*names(equation.left), *names(equation.right)))
        }
        sides: list[list[Element]] = [[]]
        for node in set_[0]:
            if node.tag == "mo" and node.text in ("=", "<", ">", "≤", "≥"):
                sides.append([])
            else:
                sides[-1].append(node)
        for side, expression in zip(sides, (equation.left, equation.right), strict=True):
            shown = {
                "".join(formula(".".join(name.parts), {}).itertext()): value_of[name.parts]
                for name in names(expression)
            }
            expected = evaluate(expression, lambda name, value_of=value_of: value_of[name.parts])
            assert Reader(shown).row(side) == pytest.approx(expected, rel=1e-9), equation.text
