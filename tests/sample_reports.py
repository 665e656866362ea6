"""Finished reports as the engine makes them, written by hand so that the writers are tested alone."""

from __future__ import annotations

from checker.model import (
    Case,
    ClaimRef,
    Consequence,
    Contradiction,
    Occurrence,
    Report,
    Side,
    Step,
    Unsettled,
    WayOut,
    Withheld,
)

PACK = "rules/semiclassical.yaml"
HELIUM_FILE = "scenarios/helium.yaml"
PAIR = "helium.pair"
ELECTRON = "helium.pair.electron"


def claim(
    premise: str, status: str, held: bool, entity: str, line: int, source: str | None = None
) -> ClaimRef:
    path = HELIUM_FILE if premise == "helium.radius" else PACK
    text = "31 pm" if premise == "helium.radius" else f"What {premise} says."
    return ClaimRef(premise, status, held, (entity,), path, line, 3, source, text)


def helium() -> Report:
    """Helium whose electron pair shares one quantum: a radius of 31 pm stated, a₀/7 derived."""
    derived = Side(
        value=7.559674436342858e-12,
        unit="m",
        shown="7.560 pm",
        exact="a_0/7",
        claims=(
            "quantum-per-system",
            "angular-momentum-adds",
            "electrons-orbit-at-the-atom-radius",
            "orbital-angular-momentum",
            "two-electron-atom",
        ),
        steps=(
            Step(
                "quantum-per-system", PAIR, "angular_momentum = hbar", "helium.pair.angular_momentum = hbar"
            ),
            Step(
                "angular-momentum-adds",
                PAIR,
                "angular_momentum = sum(parts.angular_momentum)",
                "electron.angular_momentum = hbar/2",
            ),
            Step(
                "electrons-orbit-at-the-atom-radius",
                "helium",
                "electron.orbit_radius = radius",
                "electron.orbit_radius = r",
            ),
            Step(
                "orbital-angular-momentum",
                ELECTRON,
                "angular_momentum = mass * speed * orbit_radius",
                "electron.speed = hbar/(2*m_e*r)",
            ),
            Step(
                "two-electron-atom",
                "helium",
                "nucleus.q*electron.q/(4π*ε0*r²) - electron.q²/(4π*ε0*(2*r)²) = electron.m*electron.v²/r",
                "helium.radius = a_0/7 = 7.560 pm",
            ),
        ),
    )
    given = Side(
        value=31e-12,
        unit="m",
        shown="31 pm",
        exact=None,
        claims=("helium.radius",),
        steps=(Step("helium.radius", "helium", "radius = 31 pm", "helium.radius = 31 pm"),),
    )
    return Report(
        path=HELIUM_FILE,
        title="Helium, if its electron pair shares one quantum ħ",
        source="Pavlov 2025, eqs. (6) and (7)",
        verdict="contradiction",
        contradictions=(
            Contradiction(
                id="c1",
                kind="value",
                proof="exact",
                claims=(
                    claim(
                        "quantum-per-system", "postulate", False, PAIR, 97, "Pavlov 2025, eqs. (3), (5), (6)"
                    ),
                    claim("angular-momentum-adds", "law", True, PAIR, 68, "Pavlov 2025, conclusion"),
                    claim("electrons-orbit-at-the-atom-radius", "definition", True, "helium", 121),
                    claim("orbital-angular-momentum", "definition", True, ELECTRON, 31),
                    claim("two-electron-atom", "model", False, "helium", 112, "Pavlov 2025, eq. (7)"),
                    claim(
                        "helium.radius",
                        "stated",
                        False,
                        "helium",
                        16,
                        "Clementi, Raimondi & Reinhardt 1967, calculated",
                    ),
                ),
                occurrences=(
                    Occurrence(
                        entities=("helium", PAIR, ELECTRON),
                        quantity="helium.radius",
                        sides=(derived, given),
                        ratio=4.100705,
                        ratio_exact=None,
                        sigma=None,
                    ),
                ),
            ),
        ),
        ways_out=(
            WayOut(
                0,
                ("c1",),
                ("quantum-per-system",),
                {f"{PAIR}.angular_momentum": Consequence(2.1355e-34, "J*s", None, "2.03 ħ")},
            ),
            WayOut(
                0,
                ("c1",),
                ("two-electron-atom",),
                {"helium.radius": Consequence(31e-12, "m", None, "31 pm")},
            ),
            WayOut(
                0,
                ("c1",),
                ("helium.radius",),
                {"helium.radius": Consequence(7.559674436342858e-12, "m", "a_0/7", "7.560 pm")},
            ),
        ),
        coverage={
            "claims": 14,
            "holds": 0,
            "tension": 0,
            "conflict": 6,
            "unchecked": 5,
            "undetermined": 1,
            "not_applied": 2,
            "withheld": 0,
        },
        unsettled=(
            Unsettled("unchecked", "orbit-period", ELECTRON, "nothing else speaks about it"),
            Unsettled("unchecked", "orbiting-charge-is-a-current", ELECTRON, "nothing else speaks about it"),
            Unsettled("unchecked", "kinetic-energy", ELECTRON, "nothing else speaks about it"),
            Unsettled("unchecked", "flux-energy", ELECTRON, "nothing else speaks about it"),
            Unsettled("unchecked", "flux-adds", PAIR, "nothing else speaks about it"),
            Unsettled(
                "undetermined", "angular-momentum-adds", "helium", "nothing gives nucleus.angular_momentum"
            ),
            Unsettled("not_applied", "pairs-need-a-short-path", None, "no system states mean_free_path"),
            Unsettled("not_applied", "fluxes-add-in-reverse", None, "not on trial here"),
        ),
        assumptions=("the 2 electrons of helium.pair are alike",),
    )


