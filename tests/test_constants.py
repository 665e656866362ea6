"""The constants shipped are those of each edition of CODATA, digit by digit."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
import sympy
import yaml
from scipy.constants import _codata

from checker.expression import evaluate, parse
from checker.load import load_vocabulary
from scripts.generate_constants import targets

RULES = Path(__file__).parent.parent / "rules"
PACKS = {
    2022: "constants",
    **{int(path.stem[-4:]): path.stem for path in sorted(RULES.glob("codata-[0-9]*.yaml"))},
}
CONSTANTS: dict[int, dict[str, dict[str, Any]]] = {
    edition: yaml.load((RULES / f"{pack}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)["constants"]
    for edition, pack in PACKS.items()
}
NUMBER = re.compile(
    r"(?P<digits>-?\d+(?:\.(?P<decimals>\d+))?)(?:\((?P<doubt>\d+)\))?(?P<power>e[+-]?\d+)?( .+)?"
)
OF_ALL = [(edition, name) for edition, found in CONSTANTS.items() for name in found if name != "pi"]


def codata(edition: int, name: str) -> tuple[float, str, float]:
    """What scipy's table of that edition says: value, unit and standard uncertainty."""
    source = CONSTANTS[edition][name]["source"].removeprefix(f"CODATA {edition}, ")
    return tuple(getattr(_codata, f"_physical_constants_{edition}")[source])  # type: ignore[return-value]


def number(edition: int, name: str) -> re.Match[str] | None:
    return NUMBER.fullmatch(CONSTANTS[edition][name]["value"])


def test_pi_has_fifty_decimals() -> None:
    """π is rounded to fifty decimals in every edition."""
    assert {found["pi"]["value"] for found in CONSTANTS.values()} == {str(sympy.pi.n(51))}


@pytest.mark.parametrize(("edition", "name"), [one for one in OF_ALL if number(*one)])
def test_number_and_uncertainty_are_those_of_codata(edition: int, name: str) -> None:
    """Each number and each standard uncertainty equals the one in scipy's table; exact ones have none."""
    match = number(edition, name)
    assert match is not None
    value, unit, uncertainty = codata(edition, name)
    power = match["power"] or ""
    doubt = float(f"{match['doubt'] or 0}e{int(power[1:] or 0) - len(match['decimals'] or '')}")
    assert float(match["digits"] + power) == value
    assert math.isclose(doubt, uncertainty, rel_tol=1e-12)
    assert CONSTANTS[edition][name].get("exact") == ("true" if uncertainty == 0 else None)
    assert CONSTANTS[edition][name]["value"].endswith(unit.replace("Hz^-1", "s"))


def value_of(edition: int, name: str) -> float:
    """The value of a constant, expressions evaluated down to numbers."""
    match = number(edition, name)
    if match:
        return float(match["digits"] + (match["power"] or ""))
    text = CONSTANTS[edition][name]["value"]
    return evaluate(parse(text), lambda one: value_of(edition, one.parts[0]))


@pytest.mark.parametrize(("edition", "name"), [one for one in OF_ALL if not number(*one)])
def test_expressions_give_the_derived_constants_of_codata(edition: int, name: str) -> None:
    """Each constant given by an expression has the value that the table prints, as near as the printed digits
    of its factors can give it: a fifth of its uncertainty, or two parts in 10⁹."""
    value, _, uncertainty = codata(edition, name)
    assert abs(value_of(edition, name) - value) <= max(uncertainty / 5, 2e-9 * value)


def test_what_was_exact_before_2019_is_no_truncated_number() -> None:
    """μ₀ was 4π·10⁻⁷ N/A²: forty-eight decimals of it are there, and ε₀ and Z₀ follow by expression."""
    for edition in (2010, 2014):
        found = CONSTANTS[edition]
        assert found["mu_0"]["value"] == f"{(4 * sympy.pi / 10).n(49)}e-6 N A^-2"
        assert (found["epsilon_0"]["value"], found["Z_0"]["value"]) == ("1/(mu_0*c^2)", "mu_0*c")


def test_names_and_symbols_are_distinct() -> None:
    """No name or symbol stands for two constants, not even where a subscript is written as a plain digit."""
    plain = str.maketrans("₀₁₂", "012")
    for found in CONSTANTS.values():
        named = [(name, name) for name in found]
        named += [
            (field["symbol"].translate(plain), name) for name, field in found.items() if "symbol" in field
        ]
        assert len({spelling for spelling, _ in named}) == len(named)


@pytest.mark.parametrize("edition", sorted(PACKS))
def test_an_edition_has_the_names_and_symbols_of_the_latest(edition: int) -> None:
    """A rule written for the constants of today can be read with those of then."""
    symbols = {name: field.get("symbol") for name, field in CONSTANTS[2022].items()}
    assert {
        name: field.get("symbol") for name, field in CONSTANTS[edition].items()
    }.items() <= symbols.items()
    missing = symbols.keys() - CONSTANTS[edition].keys()
    assert missing == ({"delta_nu_Cs", "K_cd"} if edition < 2018 else set())


@pytest.mark.parametrize("edition", sorted(PACKS.keys() - {2022}))
def test_all_packs_load_with_the_constants_of_then(edition: int) -> None:
    """No built-in pack needs a constant that an earlier edition does not have."""
    others = [path.stem for path in sorted(RULES.glob("*.yaml")) if path.stem not in PACKS.values()]
    found = load_vocabulary([PACKS[edition], *others]).constants
    sources = {str(one.source)[:11] for (one, *_) in found.values()}
    assert {source for source in sources if source.startswith("CODATA")} == {f"CODATA {edition}"}


def test_the_files_are_what_the_script_writes() -> None:
    """No pack of constants was edited by hand, and none is forgotten."""
    assert {path.stem for path in targets()} == set(PACKS.values())
    for path, text in targets().items():
        assert path.read_text(encoding="utf-8") == text
