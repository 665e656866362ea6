"""The JSON Schemas for editors say what the loader says about the structure of files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from checker.errors import InputError
from checker.layout import PACK, SCENARIO, Either, Form, Keyed, Listed, Named
from checker.load import load_pack, load_scenario
from checker.schema import FORMATS, schema, schema_path
from checker.yaml_text import List, Node, Table, read
from scripts.generate_schemas import generated

ROOT = Path(__file__).parent.parent
VALIDATORS = {word: Draft7Validator(schema(word)) for word in FORMATS}

PACK_TEXT = """\
use: [motion]
replaces: codata-2014
agreement: uncertainty
quantities:
  count_rate: {symbol: Z_r, unit: Hz, sign: nonnegative, description: of a counter}
constants:
  limit: {value: 3 Hz, uncertainty: [0.1 Hz, 0.2 Hz], symbol: Z_max, source: its maker}
  dead_time: {value: 2 s, within: 1 %}
  period: {value: 4 s, exact: true}
  one: 1
attributes: {shielded: [true, false]}
kinds:
  counter: {is: system, count_rate: {value: 1 Hz, status: stated, source: its maker, name: usual}}
  tube: {}
rules:
  counts:
    claim: A counter counts.
    applies_to: counter
    when: {shielded: true}
    roles: {tube: tube, other: {is: tube, count: 2}, first: {part: left}}
    equation: [count_rate = tube.count_rate]
    within: 10 %
    validity: count_rate < limit
    status: law
    source: nobody
    examples:
      - holds: {count_rate: 1 Hz, tube.count_rate: 1 Hz}
      - fails: {count_rate: 1 Hz, tube.count_rate: 2 Hz}
    note: it is an example
  adds:
    claim: Rates add.
    applies_to: counter
    additive: count_rate
    status: law
    examples: [{holds: {count_rate: 2 Hz, parts: [{count_rate: 1 Hz}, {count_rate: 1 Hz}]}}]
  steps:
    claim: It counts in steps.
    applies_to: counter
    quantum: {of: count_rate, is: limit, number: whole}
    status: model
  shields:
    claim: Counters are shielded.
    applies_to: counter
    attribute: {shielded: true}
    status: postulate
"""

SCENARIO_TEXT = """\
scenario: Two counters
source: nobody
use: [motion]
assume: []
quantities: {count_rate: {unit: Hz}}
attributes: {shielded: [true, false]}
kinds: {counter: {is: system}, tube: {}}
rules:
  adds: {claim: Rates add., applies_to: counter, additive: count_rate, status: postulate}
parameters: {n: {values: [1, 2]}}
systems:
  hall:
    is: counter
    shielded: true
    count_rate: 4 Hz
    parts:
      one: {is: tube, count: n, count_rate: {value: 2 Hz, uncertainty: 0.1 Hz, status: stated, source: a}}
      two: {is: tube, count: 2}
given:
  hall.two.count_rate:
    - {name: day, value: 2 Hz, within: 1 %, status: measurement}
    - {name: night, value: 2 Hz, exact: true}
hold: [definition]
except: {adds: {hall: nobody knows}}
proposals: {give up: [adds]}
ignore: [{contradiction: [adds], reason: it is known}]
expect:
  verdict: contradiction
  contradictions: [{disputed: [adds], ratio: 2, sigma: 7}]
  tensions: []
  ways_out: [[adds]]
"""


def plain(node: Node) -> Any:
    """The data that an editor makes of a file: YAML 1.2, in which no, on and 12:30 are texts."""
    if isinstance(node, Table):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, List):
        return [plain(item) for item in node.items]
    if not node.plain:
        return node.value
    if node.value in ("", "true", "false"):
        return {"": None, "true": True, "false": False}[node.value]
    number = re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", node.value)
    return float(node.value) if number else node.value


def errors(word: str, data: Any) -> list[str]:
    return [error.message for error in VALIDATORS[word].iter_errors(data)]


def loaded(word: str, path: Path) -> None:
    load_pack(path) if word == "rule" else load_scenario(path)


def written(data: Any) -> str:
    """Data as YAML in brackets, an empty value as one."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {written(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(written, data)) + "]"
    if isinstance(data, float):
        return f"{data:g}"
    return "" if data is None else json.dumps(data)


