"""Equation text → expression trees, and what can be done with a tree: print, evaluate, substitute, measure.

Trees are walked with explicit stacks, so that substitution may deepen them beyond what was written.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from checker.dimension import DIMENSIONLESS, SUPERSCRIPTS, Dimension, aligned, from_superscript, superscript
from checker.errors import TextError

MAX_LENGTH = 10_000
MAX_DEPTH = 100
MAX_EXPONENT = 100
MAX_DIGITS = 400
"""Of a number's numerator and denominator: 1e-400 is the smallest number that can be written."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number: `1.75` is 7/4, `½` is 1/2."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, split at its dots: `electron.mass` is ("electron", "mass").

    After grounding: (entity path, quantity name) for a quantity, a single part for a constant or parameter.
    `start` and `end` are offsets into the text it was read from and take no part in comparison.
    """

    parts: tuple[str, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Sum:
    """a + b + …; a difference holds a product with −1."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """a · b · …; a quotient holds a power with exponent −1."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """base ^ exponent. An exponent made of numbers alone is one Number; a root has the exponent 1/2."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """function(arguments); `sum`, `min`, `max`, `count` may run over parts."""

    function: str
    arguments: tuple[Expression, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Expression = Number | Name | Sum | Product | Power | Call


@dataclass(frozen=True, slots=True)
class Equation:
    """left `relation` right, with relation one of = < <= > >=; `text` is as written."""

    left: Expression
    relation: str
    right: Expression
    text: str


MINUS_ONE = Number(Fraction(-1))
HALF = Number(Fraction(1, 2))


def normal(name: str) -> str:
    """One spelling for names that mean the same: ε₀ and ε0, the micro sign and the letter mu, ℏ and ħ."""
    return unicodedata.normalize("NFKC", name)


def parse(text: str) -> Expression:
    """The expression that `text` writes. Raises TextError with the offsets of what is wrong."""
    reader = _Reader(text)
    expression = reader.sum()
    if reader.next.kind == "compare":
        token = reader.next
        raise TextError(
            "misplaced-comparison", "a comparison has no place in an expression", token.start, token.end
        )
    reader.expect_end()
    return expression


def parse_equation(text: str) -> Equation:
    """The equation or inequality that `text` writes: two expressions with one of = < <= > >= between them."""
    reader = _Reader(text)
    left = reader.sum()
    relation = reader.next
    if relation.kind == "end":
        raise TextError("missing-comparison", "an equation needs one of = < <= > >=", 0, len(text))
    if relation.kind != "compare":
        reader.expect_end()
    reader.take()
    if relation.text + reader.next.text in ("=<", "=>"):
        way = f"write {'<' if '<' in relation.text + reader.next.text else '>'}="
        raise TextError(
            "misplaced-comparison",
            "no comparison is written this way",
            relation.start,
            reader.next.end,
            hint=way,
        )
    if relation.text in ("==", "!=", "≠"):
        hint = "write =" if relation.text == "==" else None
        raise TextError(
            "misplaced-comparison",
            f"{relation.text} is no comparison here",
            relation.start,
            relation.end,
            hint=hint,
        )
    right = reader.sum()
    if reader.next.kind == "compare":
        token = reader.next
        hint = "write a list of equations"
        raise TextError(
            "misplaced-comparison",
            "an equation has exactly one comparison",
            token.start,
            token.end,
            hint=hint,
        )
    reader.expect_end()
    return Equation(left, {"≤": "<=", "≥": ">="}.get(relation.text, relation.text), right, text)


def exact_number(text: str, start: int = 0) -> Fraction:
    """A decimal number such as `1.6e-19`, exactly. `start` is where it stands, for the error."""
    mantissa, _, exponent = text.replace("−", "-").lower().partition("e")
    if len(mantissa) <= 2 * MAX_DIGITS and len(exponent) <= 5 and abs(int(exponent or 0)) <= MAX_DIGITS:
        number, power = Fraction(mantissa), int(exponent or 0)
        if power:
            number *= Fraction(10) ** power
        if _digits(number) <= MAX_DIGITS:
            return number
    raise TextError("oversized-number", f"a number has at most {MAX_DIGITS} digits", start, start + len(text))


# ---------------------------------------------------------------- reading

_PART = rf"[^\W\d{SUPERSCRIPTS}][^\W{SUPERSCRIPTS}]*"

_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+−]?[0-9]+)?)
    | (?P<vulgar>[¼½¾⅐-⅞])
    | (?P<superscript>[{SUPERSCRIPTS}]+)
    | (?P<name>{_PART}(?:\.{_PART})*)
    | (?P<power>\^|\*\*)
    | (?P<times>[*·⋅∙×])
    | (?P<over>/)
    | (?P<plus>\+)
    | (?P<minus>[-−])
    | (?P<compare>[<>=!]=|[=<>≤≥≠])
    | (?P<open>\()
    | (?P<close>\))
    | (?P<comma>,)""",
    re.VERBOSE,
)

