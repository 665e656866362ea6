"""The common particles → `rules/particles.yaml`.

Masses that CODATA has are constants of nature, so that an edition of these changes them; those of pions and
kaons come from the Particle Data Group by way of the package `particle`.
Run it from the repository's root: `.venv/bin/python -m scripts.generate_particles`.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from particle import Particle, data

TARGET = Path(__file__).parent.parent / "rules" / "particles.yaml"
SOURCE = "Particle Data Group 2026"
TABLE = "particle2026.csv"

HEADER = """\
# The kinds that other packs speak about, from any body to the common particles. A charge is a magnitude and
# never zero, so that neutral particles have none. A photon has no mass, and is no body here.
# Written by scripts/generate_particles.py; change that, not this file.
quantities:
  mass:   {symbol: m, unit: kg}
  charge: {symbol: q, unit: C, description: magnitude of the electric charge}
"""

# constant: (symbol, what it is, number of the Particle Data Group)
MASSES = {
    "m_pi": ("m_π", "charged pion mass", 211),
    "m_pi0": ("m_π0", "neutral pion mass", 111),
    "m_K": (None, "charged kaon mass", 321),
}

# kind: (mass, charge, number of the Particle Data Group)
PARTICLES = {
    "electron": ("m_e", "e", 11),
    "positron": ("m_e", "e", -11),
    "muon": ("m_mu", "e", 13),
    "tau": ("m_tau", "e", 15),
    "proton": ("m_p", "e", 2212),
    "neutron": ("m_n", None, 2112),
    "deuteron": ("m_d", "e", 1000010020),
    "triton": ("m_t", "e", 1000010030),
    "helion": ("m_h", "2*e", 1000020030),
    "alpha-particle": ("m_alpha", "2*e", 1000020040),
    "charged-pion": ("m_pi", "e", 211),
    "neutral-pion": ("m_pi0", None, 111),
    "charged-kaon": ("m_K", "e", 321),
}


def mass(number: int) -> str:
    """The mass with its uncertainty in the last two digits, in MeV/c²."""
    Particle.load_table(str(data.basepath / TABLE))
    found = Particle.from_pdgid(number)
    assert found.mass is not None and found.mass_upper == found.mass_lower
    value, doubt = Decimal(repr(found.mass)), Decimal(repr(found.mass_upper))
    place = max(doubt.adjusted() - 1, value.as_tuple().exponent)
    assert isinstance(place, int)
    return f"{value:.{-place}f}({int(doubt.scaleb(-place))}) MeV/c^2"


def particles_yaml() -> str:
    lines = [HEADER + "\nconstants:"]
    for name, (symbol, what, number) in MASSES.items():
        shown = f"symbol: {symbol}, " if symbol else ""
        lines.append(f'  {name}: {{value: {mass(number)}, {shown}source: "{SOURCE}, {what}"}}')
    lines += ["", "kinds:"]
    width = max(map(len, ("charged-particle", *PARTICLES))) + 1
    kinds = {"body": "", "particle": "is: body", "charged-particle": "is: particle", "photon": ""}
    for name, (mass_of_it, charge, _) in PARTICLES.items():
        parent = "charged-particle" if charge else "particle"
        kinds[name] = f"is: {parent}, mass: {mass_of_it}" + (f", charge: {charge}" if charge else "")
    lines += [f"  {f'{name}:':<{width}} {{{fields}}}" for name, fields in kinds.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(particles_yaml(), encoding="utf-8")
