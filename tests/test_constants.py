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


def test_expressions_give_the_truncated_constants_of_codata() -> None:
    """ħ, R, F, Φ₀, K_J, R_K, G₀, σ, c₁ and c₂ come out of their expressions as in the table."""
    h, e, k, n, c = (physical_constants[CODATA[name]][0] for name in ("h", "e", "k_B", "N_A", "c"))
    by_hand = {
        "hbar": h / (2 * math.pi),
        "R": n * k,
        "F": n * e,
        "Phi_0": h / (2 * e),
        "K_J": 2 * e / h,
        "R_K": h / e**2,
        "G_0": 2 * e**2 / h,
        "sigma": 2 * math.pi**5 * k**4 / (15 * h**3 * c**2),
        "c_1": 2 * math.pi * h * c**2,
        "c_2": h * c / k,
    }
    assert by_hand.keys() == CODATA.keys() - numbers().keys()
    for name, value in by_hand.items():
        assert math.isclose(value, physical_constants[CODATA[name]][0], rel_tol=1e-9), name


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