_INSTEAD = {
    "÷": "write /",
    "√": "write sqrt(…)",
    "–": "write -",
    "—": "write -",
    "[": "write ( and )",
    "{": "write ( and )",
    "%": "write 0.1 for 10 %",
    "|": "write abs(…)",
    "≈": "write =, and `within: 10 %` beside the equation",
    "≃": "write =, and `within: 10 %` beside the equation",
    "~": "write =, and `within: 10 %` beside the equation",
    "∝": "write = and a constant of proportionality",
}

_ELEMENTARY: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "ln": math.log,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
}
"""Functions of one dimensionless argument."""

_COLLECTING: dict[str, Callable[[Sequence[float]], float]] = {"sum": math.fsum, "min": min, "max": max}
"""Functions of any number of arguments of one dimension."""

FUNCTIONS = frozenset({"sqrt", "abs", "count", *_ELEMENTARY, *_COLLECTING})

_OTHER_SPELLINGS = {
    "log": "'ln' or 'log10'",
    "lg": "'log10'",
    "arcsin": "'asin'",
    "arccos": "'acos'",
    "arctan": "'atan'",
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            character = text[position]
            hint = _INSTEAD.get(character)
            raise TextError(
                "misplaced-character", f"{character!r} has no place in an expression", position, hint=hint
            )
        if match.lastgroup == "name":
            _check_name(match.group(), position)
        if match.lastgroup and match.lastgroup != "space":
            yield _Token(match.lastgroup, match.group(), position, match.end())
        position = match.end()
    yield _Token("end", "", len(text), len(text) + 1)


class _Reader:
    """Recursive descent over the tokens of one text: sum, product, signed, power, atom, from loose to tight.

    The recursion is bounded by MAX_DEPTH brackets, signs and stacked exponents.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise TextError(
                "oversized-text", f"an expression has at most {MAX_LENGTH} characters", 0, len(text)
            )
        if not text.strip():
            raise TextError("empty-value", "an expression is missing", 0, len(text))
        self.tokens = tuple(_tokens(text))
        self.position = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.next
        self.position += 1
        return token

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            token = self.next
            raise TextError(
                "oversized-text", f"an expression nests at most {MAX_DEPTH} deep", token.start, token.end
            )

    def leave(self) -> None:
        self.depth -= 1

    def expect_end(self) -> None:
        """The text ends here, or the token that stands here is out of place."""
        if self.next.kind != "end":
            raise self.misplaced()

    def expect_close(self) -> None:
        if self.next.kind == "end":
            raise TextError(
                "unbalanced-bracket", "a closing bracket is missing", self.next.start, self.next.end
            )
        if self.next.kind != "close":
            raise self.misplaced()
        self.take()

    def misplaced(self) -> TextError:
        """What is wrong with a token that stands where an operator should."""
        token = self.next
        if token.kind in ("name", "number", "vulgar", "open", "superscript"):
            before = self.tokens[self.position - 1].text if self.position else ""
            hint = f"write {before}({token.text})" if before in FUNCTIONS else "write * to multiply"
            return TextError(
                "missing-operator",
                f"an operator is missing before {token.text!r}",
                token.start,
                token.end,
                hint=hint,
            )
        if token.kind == "close":
            return TextError("unbalanced-bracket", "this bracket closes nothing", token.start, token.end)
        return TextError("misplaced-character", f"{token.text!r} has no place here", token.start, token.end)

    def sum(self) -> Expression:
        terms = [self.product()]
        while self.next.kind in ("plus", "minus"):
            negative = self.take().kind == "minus"
            term = self.product()
            terms.append(_negative(term) if negative else term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def product(self) -> Expression:
        factors = [self.signed()]
        while self.next.kind in ("times", "over"):
            operator = self.take()
            factor = self.signed()
            factors.append(_power(factor, MINUS_ONE, operator) if operator.kind == "over" else factor)
        return factors[0] if len(factors) == 1 else Product(tuple(factors))

    def signed(self) -> Expression:
        """`-x^2` is −(x²); a number that stands before a name multiplies it, so that y/4π is y/(4π)."""
        negative = False
        while self.next.kind in ("plus", "minus"):
            negative ^= self.take().kind == "minus"
        literal = self.next.kind in ("number", "vulgar")
        value = self.power()
        if literal and isinstance(value, Number) and self.next.kind == "name":
            value = Product((value, self.power()))
        return _negative(value) if negative else value

    def power(self) -> Expression:
        base = self.atom()
        if self.next.kind == "superscript":
            base = _power(base, _superscript(self.next), self.take())
        if self.next.kind != "power":
            return base
        operator = self.take()
        negative = False
        while self.next.kind in ("plus", "minus"):
            negative ^= self.take().kind == "minus"
        self.enter()
        exponent = self.power()
        self.leave()
        return _power(base, _negative(exponent) if negative else exponent, operator)

    def atom(self) -> Expression:
        token = self.next
        match token.kind:
            case "number":
                self.take()
                return Number(exact_number(token.text, token.start))
            case "vulgar":
                self.take()
                return Number(Fraction(unicodedata.normalize("NFKC", token.text).replace("⁄", "/")))
            case "name":
                self.take()
                if self.next.kind == "open":
                    return self.call(token)
                return Name(tuple(normal(part) for part in token.text.split(".")), token.start, token.end)
            case "open":
                self.take()
                self.enter()
                inner = self.sum()
                self.expect_close()
                self.leave()
                return inner
            case "end":
                raise TextError("missing-operand", "something is missing at the end", token.start, token.end)
        raise TextError(
            "missing-operand", f"something is missing before {token.text!r}", token.start, token.end
        )

    def call(self, name: _Token) -> Expression:
        if name.text not in FUNCTIONS:
            raise _no_function(name)
        opening = self.take()
        self.enter()
        arguments = [self.sum()]
        while self.next.kind == "comma":
            self.take()
            arguments.append(self.sum())
        end = self.next.end
        self.expect_close()
        self.leave()
        if len(arguments) > 1 and name.text not in _COLLECTING:
            raise TextError("wrong-call", f"{name.text} takes one argument", opening.start, end)
        if name.text == "sqrt":
            return _power(arguments[0], HALF, name)
        if name.text == "count" and not isinstance(arguments[0], Name):
            raise TextError("wrong-call", "count takes a name, as in count(parts)", opening.start, end)
        return Call(name.text, tuple(arguments), name.start, end)


def _check_name(text: str, start: int) -> None:
    """Names are words of a physicist, not of Python: none begins with _ or contains __."""
    for part in text.split("."):
        if part.startswith("_") or "__" in part or not re.fullmatch(_PART, normal(part)):
            raise TextError("invalid-name", f"{text!r} cannot be a name", start, start + len(text))


def _no_function(name: _Token) -> TextError:
    from difflib import get_close_matches

    close = get_close_matches(name.text.lower(), sorted(FUNCTIONS), n=1) if "." not in name.text else []
    meant = _OTHER_SPELLINGS.get(name.text) or (repr(close[0]) if close else None)
    hint = f"did you mean {meant}?" if meant else f"write * to multiply: {name.text}*(…)"
    return TextError("unknown-function", f"{name.text!r} is not a function", name.start, name.end, hint=hint)


def _superscript(token: _Token) -> Number:
    text = from_superscript(token.text)
    if not re.fullmatch(r"[-+]?[0-9]{1,9}", text):
        raise TextError("invalid-exponent", f"{token.text!r} is not an exponent", token.start, token.end)
    return Number(Fraction(text))


def _negative(expression: Expression) -> Expression:
    match expression:
        case Number(value):
            return Number(-value)
        case Product(factors):
            return Product((MINUS_ONE, *factors))
    return Product((MINUS_ONE, expression))


def _power(base: Expression, exponent: Expression, token: _Token) -> Power:
    """base ^ exponent, refused where it divides by zero or no reader could have meant so large a number."""
    value = constant(exponent)
    if value is None:
        return Power(base, exponent)
    if abs(value) > MAX_EXPONENT or _digits(value) > MAX_DIGITS:
        raise TextError("invalid-exponent", f"an exponent is at most {MAX_EXPONENT}", token.start, token.end)
    number = constant(base)
    if number == 0 and value < 0:
        raise TextError("infinite-value", "division by zero", token.start, token.end)
    if number is not None and abs(value) != 1 and _digits(number) * abs(value) > MAX_DIGITS:
        raise TextError("oversized-number", "this number is too large", token.start, token.end)
    return Power(base, Number(value))


def _digits(number: Fraction) -> float:
    """Decimal digits of the longer of numerator and denominator, none for ±1."""
    return math.log10(max(abs(number.numerator), number.denominator))


# ---------------------------------------------------------------- walking

T = TypeVar("T")


def _operands(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Sum(terms):
            return terms
        case Product(factors):
            return factors
        case Power(base, exponent):
            return (base, exponent)
        case Call(_, arguments):
            return arguments
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Every node of the tree, a node before its operands, from left to right."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(_operands(node)))


def fold(expression: Expression, combine: Callable[[Expression, Sequence[T]], T]) -> T:
    """combine(node, results of its operands), from the leaves up.

    `count(…)` is a leaf: it asks how many there are of what it names, not for a value.
    """
    waiting = [(expression, False)]
    done: list[T] = []
    while waiting:
        node, ready = waiting.pop()
        operands = () if isinstance(node, Call) and node.function == "count" else _operands(node)
        if operands and not ready:
            waiting.append((node, True))
            waiting.extend((operand, False) for operand in reversed(operands))
        else:
            first = len(done) - len(operands)
            done[first:] = [combine(node, done[first:])]
    return done[0]


def names(expression: Expression) -> tuple[Name, ...]:
    """Every name as often as it occurs, from left to right, those in `count(…)` included."""
    return tuple(node for node in walk(expression) if isinstance(node, Name))


def rebuild(node: Expression, operands: Sequence[Expression]) -> Expression:
    """The node with other operands, for use in fold()."""
    match node:
        case Sum():
            return Sum(tuple(operands))
        case Product():
            return Product(tuple(operands))
        case Power():
            return Power(operands[0], operands[1])
        case Call(function) if operands:
            return Call(function, tuple(operands), node.start, node.end)
    return node


def substitute(expression: Expression, replace: Callable[[Name], Expression]) -> Expression:
    """The expression with `replace(name)` for each name outside `count(…)`."""
    return fold(
        expression,
        lambda node, operands: replace(node) if isinstance(node, Name) else rebuild(node, operands),
    )


def constant(expression: Expression) -> Fraction | None:
    """The exact value of an expression of numbers, None where there are names, functions or roots."""
    if isinstance(expression, Number):
        return expression.value
    if any(isinstance(node, Name | Call) for node in walk(expression)):
        return None
    return fold(expression, _constant)


def _constant(node: Expression, operands: Sequence[Fraction | None]) -> Fraction | None:
    values = [value for value in operands if value is not None]
    if len(values) < len(operands):
        return None
    match node:
        case Number(value):
            return value
        case Sum():
            return sum(values, Fraction(0))
        case Product():
            return math.prod(values, start=Fraction(1))
    base, exponent = values
    whole = exponent.denominator == 1 and abs(exponent) <= MAX_EXPONENT
    return base**exponent.numerator if whole and (base or exponent >= 0) else None


# ---------------------------------------------------------------- evaluating


def evaluate(expression: Expression, value_of: Callable[[Name], float]) -> float:
    """The value in floating point. Raises ValueError where there is none: ln(-1), 1/0, beyond 1e308."""

    def value(node: Expression, operands: Sequence[float]) -> float:
        try:
            result = _value(node, operands, value_of)
        except (ValueError, ArithmeticError):
            result = math.nan
        if not math.isfinite(result):
            raise ValueError(f"{to_text(node)} has no finite value")
        return result

    return fold(expression, value)


def _value(node: Expression, operands: Sequence[float], value_of: Callable[[Name], float]) -> float:
    match node:
        case Number(value):
            return float(value)
        case Name():
            return value_of(node)
        case Sum():
            return math.fsum(operands)
        case Product():
            return math.prod(operands)
        case Power():
            return math.pow(operands[0], operands[1])
        case Call("abs"):
            return abs(operands[0])
        case Call("count"):
            raise ValueError("a count has no value before there are parts")
        case Call(function) if function in _COLLECTING:
            return _COLLECTING[function](operands)
    return _ELEMENTARY[node.function](operands[0])


# ---------------------------------------------------------------- dimensions


class DimensionMismatch(Exception):  # noqa: N818 - a finding, caught by the dimension check
    """Two dimensions that would have to be equal: of two terms, or of an argument and what its place demands
    (then `second` is None)."""

    def __init__(
        self,
        message: str,
        first: Expression,
        first_dimension: Dimension,
        second: Expression | None,
        second_dimension: Dimension,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.first = first
        self.first_dimension = first_dimension
        self.second = second
        self.second_dimension = second_dimension

    def table(self) -> tuple[str, ...]:
        """Both expressions with their dimensions, below each other."""
        second = "expected" if self.second is None else to_text(self.second)
        return aligned([(to_text(self.first), self.first_dimension), (second, self.second_dimension)])


def dimension_of(expression: Expression, dimension: Callable[[Name], Dimension]) -> Dimension:
    """The dimension of an expression whose names have the given dimensions.

    Raises DimensionMismatch where terms differ, or an argument or exponent is not dimensionless. A literal 0
    fits any dimension, and has none by itself.
    """

    # None stands for the dimension of a literal 0.
    def measure(node: Expression, operands: Sequence[Dimension | None]) -> Dimension | None:
        match node:
            case Number(value):
                return DIMENSIONLESS if value else None
            case Name():
                return dimension(node)
            case Sum(terms):
                return _common("the terms of a sum differ in dimension", terms, operands)
            case Product():
                known = [d for d in operands if d is not None]
                return math.prod(known, start=DIMENSIONLESS) if len(known) == len(operands) else None
            case Power(base, exponent):
                return _of_power(base, exponent, *operands)
            case Call("count"):
                return DIMENSIONLESS
            case Call(function, arguments) if function in _COLLECTING:
                return _common(f"the arguments of {function} differ in dimension", arguments, operands)
            case Call("abs"):
                return operands[0]
        _demand_dimensionless(f"the argument of {node.function}", node.arguments[0], operands[0])
        return DIMENSIONLESS

    return fold(expression, measure) or DIMENSIONLESS


def _common(
    message: str, terms: Sequence[Expression], dimensions: Sequence[Dimension | None]
) -> Dimension | None:
    first = next((i for i, d in enumerate(dimensions) if d is not None), 0)
    common = dimensions[first]
    for term, dimension in zip(terms, dimensions, strict=True):
        if dimension is not None and common is not None and dimension != common:
            raise DimensionMismatch(message, terms[first], common, term, dimension)
    return common


def _of_power(
    base: Expression, exponent: Expression, of_base: Dimension | None, of_exponent: Dimension | None
) -> Dimension | None:
    _demand_dimensionless("an exponent", exponent, of_exponent)
    if of_base is None or of_base.is_dimensionless:
        return of_base
    number = constant(exponent)
    if number is None:
        message = "an exponent that is not a plain number needs a dimensionless base"
        raise DimensionMismatch(message, base, of_base, None, DIMENSIONLESS)
    return of_base**number


def _demand_dimensionless(what: str, expression: Expression, dimension: Dimension | None) -> None:
    if dimension is not None and not dimension.is_dimensionless:
        message = f"{what} must be dimensionless"
        raise DimensionMismatch(message, expression, dimension, None, DIMENSIONLESS)


# ---------------------------------------------------------------- printing


@dataclass(frozen=True, slots=True)
class _Printed:
    """A sub-expression as text, ready to take its place in a fraction.

    A sum has its text in `terms`; anything else is ±(product of `over`)/(product of `under`), an empty
    product being 1. `atom` says that the whole may carry an exponent without brackets.
    """

    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    negative: bool = False
    terms: str | None = None
    atom: bool = False

    def __str__(self) -> str:
        if self.terms is not None:
            return self.terms
        divisor = f"({'·'.join(self.under)})" if len(self.under) > 1 else "".join(self.under)
        sign = "-" if self.negative else ""
        return sign + ("·".join(self.over) or "1") + (f"/{divisor}" if divisor else "")

    def as_factor(self) -> _Printed:
        return self if self.terms is None else _Printed((f"({self.terms})",))

    def as_base(self) -> str:
        return str(self) if self.atom else f"({self})"


def to_text(expression: Expression) -> str:
    """The expression as a physicist writes it, with the fewest brackets: `2·π·orbit_radius/speed`.

    parse() reads it back as an expression of the same value.
    """
    return str(fold(expression, _printed))


def _printed(node: Expression, operands: Sequence[_Printed]) -> _Printed:
    match node:
        case Number(value):
            return _printed_number(value)
        case Name(parts):
            return _Printed((".".join(parts),), atom=True)
        case Sum():
            return _Printed(terms=_printed_sum([str(term) for term in operands]))
        case Product():
            factors = [factor.as_factor() for factor in operands]
            return _Printed(
                over=tuple(text for factor in factors for text in factor.over),
                under=tuple(text for factor in factors for text in factor.under),
                negative=sum(factor.negative for factor in factors) % 2 == 1,
            )
        case Power(_, exponent):
            return _printed_power(exponent, *operands)
    arguments = ", ".join(map(str, operands)) if operands else ", ".join(map(to_text, node.arguments))
    return _Printed((f"{node.function}({arguments})",), atom=True)


def _printed_sum(terms: Sequence[str]) -> str:
    text = terms[0] if terms else "0"
    for term in terms[1:]:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def _printed_power(exponent: Expression, base: _Printed, printed_exponent: _Printed) -> _Printed:
    if not isinstance(exponent, Number):
        raised = str(printed_exponent) if printed_exponent.atom else f"({printed_exponent})"
        return _Printed((f"{base.as_base()}^{raised}",))
    size = abs(exponent.value)
    if size == 1:
        power = base.as_factor()
    elif size == Fraction(1, 2):
        power = _Printed((f"sqrt({base})",), atom=True)
    else:
        power = _Printed((base.as_base() + superscript(size),))
    if exponent.value > 0:
        return power
    return _Printed(over=power.under, under=power.over, negative=power.negative)


def _printed_number(value: Fraction) -> _Printed:
    """Small fractions as fractions, everything else as decimals where those end."""
    size, negative = abs(value), value < 0
    if size == 1:
        return _Printed(negative=negative, atom=not negative)
    ends = pow(10, size.denominator.bit_length(), size.denominator) == 0
    if size.denominator == 1 and size < 10**9:
        over, under = str(size), ""
    elif ends and (size.denominator not in (2, 4, 8) or size > 10):
        over, under = _decimal(size), ""
    else:
        over, under = str(size.numerator), str(size.denominator)
    return _Printed(
        (over,) if over != "1" else (), (under,) if under else (), negative, atom=not (negative or under)
    )


def _decimal(size: Fraction) -> str:
    """A number whose decimals end, all of them written: `299792458`, `0.02`, `1.602176634e-19`."""
    from decimal import Context, Decimal

    exact = Context(prec=2 * MAX_DIGITS)
    text = str(exact.divide(Decimal(size.numerator), Decimal(size.denominator)).normalize(exact))
    return text.replace("E+", "e").replace("E", "e")
