"""The CODATA tables that scipy carries → `rules/constants.yaml` and a pack for each earlier edition.

Run it from the repository's root: `.venv/bin/python -m scripts.generate_constants`.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from pathlib import Path

from scripts.codata_tables import table

RULES = Path(__file__).parent.parent / "rules"
LATEST = 2022
EARLIER = (2010, 2014, 2018)
PI = "3.14159265358979323846264338327950288419716939937511"

HEADER = """\
# Constants of nature, in use in every scenario: CODATA 2022 as scipy.constants carries it.
# Written by scripts/generate_constants.py; change that, not this file.
# Constants fixed by the SI are exact, and those that follow from them are given by their expression rather
# than by rounded digits. The others are measured; the brackets hold one standard uncertainty.
"""
EARLIER_HEADER = """\
# Constants of nature as they stood in CODATA {edition}, from scipy.constants. Where this pack is in use, they
# are those of the scenario. Written by scripts/generate_constants.py; change that, not this file.
# {what_is_exact}
# Constants that follow from others are given by their expression; the brackets hold one standard uncertainty.
replaces: constants
"""
IN_THE_OLD_SI = (
    "In the SI of then, c and μ₀ = 4π·10⁻⁷ N/A² were exact, and so ε₀ and Z₀; h, e, k and N_A were not."
)
IN_THE_NEW_SI = "c, h, e, k and N_A are exact, as in the SI since 2019; μ₀ and ε₀ are measured."

# name: (symbol, name in the CODATA table)
DEFINING = {
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
    "m_h": (None, "helion mass"),
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

FORMER_NAMES = {
    "reduced Planck constant": "Planck constant over 2 pi",
    "vacuum electric permittivity": "electric constant",
    "vacuum mag. permeability": "mag. constant",
}
EXACT_IN_THE_OLD_SI = {"epsilon_0": "1/(mu_0*c^2)", "Z_0": "mu_0*c"}


def magnetic_constant() -> str:
    """4π·10⁻⁷, to all the digits that π is given to."""
    with localcontext(prec=60):
        return f"{(4 * Decimal(PI)).scaleb(-1).quantize(Decimal(1).scaleb(-48))}e-6"


def value_of(name: str, codata_name: str, edition: int) -> tuple[str, bool] | None:
    """The value in an edition, and whether it is exact; None where the edition has none."""
    found = table(edition).get(codata_name)
    if found is None:
        return None
    if name in DERIVED:
        return DERIVED[name][1], False
    if not found.truncated:
        return found.concise, found.exact
    if name == "mu_0":
        return f"{magnetic_constant()} {found.unit}", True
    return EXACT_IN_THE_OLD_SI[name], False


def entry(name: str, symbol: str | None, value: str, source: str, exact: bool = False) -> str:
    fields = [f"value: {value}"]
    fields += ["exact: true"] if exact else []
    fields += [f"symbol: {symbol}"] if symbol else []
    fields += [f'source: "{source}"']
    return f"  {name}: {{{', '.join(fields)}}}"


def header(edition: int) -> str:
    if edition == LATEST:
        return HEADER
    what_is_exact = IN_THE_OLD_SI if edition < 2018 else IN_THE_NEW_SI
    return EARLIER_HEADER.format(edition=edition, what_is_exact=what_is_exact)


def constants_yaml(edition: int = LATEST) -> str:
    """The text of the pack with an edition's constants."""
    lines = [header(edition) + "constants:"]
    lines.append(entry("pi", "π", PI, "circumference of a circle over its diameter", exact=True))
    derived = {name: (symbol, codata_name) for name, (symbol, _, codata_name) in DERIVED.items()}
    for number, group in enumerate((DEFINING, derived, MEASURED)):
        lines += [""] if number else []
        for name, (symbol, latest_name) in group.items():
            codata_name = latest_name
            if latest_name not in table(edition):
                codata_name = FORMER_NAMES.get(latest_name, latest_name)
            found = value_of(name, codata_name, edition)
            if found is not None:
                lines.append(entry(name, symbol, found[0], f"CODATA {edition}, {codata_name}", found[1]))
    return "\n".join(lines) + "\n"


def targets() -> dict[Path, str]:
    """The files that this script writes, and what is to stand in them."""
    packs = {RULES / f"codata-{edition}.yaml": constants_yaml(edition) for edition in EARLIER}
    return {RULES / "constants.yaml": constants_yaml(), **packs}


if __name__ == "__main__":
    for target, text in targets().items():
        target.write_text(text, encoding="utf-8")
