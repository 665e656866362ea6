"""An edition's table of CODATA → a scenario that states its printed values to the pack `codata-relations`.

Run it from the repository's root to write those of the gallery:
`.venv/bin/python -m scripts.generate_adjustments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scripts.codata_tables import Entry, table

GALLERY = Path(__file__).parent.parent / "scenarios" / "gallery"
IN_THE_GALLERY = (2010, 2022)

# quantity of the adjustment: its name in the table, with former names after a bar
OF_THE_TABLE = {
    "planck_constant": "Planck constant",
    "reduced_planck_constant": "reduced Planck constant|Planck constant over 2 pi",
    "planck_constant_in_ev": "Planck constant in eV/Hz|Planck constant in eV s",
    "elementary_charge": "elementary charge",
    "boltzmann_constant": "Boltzmann constant",
    "boltzmann_constant_in_ev": "Boltzmann constant in eV/K",
    "boltzmann_frequency": "Boltzmann constant in Hz/K",
    "avogadro_constant": "Avogadro constant",
    "molar_gas_constant": "molar gas constant",
    "faraday_constant": "Faraday constant",
    "stefan_boltzmann_constant": "Stefan-Boltzmann constant",
    "first_radiation_constant": "first radiation constant",
    "second_radiation_constant": "second radiation constant",
    "wien_displacement_constant": "Wien wavelength displacement law constant",
    "electron_volt": "electron volt",
    "electron_volt_frequency": "electron volt-hertz relationship",
    "magnetic_constant": "vacuum mag. permeability|mag. constant",
    "electric_constant": "vacuum electric permittivity|electric constant",
    "vacuum_impedance": "characteristic impedance of vacuum",
    "magnetic_flux_quantum": "mag. flux quantum",
    "josephson_constant": "Josephson constant",
    "von_klitzing_constant": "von Klitzing constant",
    "conductance_quantum": "conductance quantum",
    "fine_structure_constant": "fine-structure constant",
    "inverse_of_fine_structure_constant": "inverse fine-structure constant",
    "rydberg_constant": "Rydberg constant",
    "rydberg_frequency": "Rydberg constant times c in Hz",
    "rydberg_energy": "Rydberg constant times hc in J",
    "rydberg_energy_in_ev": "Rydberg constant times hc in eV",
    "hartree_energy": "Hartree energy",
    "hartree_energy_in_ev": "Hartree energy in eV",
    "bohr_radius": "Bohr radius",
    "classical_electron_radius": "classical electron radius",
    "thomson_cross_section": "Thomson cross section",
    "quantum_of_circulation": "quantum of circulation",
    "atomic_mass_constant": "atomic mass constant",
    "atomic_mass_energy": "atomic mass constant energy equivalent",
    "atomic_mass_energy_in_mev": "atomic mass constant energy equivalent in MeV",
    "molar_mass_constant": "molar mass constant",
    "bohr_magneton": "Bohr magneton",
    "bohr_magneton_in_ev": "Bohr magneton in eV/T",
    "bohr_magneton_frequency": "Bohr magneton in Hz/T",
    "bohr_magneton_temperature": "Bohr magneton in K/T",
    "nuclear_magneton": "nuclear magneton",
    "nuclear_magneton_in_ev": "nuclear magneton in eV/T",
    "nuclear_magneton_frequency": "nuclear magneton in MHz/T",
    "nuclear_magneton_temperature": "nuclear magneton in K/T",
    "newtonian_constant": "Newtonian constant of gravitation",
    "newtonian_constant_in_gev": "Newtonian constant of gravitation over h-bar c",
    "planck_mass": "Planck mass",
    "planck_length": "Planck length",
    "planck_time": "Planck time",
    "planck_temperature": "Planck temperature",
    "planck_energy_in_gev": "Planck mass energy equivalent in GeV",
}

# particle: its kind
PARTICLES = {
    "electron": "adjusted-lepton",
    "proton": "adjusted-nucleon",
    "neutron": "adjusted-nucleon",
}

# quantity of a particle: its name in the table with the particle's name for {}
OF_A_PARTICLE = {
    "particle_mass": "{} mass",
    "mass_in_u": "{} mass in u",
    "mass_energy": "{} mass energy equivalent|{} energy equivalent",
    "mass_energy_in_mev": "{} mass energy equivalent in MeV",
    "mass_of_a_mole": "{} molar mass",
    "mass_in_electron_masses": "{}-electron mass ratio",
    "mass_in_proton_masses": "{}-proton mass ratio",
    "mass_in_neutron_masses": "{}-neutron mass ratio",
    "compton_wavelength": "{} Compton wavelength",
    "reduced_compton_wavelength": "reduced {} Compton wavelength|{} Compton wavelength over 2 pi",
    "charge_over_mass": "{} charge to mass quotient",
    "magnetic_moment": "{} mag. mom.",
    "moment_in_bohr_magnetons": "{} mag. mom. to Bohr magneton ratio",
    "moment_in_nuclear_magnetons": "{} mag. mom. to nuclear magneton ratio",
    "moment_in_electron_moments": "{}-electron mag. mom. ratio",
    "moment_in_proton_moments": "{}-proton mag. mom. ratio|{} to proton mag. mom. ratio",
    "moment_in_neutron_moments": "{}-neutron mag. mom. ratio",
    "g_factor": "{} g factor",
    "gyromagnetic_ratio": "{} gyromag. ratio",
    "gyromagnetic_frequency": "{} gyromag. ratio in MHz/T|{} gyromag. ratio over 2 pi",
}

# The electron's own are printed without its name.
ELECTRON = {
    "compton_wavelength": "Compton wavelength",
    "reduced_compton_wavelength": "reduced Compton wavelength|Compton wavelength over 2 pi",
}

# Units whose size each adjustment finds anew: the number alone is stated.
NOT_OF_THE_SI = ("GeV", "MeV", "eV", "u", "(GeV/c^2)^-2")

HEAD = """\
# What CODATA {edition} recommends, as printed but for the signs, against the relations that it was computed
# with. The numbers of one adjustment are rounded, and otherwise agree, whatever their uncertainties.
# Written by scripts/generate_adjustments.py; change that, not this file.
scenario: CODATA {edition} against itself
source: CODATA {edition}, as scipy.constants carries it
use: [codata-relations]
agreement: {agreement}
systems:
  codata:
    is: adjustment
    parts:
{parts}
given:
{given}
expect: no contradiction
"""


def stated(edition: int) -> dict[str, tuple[str, Entry]]:
    """What an edition says of each quantity: the source and the entry, by the quantity's path."""
    paths = {f"codata.{quantity}": names for quantity, names in OF_THE_TABLE.items()}
    for particle in PARTICLES:
        patterns = {**OF_A_PARTICLE, **(ELECTRON if particle == "electron" else {})}
        for quantity, names in patterns.items():
            paths[f"codata.{particle}.{quantity}"] = names.format(*[particle.replace("_", " ")] * 2)
    found = {}
    for path, names in paths.items():
        for name in names.split("|"):
            if name in table(edition):
                found[path] = (f"CODATA {edition}, {name}", table(edition)[name])
                break
    return found


