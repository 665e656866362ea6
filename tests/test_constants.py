"""The constants shipped are those of CODATA 2022, digit by digit."""

from __future__ import annotations

import math
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import sympy
import yaml
from scipy.constants import physical_constants

from checker.expression import evaluate, parse

ROOT = Path(__file__).parent.parent
CONSTANTS: dict[str, dict[str, Any]] = yaml.load(
    (ROOT / "rules" / "constants.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)["constants"]
CODATA = {
    name: field["source"].removeprefix("CODATA 2022, ") for name, field in CONSTANTS.items() if name != "pi"
}
NUMBER = re.compile(
    r"(?P<digits>-?\d+(?:\.(?P<decimals>\d+))?)(?:\((?P<doubt>\d+)\))?(?P<power>e[+-]?\d+)?( .+)?"
)


def numbers() -> dict[str, re.Match[str]]:
    matches = {name: NUMBER.fullmatch(field["value"]) for name, field in CONSTANTS.items() if name != "pi"}
    return {name: match for name, match in matches.items() if match}


def test_pi_has_fifty_decimals() -> None:
    """π is rounded to fifty decimals."""
    assert CONSTANTS["pi"]["value"] == str(sympy.pi.n(51))


@pytest.mark.parametrize("name", numbers())
def test_number_and_uncertainty_are_those_of_codata(name: str) -> None:
    """Each number and each standard uncertainty equals the one in scipy's table; exact ones have none."""
    match = numbers()[name]
    value, unit, uncertainty = physical_constants[CODATA[name]]
    power = match["power"] or ""
    doubt = float(f"{match['doubt'] or 0}e{int(power[1:] or 0) - len(match['decimals'] or '')}")
    assert float(match["digits"] + power) == value
    assert math.isclose(doubt, uncertainty, rel_tol=1e-12)
    assert CONSTANTS[name].get("exact") == ("true" if uncertainty == 0 else None)
    assert CONSTANTS[name]["value"].endswith(unit.replace("Hz^-1", "s"))


def value_of(name: str) -> float:
    """The value of a constant, expressions evaluated down to numbers."""
    text = CONSTANTS[name]["value"]
    match = NUMBER.fullmatch(text)
    if match:
        return float(match["digits"] + (match["power"] or ""))
    return evaluate(parse(text), lambda one: value_of(one.parts[0]))


@pytest.mark.parametrize("name", sorted(CODATA.keys() - numbers().keys()))
def test_expressions_give_the_truncated_constants_of_codata(name: str) -> None:
    """Each constant given by an expression has the value that the table prints to ten digits or more."""
    assert math.isclose(value_of(name), physical_constants[CODATA[name]][0], rel_tol=1e-9)


def test_names_and_symbols_are_distinct() -> None:
    """No name or symbol stands for two constants, not even where a subscript is written as a plain digit."""
    plain = str.maketrans("₀₁₂", "012")
    named = [(name, name) for name in CONSTANTS]
    named += [
        (field["symbol"].translate(plain), name) for name, field in CONSTANTS.items() if "symbol" in field
    ]
    assert len({spelling for spelling, _ in named}) == len(named)


def test_the_file_is_what_the_script_writes() -> None:
    """`rules/constants.yaml` was not edited by hand."""
    script = runpy.run_path(str(ROOT / "scripts" / "generate_constants.py"))
    assert (ROOT / "rules" / "constants.yaml").read_text(encoding="utf-8") == script["constants_yaml"]()