def forms(form: Form) -> Iterator[Keyed]:
    """Every mapping with keys of the format, however deep."""
    match form:
        case Keyed():
            yield form
            for key in form.keys.values():
                yield from forms(key.form)
            yield from forms(form.others) if form.others else ()
        case Listed(inner) | Named(inner):
            yield from forms(inner)
        case Either(several):
            for one in several:
                yield from forms(one)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in nested data."""
    yield path
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from places(value, (*path, key))


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def mutants(data: dict[str, Any]) -> Iterator[Any]:
    """The data with one thing replaced by one of another form, with one key left out, and with one more."""
    for path in places(data):
        here = at(data, path)
        for other in ("a word", None, ["a word"], {"odd": "a word"}, [[]]):
            if path and not (other is None and isinstance(path[-1], int)):  # a list has no empty items
                copy = json.loads(json.dumps(data))
                at(copy, path[:-1])[path[-1]] = other
                yield copy
        if isinstance(here, dict):
            for key in here:
                copy = json.loads(json.dumps(data))
                del at(copy, path)[key]
                yield copy
            copy = json.loads(json.dumps(data))
            at(copy, path)["odd"] = "a word"
            yield copy


@pytest.mark.parametrize("word", FORMATS)
def test_the_schemas_are_current(word: str) -> None:
    """The files in the package are what the script makes of the declarations, and valid schemas."""
    assert schema_path(word).read_text(encoding="utf-8") == generated(word)
    Draft7Validator.check_schema(schema(word))


def test_all_that_ships_is_valid() -> None:
    """Every pack, every scenario and every whole example in the README satisfies its schema."""
    files = [("rule", path) for path in (ROOT / "rules").glob("*.yaml")]
    files += [("scenario", path) for path in (ROOT / "scenarios").rglob("*.yaml")]
    assert len(files) > 70
    found = {path.name: errors(word, plain(read(path, "").root)) for word, path in files}
    assert {name: mistakes for name, mistakes in found.items() if mistakes} == {}


@pytest.mark.parametrize(("word", "text"), [("rule", PACK_TEXT), ("scenario", SCENARIO_TEXT)])
def test_the_schema_rejects_nothing_that_the_loader_takes(word: str, text: str, tmp_path: Path) -> None:
    """A file with every key is valid, and of all files with one thing in it replaced, left out or added, the
    loader rejects every one that the schema rejects, which are half of them at least."""
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    data = plain(read(path, "").root)
    loaded(word, path)
    assert errors(word, data) == []
    form = PACK if word == "rule" else SCENARIO
    used = {key for place in places(data) for key in place}
    if word == "rule":
        assert {key for one in forms(form) for key in one.keys} <= used
    else:
        assert form.keys.keys() - used == {"replaces", "agreement", "constants"}
    tried, rejected = 0, 0
    for mutant in mutants(data):
        tried += 1
        if not errors(word, mutant):
            continue
        rejected += 1
        path.write_text(written(mutant), encoding="utf-8")
        try:
            loaded(word, path)
        except InputError:
            continue
        pytest.fail(f"the loader takes {written(mutant)}: {errors(word, mutant)}")
    assert rejected > tried / 2


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("rule", "quantites: {}"),
        ("rule", "rules: {a: {claim: x, applies_to: b, equation: c = d}}"),
        ("rule", "rules: {a: {claim: x, applies_to: b, status: law}}"),
        ("rule", "rules: {a: {claim: x, applies_to: b, status: law, equation: c = d, additive: c}}"),
        ("rule", "rules: {a: {claim: x, applies_to: b, status: lawful, equation: c = d}}"),
        ("rule", "rules: [a, b]"),
        ("rule", "quantities: {a: {sign: negative}}"),
        ("rule", "use: motion"),
        ("scenario", "systems: {}"),
        ("scenario", "{scenario: x, systems: {a: {count: 2}}}"),
        ("scenario", "{scenario: x, given: {a.b: {unit: m}}}"),
        ("scenario", "{scenario: x, expect: maybe}"),
    ],
)
def test_a_broken_file_is_rejected_by_both(word: str, text: str, tmp_path: Path) -> None:
    """What has an unknown key, a missing one, too many, a wrong word or a wrong shape satisfies neither."""
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    assert errors(word, plain(read(path, "").root))
    with pytest.raises(InputError):
        loaded(word, path)
