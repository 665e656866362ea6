"""The JSON report: what a program finds in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sample_reports import cooper_and_helium, flux_of_n, helium

from checker import __version__
from checker.errors import Location, Mistake
from checker.model import Broken, Report
from checker.report.json import to_json


def only_scenario(report: Report | Broken) -> dict[str, Any]:
    document = json.loads(to_json([report]))
    (scenario,) = document["scenarios"]
    assert isinstance(scenario, dict)
    return scenario


def test_document_names_its_schema_and_the_tool() -> None:
    """A reader can tell from the top which schema and which version it has before it."""
    document = json.loads(to_json([helium(), flux_of_n()]))
    assert document["schema_version"] == 1
    assert document["tool"] == {"name": "checker", "version": __version__}
    assert [scenario["path"] for scenario in document["scenarios"]] == [helium().path, flux_of_n().path]


def test_helium_has_its_radius_two_ways() -> None:
    """Both radii of helium stand in SI with their unit, and a₀/7 also in closed form."""
    (found,) = only_scenario(helium())["contradictions"]
    derived, given = found["sides"]
    assert (derived["value"], derived["unit"], derived["exact"]) == (7.559674436342858e-12, "m", "a_0/7")
    assert (given["value"], given["shown"], given["exact"]) == (31e-12, "31 pm", None)
    assert found["ratio"] == pytest.approx(31e-12 / derived["value"], rel=1e-4)
    assert [step["claim"] for step in derived["steps"]][-1] == "two-electron-atom"
    assert set(derived["steps"][0]) == {"claim", "entity", "equation", "gives", "quantity"}


def test_each_claim_says_where_it_stands() -> None:
    """Every claim of a contradiction carries its entities and a place in a file."""
    (found,) = only_scenario(helium())["contradictions"]
    places = {each["id"]: (each["path"], each["line"], each["column"]) for each in found["claims"]}
    assert places["helium.radius"] == ("scenarios/helium.yaml", 16, 3)
    assert {each["id"] for each in found["claims"] if not each["held"]} == {
        "quantum-per-system",
        "two-electron-atom",
        "helium.radius",
    }
    assert all(each["entities"] for each in found["claims"])
    texts = {each["id"]: each["text"] for each in found["claims"]}
    assert texts["helium.radius"] == "31 pm"
    assert texts["two-electron-atom"] == "What two-electron-atom says."


def test_worst_occurrence_stands_at_the_top() -> None:
    """The first occurrence is repeated at the top of its contradiction, all of them are listed."""
    (found,) = only_scenario(flux_of_n())["contradictions"]
    worst, other = found["occurrences"]
    for key in ("quantity", "sides", "ratio", "ratio_exact", "sigma"):
        assert found[key] == worst[key]
    assert (found["ratio_exact"], found["vanishes_when"]) == ("n**2", "n = 1")
    assert (other["quantity"], other["ratio"]) == ("other.magnetic_flux", 9.0)


def test_ways_out_say_what_they_lead_to() -> None:
    """Giving up helium's stated radius leaves a₀/7 for it."""
    ways = only_scenario(helium())["ways_out"]
    then = {tuple(way["give_up"]): way["then"] for way in ways}
    assert then["helium.radius",]["helium.radius"] == {
        "value": 7.559674436342858e-12,
        "unit": "m",
        "exact": "a_0/7",
        "shown": "7.560 pm",
        "range": None,
        "uncertainty": None,
    }
    assert all(way["menu"] == 0 and way["settles"] == ["c1"] for way in ways)


def test_cases_keep_their_whole_numbers() -> None:
    """A parameter n = 1 is 1 in JSON, not 1.0, so that a reader can look a case up by it."""
    cases = only_scenario(flux_of_n())["cases"]
    assert [str(case["parameters"]["n"]) for case in cases] == ["1", "2", "3", "4"]
    assert cases[0]["verdict"] == "no contradiction"


def test_double_standard_has_rule_entity_and_reason() -> None:
    """A withheld rule is told by exactly the three things that a reader needs."""
    assert only_scenario(cooper_and_helium())["double_standards"] == [
        {"rule": "quantum-per-system", "entity": "helium.pair", "reason": "as is customary for helium"}
    ]


def test_broken_file_is_an_error_with_its_mistakes() -> None:
    """A file that cannot be read has the verdict 'error', its mistakes, and otherwise empty lists."""
    mistake = Mistake(
        "unknown-unit", "no such unit: 'pn'", Location("a.yaml", 3, 7, 2), hint="did you mean 'pm'?"
    )
    scenario = only_scenario(Broken("a.yaml", (mistake, Mistake("oversized-text", "too large"))))
    assert scenario["verdict"] == "error"
    assert scenario["errors"] == [
        {
            "code": "unknown-unit",
            "message": "no such unit: 'pn'",
            "path": "a.yaml",
            "line": 3,
            "column": 7,
            "hint": "did you mean 'pm'?",
            "details": [],
        },
        {
            "code": "oversized-text",
            "message": "too large",
            "path": "a.yaml",
            "line": None,
            "column": None,
            "hint": None,
            "details": [],
        },
    ]
    assert scenario["contradictions"] == scenario["ways_out"] == scenario["warnings"] == []
    assert scenario.keys() == only_scenario(helium()).keys()


def test_infinite_ratio_is_null() -> None:
    """JSON has no infinity: a ratio without a bound is null, and the document stays strict JSON."""
    report = helium()
    found = report.contradictions[0]
    endless = replace(found.occurrences[0], ratio=float("inf"), sigma=float("nan"))
    text = to_json([replace(report, contradictions=(replace(found, occurrences=(endless,)),))])

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    (scenario,) = json.loads(text, parse_constant=refuse)["scenarios"]
    assert scenario["contradictions"][0]["ratio"] is None
    assert scenario["contradictions"][0]["occurrences"][0]["sigma"] is None


def test_document_is_ascii_and_loses_no_symbol() -> None:
    """Greek letters survive a pipe that knows only ASCII."""
    text = to_json([helium()])
    assert text.isascii() and text.endswith("}\n")
    (scenario,) = json.loads(text)["scenarios"]
    assert scenario["title"].endswith("ħ")
