"""Unit text → factor and dimension. The only door to pint.

We read products and powers ourselves and ask pint for single unit names alone, so nothing that a file says is
ever evaluated. Where pint's own reading would surprise a physicist, ours replaces it or the name is refused.
Names once looked up are kept on disk, because importing pint takes longer than a whole check.
"""

from __future__ import annotations

import json
import math
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from itertools import product
from operator import ne
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from checker import __version__
from checker.dimension import (
    BASE_UNITS,
    DIMENSIONLESS,
    PRINTED_ORDER,
    SUPERSCRIPTS,
    Dimension,
    from_superscript,
)
from checker.errors import TextError

if TYPE_CHECKING:
    from pint import UnitRegistry

MAX_LENGTH = 100
MAX_EXPONENT = 20
MAX_MAGNITUDE = 300
"""Factors beyond 10^±300 would not fit into a float."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written. A magnitude in it times `factor`, and `zero` added, is the magnitude in coherent SI
    units; `zero` is other than 0 for temperature scales alone."""

    text: str
    factor: Fraction
    dimension: Dimension
    zero: Fraction = Fraction(0)


ONE = Unit("", Fraction(1), DIMENSIONLESS)
"""The unit of a bare number."""


def parse_unit(text: str) -> Unit:
    """The unit that `text` names, such as `km/s/Mpc`, `m^3/(kg s^2)`, `µm` or `%`.

    Raises TextError for anything else: unknown names, numbers other than a leading `1/`, and scales that do
    not start at zero (°C, dB).
    """
    unit = parse_scale(text)
    if unit.zero:
        raise _no_factor(unit, 0, len(text))
    return unit


@cache
def parse_scale(text: str) -> Unit:
    """The unit in which a value is written: as `parse_unit` reads it, or a temperature scale alone (`°C`)."""
    if not text.strip():
        raise TextError("missing-unit", "a unit is missing", 0, len(text))
    if len(text) > MAX_LENGTH:
        raise TextError("oversized-text", f"a unit has at most {MAX_LENGTH} characters", 0, len(text))
    tokens = tuple(_tokens(text))
    if len(tokens) == 1 and tokens[0].kind == "name":
        return replace(_named(tokens[0]), text=text)
    reader = _Reader(tokens, len(text))
    unit = reader.product()
    reader.expect("end")
    return replace(unit, text=text)


def coherent(dimension: Dimension) -> str:
    """The coherent SI unit of a dimension, as parse_unit reads it: `kg*m^2/s^2`; `1` where dimensionless."""
    powers = [(BASE_UNITS[i], dimension.exponents[i]) for i in PRINTED_ORDER]
    over = [_power_text(name, exponent) for name, exponent in powers if exponent > 0]
    under = [_power_text(name, -exponent) for name, exponent in powers if exponent < 0]
    divisor = f"({'*'.join(under)})" if len(under) > 1 else "".join(under)
    return ("*".join(over) or "1") + (f"/{divisor}" if divisor else "")


def _power_text(name: str, exponent: Fraction) -> str:
    if exponent == 1:
        return name
    return f"{name}^{exponent}" if exponent.denominator == 1 else f"{name}^({exponent})"


# ---------------------------------------------------------------- products and powers of unit names

