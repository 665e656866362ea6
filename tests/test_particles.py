"""The kinds of particles have the masses and charges that their sources give."""

from __future__ import annotations

from pathlib import Path

import pytest
from particle import Particle, data

from checker.load import load_scenario, load_vocabulary
from scripts.generate_particles import MASSES, PARTICLES, SOURCE, TABLE, TARGET, particles_yaml

ROOT = Path(__file__).parent.parent
ELEMENTARY_CHARGE = 1.602176634e-19
MEV = 1e6 * ELEMENTARY_CHARGE / 299792458**2
NAMES = (*PARTICLES, "photon", "charged-particle", "particle", "body")


def number(expression: str) -> float:
    """A mass as a constant of the pack, in kg."""
    constant = load_vocabulary(["particles"]).constants[expression][0]
    assert constant.value.number is not None
    return float(constant.value.number)


@pytest.mark.parametrize("kind", PARTICLES)
def test_mass_and_charge_are_those_of_the_particle_data_group(kind: str) -> None:
    """Each mass agrees to a millionth, or within its uncertainty, and each charge in units of e. The
    masses of nuclei stand there with their electrons."""
    Particle.load_table(str(data.basepath / TABLE))
    Particle.load_table(str(data.basepath / "nuclei2026.csv"), append=True)
    theirs = Particle.from_pdgid(PARTICLES[kind][2])
    defaults = load_vocabulary(["particles"]).kinds[kind].defaults
    assert theirs.mass is not None and theirs.charge is not None
    electrons = theirs.charge if theirs.pdgid.is_nucleus and kind not in ("proton", "neutron") else 0
    charge = {"e": 1.0, "2*e": 2.0}[defaults["charge"].value.text] if "charge" in defaults else 0.0
    alone = theirs.mass - electrons * number("m_e") / MEV
    tolerance = max(theirs.mass_upper or 0, 1e-6 * alone)
    assert abs(number(defaults["mass"].value.text) / MEV - alone) <= tolerance
    assert charge == abs(theirs.charge)


@pytest.mark.parametrize("name", MASSES)
def test_measured_masses_keep_their_uncertainty_and_source(name: str) -> None:
    """Value and standard uncertainty of pions and kaons are the printed ones, and the source is named."""
    Particle.load_table(str(data.basepath / TABLE))
    theirs = Particle.from_pdgid(MASSES[name][2])
    (constant,) = load_vocabulary(["particles"]).constants[name]
    doubt = constant.value.uncertainty
    assert doubt is not None and constant.source == f"{SOURCE}, {MASSES[name][1]}"
    assert number(name) / MEV == pytest.approx(theirs.mass, rel=1e-12)
    assert float(doubt.size) / MEV == pytest.approx(theirs.mass_upper, rel=1e-12)


@pytest.mark.parametrize(
    ("edition", "mass"), [("constants", 9.1093837139e-31), ("codata-2010", 9.10938291e-31)]
)
def test_an_edition_changes_the_mass_of_a_particle(edition: str, mass: float) -> None:
    """What CODATA has is a constant of nature, so that the electron of 2010 is that of 2010."""
    found = load_vocabulary([edition, "particles"])
    assert found.kinds["electron"].defaults["mass"].value.text == "m_e"
    assert float(found.constants["m_e"][0].value.number or 0) == mass


def test_a_particle_has_one_meaning() -> None:
    """No other pack and no scenario that ships has a kind of its own by the name of a particle."""
    own = load_vocabulary(["particles"]).kinds
    everywhere = {**load_vocabulary(()).kinds}
    assert {name: everywhere[name].location for name in NAMES} == {name: own[name].location for name in NAMES}
    for path in sorted((ROOT / "scenarios").rglob("*.yaml")):
        kinds = load_scenario(path).vocabulary.kinds
        elsewhere = [
            name for name in NAMES if name in kinds and not kinds[name].location.path.endswith(TARGET.name)
        ]
        assert elsewhere == [], path


def test_the_file_is_what_the_script_writes() -> None:
    """`rules/particles.yaml` was not edited by hand."""
    assert TARGET.read_text(encoding="utf-8") == particles_yaml()
