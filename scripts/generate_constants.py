"""The CODATA 2022 table that scipy carries → `rules/constants.yaml`.

Run it from the repository's root: `.venv/bin/python scripts/generate_constants.py`.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from scipy.constants import physical_constants

TARGET = Path(__file__).parent.parent / "rules" / "constants.yaml"
CODATA = "CODATA 2022"

HEADER = f"""\
# Constants of nature, in use in every scenario: {CODATA} as scipy.constants carries it.
# Written by scripts/generate_constants.py; change that, not this file.
# Constants fixed by the SI are exact, and those that follow from them are given by their expression rather
# than by rounded digits. The others are measured; the brackets hold one standard uncertainty.
"""

# name: (symbol, name in the CODATA table)
EXACT = {
    "c": (None, "speed of light in vacuum"),
    "h": (None, "Planck constant"),
    "e": (None, "elementary charge"),
    "k_B": (None, "Boltzmann constant"),
    "N_A": (None, "Avogadro constant"),
    "delta_nu_Cs": ("ΔνCs", "hyperfine transition frequency of Cs-133"),
    "K_cd": (None, "luminous efficacy"),
    "g_n": (None, "standard acceleration of gravity"),
}

# name: (symbol, expression, name in the CODATA table)
DERIVED = {
    "hbar": ("ħ", "h/(2*pi)", "reduced Planck constant"),
    "R": (None, "N_A*k_B", "molar gas constant"),
    "F": (None, "N_A*e", "Faraday constant"),
    "Phi_0": ("Φ₀", "h/(2*e)", "mag. flux quantum"),
    "K_J": (None, "2*e/h", "Josephson constant"),
    "R_K": (None, "h/e^2", "von Klitzing constant"),
    "G_0": ("G₀", "2*e^2/h", "conductance quantum"),
    "sigma": ("σ", "2*pi^5*k_B^4/(15*h^3*c^2)", "Stefan-Boltzmann constant"),
    "c_1": ("c₁", "2*pi*h*c^2", "first radiation constant"),
    "c_2": ("c₂", "h*c/k_B", "second radiation constant"),
}

# name: (symbol, name in the CODATA table)
MEASURED = {
    "alpha": ("α", "fine-structure constant"),
    "epsilon_0": ("ε₀", "vacuum electric permittivity"),
    "mu_0": ("μ₀", "vacuum mag. permeability"),
    "Z_0": ("Z₀", "characteristic impedance of vacuum"),
    "G": (None, "Newtonian constant of gravitation"),
    "m_e": (None, "electron mass"),
    "m_mu": ("m_μ", "muon mass"),
    "m_tau": ("m_τ", "tau mass"),
    "m_p": (None, "proton mass"),
    "m_n": (None, "neutron mass"),
    "m_d": (None, "deuteron mass"),
    "m_t": (None, "triton mass"),
    "m_alpha": ("m_α", "alpha particle mass"),
    "m_u": (None, "atomic mass constant"),
    "a_0": ("a₀", "Bohr radius"),
    "R_inf": (None, "Rydberg constant"),
    "E_h": (None, "Hartree energy"),
    "r_e": (None, "classical electron radius"),
    "lambda_C": ("λ_C", "Compton wavelength"),
    "sigma_e": ("σ_e", "Thomson cross section"),
    "mu_B": ("μ_B", "Bohr magneton"),
    "mu_N": ("μ_N", "nuclear magneton"),
    "mu_e": ("μ_e", "electron mag. mom."),
    "mu_p": ("μ_p", "proton mag. mom."),
    "mu_n": ("μ_n", "neutron mag. mom."),
    "g_e": (None, "electron g factor"),
    "a_e": (None, "electron mag. mom. anomaly"),
    "r_p": (None, "proton rms charge radius"),
    "r_d": (None, "deuteron rms charge radius"),
    "m_P": (None, "Planck mass"),
    "l_P": (None, "Planck length"),
    "t_P": (None, "Planck time"),
}


def concise(value: float, uncertainty: float) -> str:
    """The value with its uncertainty's two digits in brackets, as CODATA prints it: `6.67430(15)e-11`."""
    number, doubt = Decimal(repr(value)), Decimal(repr(uncertainty))
    last_place = doubt.adjusted() - 1  # CODATA gives every uncertainty to two digits
    exponent = 0 if 0 <= number.adjusted() <= 3 else number.adjusted()
    mantissa = number.scaleb(-exponent)
    digits = f"{mantissa:.{exponent - last_place}f}({int(doubt.scaleb(-last_place))})"
    return f"{digits}e{exponent}" if exponent else digits


def unit_of(codata_name: str) -> str:
    """The unit of the table, a joule per hertz written as a joule second."""
    unit: str = physical_constants[codata_name][1]
    return unit.replace("Hz^-1", "s")


def entry(name: str, symbol: str | None, value: str, source: str, exact: bool = False) -> str:
    fields = [f"value: {value}"]
    fields += ["exact: true"] if exact else []
    fields += [f"symbol: {symbol}"] if symbol else []
    fields += [f'source: "{source}"']
    return f"  {name}: {{{', '.join(fields)}}}"


def constants_yaml() -> str:
    if physical_constants["electron mass"][0] != 9.1093837139e-31:
        raise SystemExit(f"this scipy does not carry {CODATA}; scipy 1.15 or newer does")
    lines = [HEADER + "constants:"]
    pi = "3.14159265358979323846264338327950288419716939937511"
    lines.append(entry("pi", "π", pi, "circumference of a circle over its diameter", exact=True))
    for name, (symbol, codata_name) in EXACT.items():
        value = f"{physical_constants[codata_name][0]!r} {unit_of(codata_name)}".replace(".0 ", " ")
        lines.append(entry(name, symbol, value, f"{CODATA}, {codata_name}", exact=True))
    lines.append("")
    for name, (symbol, expression, codata_name) in DERIVED.items():
        lines.append(entry(name, symbol, expression, f"{CODATA}, {codata_name}"))
    lines.append("")
    for name, (symbol, codata_name) in MEASURED.items():
        number, _, uncertainty = physical_constants[codata_name]
        value = f"{concise(number, uncertainty)} {unit_of(codata_name)}".strip()
        lines.append(entry(name, symbol, value, f"{CODATA}, {codata_name}"))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(constants_yaml(), encoding="utf-8")