def value(entry: Entry) -> str:
    """The entry as the fields of a given value; what is truncated is good to one unit in its last digit."""
    unit = " ".join(word for word in entry.unit.split(" ") if word not in NOT_OF_THE_SI)
    doubt = "" if entry.doubt is None else f"({entry.doubt})"
    text = f"{entry.digits.removeprefix('-')}{doubt}{entry.power} {unit}".strip()
    if entry.truncated:
        return f"value: {text}, within: {entry.last_place.split(' ')[0]} {unit}".strip()
    return f"value: {text}, exact: true" if entry.exact else f"value: {text}"


def scenario(edition: int, agreement: str, swapped: Mapping[str, tuple[str, Entry]] | None = None) -> str:
    """The scenario of an edition, with values `swapped` in from others where there are any."""
    parts = [f"      {name}: {{is: {kind}}}" for name, kind in PARTICLES.items()]
    given = [
        f'  {path}: {{{value(entry)}, status: measurement, source: "{source}"}}'
        for path, (source, entry) in {**stated(edition), **(swapped or {})}.items()
    ]
    return HEAD.format(edition=edition, agreement=agreement, parts="\n".join(parts), given="\n".join(given))


def targets() -> dict[Path, str]:
    """The files that this script writes, and what is to stand in them."""
    return {GALLERY / f"codata-{edition}.yaml": scenario(edition, "rounding") for edition in IN_THE_GALLERY}


if __name__ == "__main__":
    for target, text in targets().items():
        target.write_text(text, encoding="utf-8")
