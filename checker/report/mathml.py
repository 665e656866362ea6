"""Formulas and amounts as files write them → MathML.

A formula that the expression parser reads is set with fractions, roots, powers and symbols; anything else is
shown as text. Names stay names: a quantity is set by its symbol where it has one of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checker.errors import TextError
from checker.expression import (
    Call,
    Expression,
    Name,
    Number,
    Power,
    Product,
    Sum,
    fold,
    names,
    parse,
    parse_equation,
    to_text,
)
from checker.report.elements import Element, element, extend
from checker.report.wording import cut, typeset

LONGEST = 1_000
"""Characters of a formula; a longer one is shown as text."""
DEEPEST = 24
"""How deep the operations of a formula may nest; a deeper one is shown as text."""
LONGEST_NAME = 80

INVISIBLE_TIMES, APPLY = "\u2062", "\u2061"
UNBROKEN = "\u00a0"
_RELATIONS = {"<=": "≤", ">=": "≥"}

Symbols = Mapping[str, str]
"""The symbols of quantities by name."""


# ---------------------------------------------------------------- what is asked for


def formula(text: str, symbols: Symbols) -> Element:
    """An equation or an expression, or several of them: `E = I*Φ/2`, `hbar/(2*m_e*r)`, `a = b; c = 1`,
    `L is a whole number of hbar`."""
    first, *others = re.split(r"(; | is a (?:half-)?whole number of | \(within [^()]*\)$)", text)
    if not others or len(text) > LONGEST:
        return _math(text, lambda: _relation(text, symbols), large=True)
    several = element("span", _math(first, lambda: _relation(first, symbols), large=True))
    for words, one in zip(others[::2], others[1::2], strict=True):
        extend(several, (words, formula(one, symbols) if one else None))
    return several


def statement(text: str, symbols: Symbols) -> Element:
    """What a quantity is said to be, in one or several ways: `L = ħ = 1.055e-34 J*s`, `r < 31 pm`."""
    return _math(text, lambda: _statement(text, symbols), large=True)


def amount(text: str, symbols: Symbols) -> Element:
    """A value as people read it, or several with words between: `0.8775(51) fm`, `2.03 ħ`, `a_0/7`,
    `at most 5.1e-13 m`, `2.3 s (2.2 s … 2.4 s)`."""
    if len(text) > LONGEST:
        return _math(text, lambda: _amount(text, symbols))
    if beside := re.fullmatch(r"(\S.*) \((.+)\)", text):
        value, other = (_in_words(one, symbols) for one in beside.groups())
        return element("span", value, " ", element("span", "(", other, ")", class_="unbroken"))
    return _in_words(text, symbols)


def _in_words(text: str, symbols: Symbols) -> Element:
    first, *others = re.split(r"(^at most |^at least | or | … | = )", text)
    if not others:
        return _math(text, lambda: _amount(text, symbols))
    several = element("span", _in_words(first, symbols) if first else None, class_="unbroken")
    for words, one in zip(others[::2], others[1::2], strict=True):
        if words.startswith(" "):  # here a line may end
            extend(several, (" ", element("wbr")))
        extend(several, (words.lstrip(), _in_words(one, symbols)))
    return several


def _math(text: str, build: Callable[[], Element], large: bool = False) -> Element:
    """The formula that is built, `large` where it has a line for itself; its text where it cannot be."""
    if len(text) <= LONGEST:
        try:
            return element("math", build(), displaystyle="true" if large else None)
        except (TextError, _UnreadableError):
            pass
    return element("span", typeset(text), class_="plain")


class _UnreadableError(Exception):
    """A formula that is better shown as text."""


def _relation(text: str, symbols: Symbols) -> Element:
    try:
        equation = parse_equation(text)
    except TextError:
        return _row([_expression(parse(text), symbols)])
    symbols = _unambiguous([equation.left, equation.right], symbols)
    return _row(
        [
            _expression(equation.left, symbols),
            _operator(_RELATIONS.get(equation.relation, equation.relation)),
            _expression(equation.right, symbols),
        ]
    )


def _statement(text: str, symbols: Symbols) -> Element:
    first, *others = re.split(r" (=|<=|>=|<|>|≤|≥) ", text)
    parts = [_row([_expression(parse(first), symbols)])]
    for relation, part in zip(others[::2], others[1::2], strict=True):
        parts += [_operator(_RELATIONS.get(relation, relation)), _amount(part, symbols)]
    return _row(parts)


# ---------------------------------------------------------------- amounts

_AMOUNT = re.compile(
    r"""(?:(?P<relation>[<>≤≥]=?)\s*)?
    (?P<number>[-−+]?\d[\d.]*(?:\(\d[\d.]*\))?)(?:e(?P<exponent>[-+−]?\d+))?
    (?:\ (?P<unit>[^\d\s·(][^\s·]*(?:\ [^\s·]+)*)(?P<times>(?:·[^\s·]+)*))?""",
    re.VERBOSE,
)


def _amount(text: str, symbols: Symbols) -> Element:
    """A number with its unit and its doubt, or else an expression."""
    if _PLUS_MINUS.search(text):
        return _doubted(text.strip(), symbols)
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return _row([_expression(parse(text), symbols)])
    row = []
    if found["relation"]:
        row.append(_operator(_RELATIONS.get(found["relation"], found["relation"])))
    row += _decimal(found["number"], found["exponent"])
    if found["unit"]:
        row += [element("mspace", width="0.2em"), _unit(found["unit"])]
    if found["times"]:
        row += [_operator("·"), _expression(parse(found["times"][1:]), symbols)]
    return _row(row)


_PLUS_MINUS = re.compile(r"\s*(?:±|\+/[-−])\s*")
_SCALED = re.compile(r"\((?P<inner>[^()]*)\)(?:e(?P<exponent>[-+−]?\d+))?(?: (?P<unit>.+))?")


def _doubted(text: str, symbols: Symbols) -> Element:
    """A value with its uncertainties; brackets around these have what all are multiplied by behind them."""
    scaled = _SCALED.fullmatch(text)
    row: list[Element] = []
    for part in _PLUS_MINUS.split(scaled["inner"] if scaled else text):
        row += [_operator("±", form="infix")] if row else []
        row.append(_amount(part, symbols))
    if not scaled:
        return _row(row)
    row = [_bracketed(row)]
    row += [_operator("·"), *_decimal("1", scaled["exponent"])] if scaled["exponent"] else []
    row += [element("mspace", width="0.2em"), _unit(scaled["unit"])] if scaled["unit"] else []
    return _row(row)


def _decimal(number: str, exponent: str | None) -> list[Element]:
    """A decimal number, and the power of ten that it is multiplied by."""
    sign, digits = (number[0], number[1:]) if number[0] in "-−+" else ("", number)
    row = [_operator("−", form="prefix")] if sign in ("-", "−") else []
    if not exponent:
        return [*row, element("mn", digits)]
    power = exponent.replace("−", "-")
    raised = element("mn", power.lstrip("+-"))
    if power.startswith("-"):
        raised = _row([_operator("−", form="prefix"), raised])
    ten = element("msup", element("mn", "10"), raised)
    return [*row, ten] if digits == "1" else [*row, element("mn", digits), _operator("·"), ten]


_UNITS = {"angstrom": "Å", "degC": "°C", "degF": "°F"}


def _unit(text: str) -> Element:
    """A unit, upright: products with a thin space between, quotients behind a solidus."""
    if not re.fullmatch(r"[\w°Å%Ωµμ/*^().\s·²³⁻¹⁴-]+", text):
        raise _UnreadableError
    row: list[Element] = []
    for token in re.findall(
        r"\*\*|\^?\(?-?\d+\)?(?=$|[\s*/)·])|[²³⁻¹⁴]+|[^\W\d]+|[/()°%]|[\s*·]+|\^|.", text
    ):
        if re.fullmatch(r"\^?-?\d+|[²³⁻¹⁴]+", token) and row:
            power = token.lstrip("^").translate(_PLAIN)
            raised = element("mn", power.lstrip("-"))
            if power.startswith("-"):
                raised = _row([_operator("−", form="prefix"), raised])
            row[-1] = element("msup", row[-1], raised)
        elif re.fullmatch(r"[\s*·]+", token):
            row.append(element("mspace", width="0.17em"))
        elif token == "ħ":  # a quantum, beside which numbers are counted
            row.append(element("mi", token))
        elif token in "/()":
            row.append(_operator(token, stretchy="false", lspace="0", rspace="0"))
        else:
            row.append(_upright(_unit_name(token)))
    return _row(row)


_PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def _unit_name(name: str) -> str:
    if name.endswith("ohm"):
        name = name[:-3] + "Ω"
    if re.fullmatch(r"u[msgAFHVNJWKCT]|uΩ|uPa|uHz", name):
        name = "µ" + name[1:]
    return _UNITS.get(name, name)


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class _Set:
    """A sub-expression, ready to take its place in a fraction.

    A sum has its addends in `terms`, with their signs; anything else is ±(product of `over`)/(product of
    `under`). `atom` says that the whole may carry an exponent without brackets.
    """

    over: tuple[Element, ...] = ()
    under: tuple[Element, ...] = ()
    negative: bool = False
    terms: tuple[_Set, ...] = ()
    atom: bool = False


def _expression(expression: Expression, symbols: Symbols) -> Element:
    if fold(expression, lambda _, depths: 1 + max(depths, default=0)) > DEEPEST:
        raise _UnreadableError
    symbols = _unambiguous([expression], symbols)
    return _row(_written(fold(expression, lambda node, operands: _set(node, operands, symbols))))


def _unambiguous(expressions: Iterable[Expression], symbols: Symbols) -> Symbols:
    """The symbols that stand for one name alone among those in the expressions."""
    used = {name.parts[-1] for expression in expressions for name in names(expression)}
    shown = Counter(symbols.get(name, name) for name in used)
    return {name: symbols[name] for name in used if name in symbols and shown[symbols[name]] == 1}


def _set(node: Expression, operands: Sequence[_Set], symbols: Symbols) -> _Set:
    match node:
        case Number(value):
            return _number(value)
        case Name(parts):
            return _Set((_name(parts, symbols),), atom=True)
        case Sum():
            return _Set(terms=tuple(operands))
        case Product(factors):
            return _product(factors, operands)
        case Power(_, exponent):
            return _power(exponent, *operands)
    call = _call(node, operands)
    return _Set((call,), atom=not _is_sum(call))


def _number(value: Fraction) -> _Set:
    """Small fractions as fractions, everything else as decimals where those end."""
    over, _, under = to_text(Number(abs(value))).partition("/")
    if over == "1":
        over_ = () if under else (element("mn", "1"),)
    else:
        mantissa, _, exponent = over.partition("e")
        row = _decimal(mantissa, exponent or None)
        over_ = (row[0] if len(row) == 1 else _row(row),)
    under_ = (element("mn", under),) if under else ()
    return _Set(over_, under_, value < 0, atom=value > 0 and not under and "e" not in over)


def _product(factors: Sequence[Expression], operands: Sequence[_Set]) -> _Set:
    """All factors in one fraction; a leading one of numbers alone stays a coefficient: 2/5·m·r."""
    sets = [_factor(one) for one in operands]
    numeric = 0
    while numeric < len(factors) and _is_number(factors[numeric]):
        numeric += 1
    head, rest = sets[:numeric], sets[numeric:]
    if rest and any(one.under for one in head) and not any(one.under for one in rest):
        coefficient = _joined(head)
        if coefficient.under:
            fraction = _fraction(coefficient.over, coefficient.under)
            joined = _joined(rest)
            negative = coefficient.negative != joined.negative
            return _Set((fraction, *joined.over), (), negative)
    return _joined(sets)


def _is_number(node: Expression) -> bool:
    return isinstance(node, Number) or (
        isinstance(node, Power) and isinstance(node.base, Number) and isinstance(node.exponent, Number)
    )


def _joined(sets: Sequence[_Set]) -> _Set:
    over = [one for each in sets for one in each.over]
    under = tuple(one for each in sets for one in each.under)
    negative = sum(each.negative for each in sets) % 2 == 1
    if len(over) > 1:  # a one beside others says nothing
        over = [one for one in over if not (one.tag == "mn" and one.text == "1")] or over[:1]
    return _Set(tuple(over), under, negative)


def _factor(one: _Set) -> _Set:
    return _Set((_bracketed(_written(one)),)) if one.terms else one


def _power(exponent: Expression, base: _Set, raised: _Set) -> _Set:
    if not isinstance(exponent, Number):
        return _Set((_raised(_base(base), _row(_written(raised))),))
    size = abs(exponent.value)
    if size == 1:
        power = _factor(base)
    elif size == Fraction(1, 2):
        power = _Set((element("msqrt", *_written(base)),), atom=True)
    elif size.numerator == 1:
        power = _Set(
            (element("mroot", _row(_written(base)), element("mn", str(size.denominator))),), atom=True
        )
    else:
        text = str(size.numerator)
        if size.denominator > 1:
            index = _row(
                [element("mn", text), _operator("/", stretchy="false"), element("mn", str(size.denominator))]
            )
        else:
            index = element("mn", text)
        power = _Set((_raised(_base(base), index),))
    if exponent.value > 0:
        return power
    return _Set(power.under, power.over or (element("mn", "1"),), power.negative)


def _raised(base: Element, index: Element) -> Element:
    """A power; where the base has an index, the exponent stands above that."""
    return element("msubsup", *base, index) if base.tag == "msub" else element("msup", base, index)


def _base(one: _Set) -> Element:
    return _row(_written(one)) if one.atom else _bracketed(_written(one))


_FUNCTIONS = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}


def _call(call: Call, operands: Sequence[_Set]) -> Element:
    if call.function == "abs":
        bars = [_operator("|", form=form, stretchy="true") for form in ("prefix", "postfix")]
        return _row([bars[0], *_written(operands[0]), bars[1]])
    over_parts = any(name.parts[0] == "parts" for argument in call.arguments for name in names(argument))
    if call.function == "sum" and over_parts and len(operands) == 1:
        big = element("munder", _operator("∑"), element("mtext", "parts"))
        inner = _bracketed(_written(operands[0])) if operands[0].terms else _row(_written(operands[0]))
        return element("mrow", big, inner, class_="sum")
    if call.function == "log10":
        name = element("msub", _upright("log"), element("mn", "10"))
    else:
        name = _upright(_FUNCTIONS.get(call.function, call.function))
    arguments: list[Element] = []
    for one in [_written(operand) for operand in operands] or [
        [element("mtext", to_text(argument))] for argument in call.arguments
    ]:
        arguments += [_operator(","), *one] if arguments else one
    return _row([name, _operator(APPLY), _bracketed(arguments)])


def _written(one: _Set) -> list[Element]:
    """The elements of a row."""
    if one.terms:
        row: list[Element] = []
        for term in one.terms:
            if row:
                row.append(_operator("−" if term.negative else "+", form="infix"))
            elif term.negative:
                row.append(_operator("−", form="prefix"))
            plain = _Set(term.over, term.under, False, term.terms, term.atom)
            row += [_bracketed(_written(plain))] if plain.terms else _written(plain)
        return row
    body = [_fraction(one.over, one.under)] if one.under else _side_by_side(one.over)
    return [_operator("−", form="prefix"), *body] if one.negative else body


def _fraction(over: Sequence[Element], under: Sequence[Element]) -> Element:
    return element("mfrac", *(_row(_at_bar(side)) for side in (over, under)))


def _at_bar(side: Sequence[Element]) -> list[Element]:
    """What is above or beneath a bar needs no brackets around the whole of it."""
    if len(side) == 1 and side[0].get("class") == "brackets":
        return list(side[0])[1:-1]
    return _side_by_side(side)


def _side_by_side(factors: Sequence[Element]) -> list[Element]:
    """Factors with a dot between them where they would run into each other."""
    row: list[Element] = []
    last = len(factors) - 1
    for place, factor in enumerate(factors or [element("mn", "1")]):
        if _is_sum(factor) and place < last:
            factor = _bracketed([factor])
        if row:
            close = _is_short(row[-1]) and _is_short(factor) and not _begins_with_digit(factor)
            row.append(_operator(INVISIBLE_TIMES if close else "·"))
        row.append(factor)
    return row


def _is_sum(node: Element) -> bool:
    """Whether what follows it would seem to be summed as well."""
    return node.get("class") == "sum"


def _is_short(node: Element) -> bool:
    """Whether a factor is a number, a bracket or a single symbol, with indices or without."""
    if node.tag in ("msub", "msup", "msubsup", "mrow") and len(node):
        return all(_is_short(one) for one in (node if node.tag == "mrow" else node[:1]))
    return node.tag != "mi" or len(node.text or "") < 2


def _begins_with_digit(node: Element) -> bool:
    while node.tag in ("mrow", "msub", "msup", "msubsup"):
        node = node[0]
    return node.tag in ("mn", "mfrac")


# ---------------------------------------------------------------- names

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "hbar": "ħ", "inf": "∞",
}  # fmt: skip

_INDEXED = re.compile(
    r"(?P<base>Δ?[^\W\d_]|[A-Za-z]{2,8})_(?P<index>\w+)|(?P<letter>[^\W\d_])(?P<digits>\d+)"
)


def _name(parts: Sequence[str], symbols: Symbols) -> Element:
    """A name by its symbol; an index says of which entity the quantity is."""
    *owner, last = parts
    base, index = _indexed(symbols.get(last, last))
    indices = [index] if index is not None else []
    if owner:
        whose = "part" if owner == ["parts"] else ".".join(owner)
        indices += [_operator(",")] * bool(indices) + [element("mtext", cut(whose, LONGEST_NAME))]
    return element("msub", base, _row(indices)) if indices else base


def _indexed(symbol: str) -> tuple[Element, Element | None]:
    """A symbol and its index: `m_e`, `epsilon_0` and `r1` have one, `mean_lifetime` has none."""
    found = _INDEXED.fullmatch(symbol)
    base = found and (found["base"] or found["letter"])
    if not found or not base or (len(base) > 1 and base not in _GREEK and not base.startswith("Δ")):
        return _letters(symbol), None
    index = found["index"] or found["digits"]
    return _letters(base), element("mn", index) if index.isdecimal() else _upright(_GREEK.get(index, index))


def _letters(text: str) -> Element:
    text = _GREEK.get(text, text)
    if text == "π":
        return _upright(text)
    if len(text) == 2 and text[0] == "Δ":
        return _row([_upright("Δ"), element("mi", text[1])])
    return element("mi", cut(text, LONGEST_NAME).replace("_", UNBROKEN))


def _upright(text: str) -> Element:
    """Longer names are upright anyway."""
    return element("mi", text, mathvariant="normal" if len(text) == 1 else None)


# ---------------------------------------------------------------- elements


def _row(children: Sequence[Element]) -> Element:
    return children[0] if len(children) == 1 else element("mrow", *children)


def _operator(text: str, **attributes: str | None) -> Element:
    return element("mo", text, **attributes)


def _bracketed(children: Sequence[Element]) -> Element:
    """`class` tells a fraction that the brackets are only there to keep it together."""
    tall = any(one.tag in ("mfrac", "munder") for child in children for one in child.iter())
    stretchy = None if tall else "false"
    ends = [_operator(text, stretchy=stretchy) for text in "()"]
    return element("mrow", ends[0], *children, ends[1], class_="brackets")
