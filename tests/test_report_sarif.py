"""The SARIF report, as code scanning takes it in."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker.cli import main

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "tests/data/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
SCENARIOS = sorted(path.relative_to(ROOT) for path in (ROOT / "scenarios").rglob("*.yaml"))

QUANTUM_PER_SYSTEM = "A correlated system has exactly one ħ of angular momentum, shared by its parts."

HOSTILE = """\
scenario: "<script>alert(1)</script> ]]> \\e[31m [click](https://example.org) {0} \\u202e"
quantities: {length: {symbol: "ℓ", unit: m}}
kinds: {rod: {}}
systems: {rod: {is: rod}}
given:
  rod.length:
    - {name: a, value: 1 m, source: "<img src=x onerror=alert(1)> [a](javascript:alert(1)) {1} \\u202e"}
    - {name: b, value: 2 m}
"""


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run_of(*paths: Path | str, folder: Path) -> dict[str, Any]:
    """The one run in the report on some files, which satisfies the published schema."""
    output = folder / "report.sarif"
    main([*map(str, paths), "--output", str(output)])
    log = json.loads(output.read_text(encoding="ascii"))
    jsonschema.validate(log, SCHEMA, jsonschema.Draft4Validator)
    (run,) = log["runs"]
    return run  # type: ignore[no-any-return]


def place(location: dict[str, Any]) -> tuple[str, int]:
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[Any]]:
    """The run on all scenarios, and the entries of the JSON report that is written with it."""
    folder = tmp_path_factory.mktemp("all")
    with contextlib.chdir(ROOT):
        run = run_of("scenarios", "--output", str(folder / "report.json"), folder=folder)
    return run, json.loads((folder / "report.json").read_text())["scenarios"]


def test_every_scenario_gives_a_valid_log(everything: tuple[dict[str, Any], list[Any]]) -> None:
    """The schema accepts the report on all scenarios, with a result for each contradiction and tension."""
    run, entries = everything
    found = [one["id"][0] for entry in entries for one in (*entry["contradictions"], *entry["tensions"])]
    levels = [{"error": "c", "warning": "t"}[result["level"]] for result in run["results"]]
    assert levels == found


def test_every_place_is_there(everything: tuple[dict[str, Any], list[Any]]) -> None:
    """Each location of each result is a line of a file below the root, and not an empty one."""
    run, _ = everything
    places = {
        place(location)
        for result in run["results"]
        for location in (
            *result["locations"],
            *result["relatedLocations"],
            *(
                step["location"]
                for flow in result["codeFlows"]
                for thread in flow["threadFlows"]
                for step in thread["locations"]
            ),
        )
    }
    assert len(places) > 100
    assert [
        (uri, line) for uri, line in places if not (ROOT / uri).read_text().splitlines()[line - 1].strip()
    ] == []


def test_helium_shows_both_derivations_at_their_claims(tmp_path: Path) -> None:
    """The result stands at the stated radius; its flows end at 31 pm and, in five steps, at a₀/7."""
    (result,) = run_of("scenarios/helium.yaml", folder=tmp_path)["results"]
    uri, line = place(result["locations"][0])
    assert "helium.radius:" in (ROOT / uri).read_text().splitlines()[line - 1]
    stated, derived = result["codeFlows"]
    assert stated["message"]["text"] == "31 pm"
    assert derived["message"]["text"] == "7.560 pm = a₀/7"
    (thread,) = derived["threadFlows"]
    assert len(thread["locations"]) == 5
    for step in thread["locations"]:
        uri, line = place(step["location"])
        assert uri.startswith("rules/")
    assert thread["locations"][-1]["location"]["message"]["text"] == "r = a₀/7 = 7.560 pm"
    assert "a factor 4.10 apart" in result["message"]["text"]
    others = {one["message"]["text"].partition(" ")[0]: one for one in result["relatedLocations"]}
    assert others["quantum-per-system"]["message"]["text"].startswith(
        f"quantum-per-system (postulate): {QUANTUM_PER_SYSTEM} — "
    )


def test_a_fingerprint_survives_moved_lines_and_not_another_contradiction(tmp_path: Path) -> None:
    """The same contradiction lower in the file keeps its fingerprints; one of other claims has others."""
    path = tmp_path / "rod.yaml"
    text = HOSTILE.replace("<script>", "")
    path.write_text(text)
    (first,) = run_of(path, folder=tmp_path)["results"]
    path.write_text("# moved\n\n" + text.replace("2 m", "3 m"))
    (moved,) = run_of(path, folder=tmp_path)["results"]
    assert place(first["locations"][0])[1] + 2 == place(moved["locations"][0])[1]
    assert first["partialFingerprints"] == moved["partialFingerprints"]
    path.write_text(text.replace("name: b", "name: c"))
    (other,) = run_of(path, folder=tmp_path)["results"]
    assert first["partialFingerprints"] != other["partialFingerprints"]


def test_what_is_accepted_is_no_result(tmp_path: Path) -> None:
    """Only active results are listed: a contradiction that the scenario ignores is not."""
    path = tmp_path / "rod.yaml"
    path.write_text(HOSTILE)
    assert len(run_of(path, folder=tmp_path)["results"]) == 1
    ignore = "ignore:\n  - {contradiction: [rod.length@a, rod.length@b], reason: known}\n"
    path.write_text(HOSTILE + ignore)
    assert run_of(path, folder=tmp_path)["results"] == []


def test_hostile_text_is_neither_link_nor_placeholder(tmp_path: Path) -> None:
    """What a message would take for a link or an argument is defused; nothing can steer a terminal."""
    path = tmp_path / "rod.yaml"
    path.write_text(HOSTILE)
    run = run_of(path, folder=tmp_path)
    texts = [
        location["message"]["text"] for result in run["results"] for location in result["relatedLocations"]
    ] + [result["message"]["text"] for result in run["results"]]
    (source,) = [text for text in texts if "onerror" in text] or [""]
    assert not any("](" in text or "\u202e" in text or "\x1b" in text for text in texts)
    assert "{1}" not in source.replace("{{1}}", "")


def test_a_broken_file_is_a_result_at_its_place(tmp_path: Path) -> None:
    """A mistake stands at its line and column, and the run says that it did not succeed."""
    path = tmp_path / "rod.yaml"
    path.write_text(HOSTILE.replace("is: rod", "is: rot"))
    run = run_of(path, folder=tmp_path)
    (result,) = run["results"]
    assert result["ruleId"] == "unknown-kind"
    rules = run["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == "unknown-kind"
    assert place(result["locations"][0])[1] == 4
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == 21
    assert run["invocations"][0]["executionSuccessful"] is False