_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<superscript>[{SUPERSCRIPTS}]+)
    | (?P<power>\^|\*\*)
    | (?P<times>[*·⋅∙×])
    | (?P<over>/)
    | (?P<open>\() | (?P<close>\))
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<sign>[-+−])
    | (?P<name>(?:Δ?°|[^\W\d]|[%‰℃℉′″])[^\W{SUPERSCRIPTS}]*)""",
    re.VERBOSE,
)


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
            raise TextError("misplaced-character", f"{text[position]!r} has no place in a unit", position)
        if match.lastgroup and match.lastgroup != "space":
            yield _Token(match.lastgroup, match.group(), match.start(), match.end())
        position = match.end()


class _Reader:
    """Recursive descent over the tokens of one unit; MAX_LENGTH bounds how deep it can go."""

    def __init__(self, tokens: tuple[_Token, ...], length: int) -> None:
        self.tokens = (*tokens, _Token("end", "", length, length))
        self.position = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.next
        self.position += 1
        return token

    def expect(self, kind: str) -> None:
        token = self.take()
        if token.kind != kind:
            if kind == "close":
                raise TextError("unbalanced-bracket", "a closing bracket is missing", token.start, token.end)
            message = f"{token.text!r} does not belong in a unit"
            raise TextError("misplaced-character", message, token.start, token.end)

    def product(self) -> Unit:
        """Factors joined by `*`, `/` or a space; a division holds for the next factor alone."""
        unit = self.power()
        divided = False
        while self.next.kind in ("times", "over", "name", "open"):
            token = self.next
            if token.kind in ("times", "over"):
                self.take()
            elif divided:
                raise TextError(
                    "ambiguous-unit",
                    "a space after a division can be read two ways",
                    token.start,
                    token.end,
                    hint="put the divisor in brackets, as in W/(m^2 K)",
                )
            divided = divided or token.kind == "over"
            factor = self.power()
            unit = _product(
                unit, factor if token.kind != "over" else _power(factor, Fraction(-1), token), token
            )
        return unit

    def power(self) -> Unit:
        unit = self.atom()
        token = self.next
        if token.kind == "superscript":
            return _power(unit, _exponent(self.take()), token)
        if token.kind == "power":
            self.take()
            return _power(unit, self.exponent(), token)
        return unit

    def exponent(self) -> Fraction:
        """`2`, `-1`, `0.5`, or in brackets `(1/2)`."""
        if self.next.kind != "open":
            return self.signed_number()
        self.take()
        value = self.signed_number()
        if self.next.kind == "over":
            token = self.take()
            divisor = self.signed_number()
            if not divisor:
                raise TextError("infinite-value", "an exponent divides by zero", token.start, token.end)
            value /= divisor
        self.expect("close")
        return value

    def signed_number(self) -> Fraction:
        negative = False
        if self.next.kind == "sign":
            negative = self.take().text != "+"
        token = self.take()
        if token.kind != "number":
            raise TextError(
                "invalid-exponent",
                "an exponent of a unit is a number",
                token.start,
                max(token.end, token.start + 1),
            )
        return -_exponent(token) if negative else _exponent(token)

    def atom(self) -> Unit:
        token = self.take()
        if token.kind == "open":
            unit = self.product()
            self.expect("close")
            return unit
        if token.kind == "name":
            unit = _named(token)
            if unit.zero:
                raise _no_factor(unit, token.start, token.end)
            return unit
        if token.text == "1":
            return ONE
        if token.kind in ("number", "sign"):
            raise TextError("misplaced-character", "a unit contains no numbers", token.start, token.end)
        raise TextError(
            "missing-unit", "a unit is missing here", token.start, max(token.end, token.start + 1)
        )


def _exponent(token: _Token) -> Fraction:
    try:
        value = Fraction(from_superscript(token.text))
    except ValueError:
        raise TextError(
            "invalid-exponent", f"{token.text!r} is not an exponent", token.start, token.end
        ) from None
    if abs(value) > MAX_EXPONENT:
        raise TextError(
            "invalid-exponent", f"an exponent in a unit is at most {MAX_EXPONENT}", token.start, token.end
        )
    return value


def _product(left: Unit, right: Unit, token: _Token) -> Unit:
    factor = left.factor * right.factor
    return _bounded(factor, left.dimension * right.dimension, token)


def _power(unit: Unit, exponent: Fraction, token: _Token) -> Unit:
    if abs(_magnitude(unit.factor) * exponent) > MAX_MAGNITUDE:
        raise TextError(
            "oversized-number", "this unit is too large or too small to compute with", token.start, token.end
        )
    factor = unit.factor**exponent
    return _bounded(
        factor if isinstance(factor, Fraction) else Fraction(repr(factor)), unit.dimension**exponent, token
    )


def _bounded(factor: Fraction, dimension: Dimension, token: _Token) -> Unit:
    if abs(_magnitude(factor)) > MAX_MAGNITUDE or any(abs(e) > MAX_EXPONENT for e in dimension.exponents):
        raise TextError(
            "oversized-number", "this unit is too large or too small to compute with", token.start, token.end
        )
    return Unit("", factor, dimension)


def _magnitude(factor: Fraction) -> float:
    """log10 of a factor of any size."""
    return math.log10(factor.numerator) - math.log10(factor.denominator)


# ---------------------------------------------------------------- single names


def _named(token: _Token) -> Unit:
    # The micro sign and the letter mu, the ångström sign and the letter Å are the same unit.
    name = unicodedata.normalize("NFKC", token.text)
    known = _known()
    if name not in known:
        known[name] = _look_up(name, token)
        _save(known)
    return known[name]


_DEFINITIONS = (
    "@alias torr = Torr",
    "@alias astronomical_unit = AU",  # in pint an absorbance
    "@alias degree = °",
    "@alias arcminute = ′",
    "@alias arcsecond = ′′",  # as NFKC writes ″
    "ppb = 1e-9",
    "jansky = 1e-26 watt / meter ** 2 / hertz = Jy",
    "parsec_of_iau = 648000 / pi * astronomical_unit = pc = parsec",  # in pint with a tangent
    "newton_meter = newton * meter = Nm",  # in pint a fineness of yarn
    "gauss_in_si = 1e-4 tesla = G = gauss",  # in pint of Gaussian dimension, as the next two
    "maxwell_in_si = 1e-8 weber = Mx = maxwell",
    "oersted_in_si = 1000 / (4 * pi) ampere / meter = Oe = oersted",
)
"""What pint lacks, or reads otherwise than a physicist who writes SI."""

_REFUSED = {
    "k": "write k_B, or * between a number and a constant",
    "R": "write * between a number and a constant",
    "alpha": "write * between a number and a constant",
    "α": "write * between a number and a constant",
    "sigma": "write * between a number and a constant",
    "σ": "write * between a number and a constant",
    "zeta": "write * between a number and a constant",
    "ζ": "write * between a number and a constant",
    "ppt": "it is 1e-12 to some and 1e-3 to others: write 1e-12 or ‰",
    "ton": "write t for 1000 kg, else short_ton or long_ton",
    "Hg": "write mmHg",
}
"""Names that pint knows, or may suggest another for, which are too easily something else."""

_ZEROS = {"degree_Celsius": Fraction("273.15"), "degree_Fahrenheit": Fraction("459.67") * Fraction(5, 9)}
"""Zero of a temperature scale in kelvin, by the name that pint has for it."""


@cache
def _registry() -> UnitRegistry[Fraction]:
    from pint import UnitRegistry

    registry: UnitRegistry[Fraction] = UnitRegistry(non_int_type=Fraction, on_redefinition="ignore")
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


_PINT_DIMENSIONS = (
    "[length]",
    "[mass]",
    "[time]",
    "[current]",
    "[temperature]",
    "[substance]",
    "[luminosity]",
)


def _look_up(name: str, token: _Token) -> Unit:
    from pint.errors import UndefinedUnitError

    registry = _registry()
    if name in _REFUSED:
        message = f"{name!r} is not read as a unit"
        raise TextError("ambiguous-unit", message, token.start, token.end, hint=_REFUSED[name])
    try:
        # pint writes some names with the micro sign
        canonical = registry.get_name(name if registry.parse_unit_name(name) else name.replace("μ", "µ"))
    except UndefinedUnitError:
        raise TextError(
            "unknown-unit", f"unit {name!r} is not known", token.start, token.end, hint=_suggestion(name)
        ) from None
    powers = {dimension: str(e) for dimension, e in registry.get_dimensionality(canonical).items()}
    if not registry._units[canonical].is_multiplicative and canonical not in _ZEROS:
        hint = "write kelvin (K)" if "[temperature]" in powers else "write the plain ratio or the SI unit"
        raise TextError("misplaced-scale", _OWN_ZERO.format(name), token.start, token.end, hint=hint)
    exponents = tuple(Fraction(powers.pop(dimension, 0)) for dimension in _PINT_DIMENSIONS)
    if powers:
        raise TextError(
            "unknown-unit", f"unit {name!r} has no expression in SI units", token.start, token.end
        )
    zero = _ZEROS.get(canonical, Fraction(0))
    if zero:  # its steps are those of the unit for differences
        canonical = f"delta_{canonical}"
    # The text of a factor is exact where pint computed with fractions, and as good as its float elsewhere.
    factor = registry.get_base_units(canonical)[0]
    return Unit(name, Fraction(str(factor)), Dimension(exponents), zero)


def _no_factor(unit: Unit, start: int, end: int) -> TextError:
    steps = "delta_degC" if unit.factor == 1 else "delta_degF"
    return TextError(
        "misplaced-scale", _OWN_ZERO.format(unit.text), start, end, hint=f"write K, or {steps} for its steps"
    )


_OWN_ZERO = "the scale of {!r} does not start at zero, so it is no unit to multiply with"


_LETTERS = "smgAKNJWVCFTHL"
"""Units of one letter that a slip may have doubled or extended."""


def _suggestion(name: str) -> str | None:
    """What was probably meant: other capitals, of two letters the one that is a unit, else a close word."""
    from difflib import get_close_matches

    registry = _registry()
    cases = product(*({c.lower(), c.upper()} for c in name)) if len(name) <= 5 else [tuple(name.lower())]
    close = ["".join(letters) for letters in cases if registry.parse_unit_name("".join(letters))]
    close.sort(key=lambda s: (sum(map(ne, s, name)), s not in BASE_UNITS))
    if not close and len(name) > 2 and name.endswith("s") and registry.parse_unit_name(name[:-1]):
        close = [name[:-1]]
    if not close and len(name) == 2:
        close = [letter for letter in name if letter in _LETTERS]
    if not close and len(name) >= 3:
        words = [unit for unit in dir(registry) if unit.isalpha()]
        close = get_close_matches(name.lower(), words, n=1, cutoff=0.8)
    return f"did you mean {' or '.join(map(repr, close[:2]))}?" if close else None


# ---------------------------------------------------------------- names kept on disk

_MAX_CACHE_BYTES = 1_000_000
_RATIONAL = re.compile(r"-?[0-9]{1,400}(?:/[0-9]{1,400})?")


@cache
def _known() -> dict[str, Unit]:
    """Names looked up so far, in this run or an earlier one."""
    path = _cache_path()
    try:
        if path is None or path.stat().st_size > _MAX_CACHE_BYTES:
            return {}
        entries = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    units = (_restored(name, entry) for name, entry in entries.items())
    return {unit.text: unit for unit in units if unit is not None}


def _restored(name: str, entry: object) -> Unit | None:
    """A unit as kept on disk, None where the entry is not one that we could have written."""
    if not (isinstance(entry, list) and len(entry) == 2 + len(BASE_UNITS)):
        return None
    if not all(isinstance(number, str) and _RATIONAL.fullmatch(number) for number in entry):
        return None
    try:
        factor, zero, *exponents = (Fraction(number) for number in entry)
    except ZeroDivisionError:
        return None
    if (
        factor <= 0
        or zero not in (0, *_ZEROS.values())
        or abs(_magnitude(factor)) > MAX_MAGNITUDE
        or any(abs(e) > MAX_EXPONENT for e in exponents)
    ):
        return None
    return Unit(name, factor, Dimension(tuple(exponents)), zero)


def _save(known: dict[str, Unit]) -> None:
    """Keep the names for later runs. A folder that cannot be written costs time, never a result."""
    from tempfile import NamedTemporaryFile

    path = _cache_path()
    if path is None:
        return
    entries = {
        name: [str(number) for number in (unit.factor, unit.zero, *unit.dimension.exponents)]
        for name, unit in known.items()
    }
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            temporary = Path(file.name)
            json.dump(entries, file, ensure_ascii=False)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _cache_path() -> Path | None:
    """The file for this version, pint's and our definitions, None where there is no home to keep it in."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        folder = folder if folder.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    ours = crc32(repr((_DEFINITIONS, sorted(_REFUSED), _ZEROS)).encode())
    return folder / "checker" / f"units-{__version__}-{_pint_version()}-{ours:08x}.json"


@cache
def _pint_version() -> str:
    """Read off the name of pint's metadata folder: importlib.metadata would take several milliseconds."""
    spec = find_spec("pint")
    if spec is None or spec.origin is None:
        return "unknown"
    site = Path(spec.origin).parent.parent
    return next((path.stem.partition("-")[2] for path in site.glob("pint-*.dist-info")), "unknown")