def flux_of_n() -> Report:
    """The flux of one of n correlated electrons, n = 1 … 4: a factor n² that vanishes for one electron."""
    given = Side(
        5.169e-16,
        "Wb",
        "0.517 fWb",
        "h/(n*e)",
        ("group.magnetic_flux",),
        (Step("group.magnetic_flux", "group", "magnetic_flux = h/(n*e)", "group.magnetic_flux = h/(n*e)"),),
    )
    summed = Side(
        8.27e-15,
        "Wb",
        "16.5 fWb",
        "n*h/e",
        ("quantum-per-particle", "flux-adds"),
        (
            Step(
                "quantum-per-particle",
                "group.electron",
                "angular_momentum = hbar",
                "electron.magnetic_flux = h/e",
            ),
            Step(
                "flux-adds",
                "group",
                "magnetic_flux = sum(parts.magnetic_flux)",
                "group.magnetic_flux = n*h/e",
            ),
        ),
    )
    return Report(
        path="scenarios/n-correlations.yaml",
        title="The flux of one electron out of n correlated ones",
        source=None,
        verdict="contradiction",
        contradictions=(
            Contradiction(
                id="c1",
                kind="value",
                proof="exact",
                claims=(claim("flux-adds", "postulate", False, "group", 77),),
                occurrences=(
                    Occurrence(("group",), "group.magnetic_flux", (given, summed), 16.0, "n**2", None),
                    Occurrence(("other",), "other.magnetic_flux", (given, summed), 9.0, "9", None),
                ),
                vanishes_when="n = 1",
                case={"n": 4},
            ),
        ),
        coverage={"claims": 4, "conflict": 4},
        cases=(
            Case({"n": 1}, "no contradiction"),
            *(Case({"n": n}, "contradiction") for n in (2, 3, 4)),
        ),
    )


def cooper_and_helium() -> Report:
    """No contradiction, at the price of two rules withheld where they fit."""
    return Report(
        path="scenarios/double-standards.yaml",
        title="One rule for the Cooper pair and another for helium",
        source=None,
        verdict="no contradiction",
        double_standards=(
            Withheld("quantum-per-system", PAIR, "as is customary for helium", None),  # type: ignore[arg-type]
        ),
        coverage={"claims": 3, "holds": 2, "withheld": 1},
    )
