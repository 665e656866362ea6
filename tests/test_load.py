"""Files that are in order become records that say what the files say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from checker.dimension import DIMENSIONLESS
from checker.errors import InputError, Location, Mistake, render
from checker.expression import Call, Name, Number
from checker.load import builtin_rules, load_pack, load_scenario, load_vocabulary
from checker.model import (
    AdditiveRelation,
    AttributeRelation,
    Entity,
    EquationRelation,
    ExpectedContradiction,
    QuantumRelation,
    Role,
    Scenario,
)
from checker.order import ordered
from checker.value import Amount
from tests.effort import work

ROOT = Path(__file__).parent.parent

PACK = """\
quantities:
  mass: {symbol: m, unit: kg}
  charge: {symbol: q, unit: C, sign: any}
  radius: {symbol: r, unit: pm, description: of the orbit}
  count_rate: {}
constants:
  k_e: {value: 1/(4*pi*epsilon_0), symbol: kₑ, source: Coulomb}
attributes:
  spin: [up, down]
  bound: [true, false]
kinds:
  particle: {}
  electron: {is: particle, mass: m_e, q: -e}
  system: {}
"""

RULES = """\
rules:
  one-name:
    claim: The mass of a pair is that of its parts.
    applies_to: system
    additive: m
    status: law
    source: Newton
    examples:
      - holds: {mass: 3 kg, parts: [{mass: 1 kg}, {mass: 2 kg}]}
      - fails: {mass: 4 kg, parts: [{mass: 1 kg}, {mass: 2 kg}]}
  two-electrons:
    claim: Two electrons orbit at one radius.
    applies_to: system
    when: {bound: true}
    roles: {light: {is: electron, count: 2}, core: {part: nucleus}, any: particle}
    equation: [light.r = r, core.mass > light.m]
    within: 10 %
    status: model
    note: rough
    examples:
      - holds: {light.r: 1 m, r: 1.0 m, core.mass: 2 kg, light.m: 1 kg}
  half-quanta:
    claim: The charge comes in half-whole quanta.
    applies_to: particle
    quantum: {of: charge, is: e, number: half-whole}
    status: hypothesis
  three-quanta:
    claim: Three quanta.
    applies_to: particle
    quantum: {of: q, is: 2*e, number: 3}
    status: postulate
  bound-means-up:
    claim: What is bound has its spin up.
    applies_to: system
    when: {bound: true}
    attribute: {spin: up}
    status: postulate
"""

SCENARIO = """\
scenario: A pair
source: nobody
use: [./pack.yaml]
assume: [half-quanta, bound-means-up]
parameters:
  n: {values: [1, 2]}
systems:
  it:
    is: system
    bound: true
    radius: {value: 31 pm, within: 1 pm, status: measurement}
    parts:
      nucleus: {is: particle}
      light: {is: electron, count: n}
given:
  it.m:
    - {name: old, value: 3.0(1) kg, source: A}
    - {name: new, value: 3.2 kg, uncertainty: 2 %, status: measurement}
  it.light.charge: -n*e
hold: [definition, it.mass@old, it.bound]
except:
  half-quanta: {it.light: because}
proposals:
  give up the new one: [it.mass@new, half-quanta]
expect:
  verdict: contradiction
  contradictions: [{disputed: [half-quanta, it.light.charge], ratio: 2.5, sigma: 7}]
  ways_out: [[half-quanta], [it.light.charge, it.radius]]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pack.yaml").write_text(PACK + RULES, encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


@pytest.fixture
def pair(folder: Path) -> Scenario:
    return load_scenario(folder / "scenario.yaml")


# ---------------------------------------------------------------- vocabulary


def test_a_quantity_is_read_with_dimension_symbol_and_sign(pair: Scenario) -> None:
    """A quantity is positive and dimensionless unless its entry says otherwise."""
    (radius,) = pair.vocabulary.quantities["radius"]
    assert pair.vocabulary.quantity_symbols["r"] == (radius,)
    assert (radius.unit.text, radius.unit.factor) == ("pm", Fraction(1, 10**12))
    assert (radius.sign, radius.description) == ("positive", "of the orbit")
    assert pair.vocabulary.quantities["charge"][0].sign == "any"
    assert pair.vocabulary.quantities["count_rate"][0].unit.dimension == DIMENSIONLESS


def test_symbols_are_known_by_their_normal_form(pair: Scenario) -> None:
    """kₑ and ke are one symbol, as they are in equations."""
    (coulomb,) = pair.vocabulary.constant_symbols["ke"]
    assert (coulomb.name, coulomb.symbol, coulomb.source) == ("k_e", "kₑ", "Coulomb")
    assert coulomb.value.number is None


def test_the_built_in_constants_are_always_in_use(tmp_path: Path) -> None:
    """A scenario without packs knows h, e and ħ."""
    path = tmp_path / "empty.yaml"
    path.write_text("scenario: nothing\n")
    scenario = load_scenario(path)
    assert {"h", "e", "hbar", "pi"} <= scenario.vocabulary.constants.keys()
    assert scenario.vocabulary.rules == {}
    assert (scenario.hold, scenario.expect, scenario.warnings) == (None, None, ())


def test_a_kind_has_its_own_defaults_by_the_names_of_quantities(pair: Scenario) -> None:
    """A default written with a symbol is found by its quantity's name."""
    electron = pair.vocabulary.kinds["electron"]
    assert electron.parent == "particle"
    assert {name: given.value.text for name, given in electron.defaults.items()} == {
        "mass": "m_e",
        "charge": "-e",
    }


# ---------------------------------------------------------------- rules


def test_a_sum_over_parts_is_read_with_its_examples(pair: Scenario) -> None:
    """Example values are exact, whichever way they are written."""
    rule = pair.vocabulary.rules["one-name"]
    assert isinstance(rule.relation, AdditiveRelation)
    assert (rule.relation.quantity, rule.status, rule.source, rule.within) == ("mass", "law", "Newton", None)
    holds, fails = rule.examples
    assert (holds.holds, fails.holds) == (True, False)
    assert [part["mass"].number for part in holds.parts] == [1, 2]
    assert holds.values["mass"].text == "3 kg"


def test_roles_find_parts_by_kind_by_count_or_by_name(pair: Scenario) -> None:
    """All three ways to write a role, two equations, and a model that is good to ten percent."""
    rule = pair.vocabulary.rules["two-electrons"]
    assert [replace(role, location=rule.location) for role in rule.roles] == [
        Role("light", "electron", None, 2, rule.location),
        Role("core", None, "nucleus", None, rule.location),
        Role("any", "particle", None, None, rule.location),
    ]
    assert isinstance(rule.relation, EquationRelation)
    assert [equation.relation for equation in rule.relation.equations] == ["=", ">"]
    assert (rule.within, rule.when, rule.note) == (0.1, {"bound": "true"}, "rough")


def test_quanta_are_whole_half_whole_or_a_number(pair: Scenario) -> None:
    """`half-whole` stays a word, a number becomes an expression; the text says what is claimed."""
    half = pair.vocabulary.rules["half-quanta"].relation
    three = pair.vocabulary.rules["three-quanta"].relation
    assert isinstance(half, QuantumRelation)
    assert isinstance(three, QuantumRelation)
    assert (half.number, three.number) == ("half-whole", Number(Fraction(3)))
    assert (half.text, three.text) == ("charge is a half-whole number of e", "q = 3·2·e")


def test_an_attribute_rule_says_what_must_be_stated(pair: Scenario) -> None:
    """Attribute values stay as written: `true` is no truth value."""
    rule = pair.vocabulary.rules["bound-means-up"]
    assert isinstance(rule.relation, AttributeRelation)
    assert (rule.relation.required, rule.when) == ({"spin": "up"}, {"bound": "true"})


def test_aggregates_over_parts_are_read(tmp_path: Path) -> None:
    """sum, min, max and count may run over parts, and count inside a sum."""
    equations = "[m = sum(parts.m/count(parts)), q <= max(parts.q), r >= min(parts.r) + whole.r]"
    rule = f"rules: {{x: {{claim: y, applies_to: system, status: law, equation: {equations!r}}}}}\n"
    rule = (
        rule.replace("'", "")
        .replace("[", "['")
        .replace("]", "']")
        .replace(", q", "', 'q")
        .replace(", r", "', 'r")
    )
    path = tmp_path / "aggregates.yaml"
    path.write_text(PACK + rule, encoding="utf-8")
    relation = load_pack(path).rules["x"].relation
    assert isinstance(relation, EquationRelation)
    total = relation.equations[0].right
    assert isinstance(total, Call)
    assert (total.function, len(relation.equations)) == ("sum", 3)


# ---------------------------------------------------------------- scenarios


def test_entities_form_a_tree_with_paths(pair: Scenario) -> None:
    """A system with its attribute, own quantity and two parts, one of them counted by a parameter."""
    (it,) = pair.systems
    nucleus, light = it.parts
    assert [entity.path for entity in (it, nucleus, light)] == ["it", "it.nucleus", "it.light"]
    assert (it.kind, light.kind, light.count, nucleus.count) == ("system", "electron", "n", 1)
    assert it.attributes["bound"].value == "true"
    (radius,) = it.quantities["radius"]
    assert radius.value.within == Amount(Fraction(1, 10**12), relative=False)
    assert radius.status == "measurement"


def test_given_values_carry_their_doubt_name_and_source(pair: Scenario) -> None:
    """Several values for one quantity have names; a symbol in the path stands for its quantity."""
    mass, charge = pair.given
    old, new = mass.values
    assert (mass.entity, mass.quantity, charge.quantity) == ("it", "mass", "charge")
    assert (old.name, old.status, old.source) == ("old", "stated", "A")
    assert old.value.uncertainty == Amount(Fraction(1, 10), relative=False)
    assert (new.name, new.status) == ("new", "measurement")
    assert new.value.uncertainty == Amount(Fraction(1, 50), relative=True)
    assert charge.values[0].value.expression is not None


def test_what_is_asked_about_a_scenario_is_read(pair: Scenario) -> None:
    """Assumptions, held premises, exceptions, proposals and expectations, by their ids."""
    assert pair.assume == ("half-quanta", "bound-means-up")
    assert pair.hold == ("definition", "it.mass@old", "it.bound")
    assert [(e.rule, e.entity, e.reason) for e in pair.exceptions] == [("half-quanta", "it.light", "because")]
    assert [(p.name, p.give_up) for p in pair.proposals] == [
        ("give up the new one", ("it.mass@new", "half-quanta"))
    ]
    assert pair.expect is not None
    disputed = frozenset({"half-quanta", "it.light.charge"})
    assert pair.expect.contradictions == (ExpectedContradiction(disputed, 2.5, 7.0),)
    assert pair.expect.ways_out == (
        frozenset({"half-quanta"}),
        frozenset({"it.light.charge", "it.radius"}),
    )
    assert [value.number for value in pair.parameters["n"]] == [1, 2]


def test_a_location_stays_with_every_record(pair: Scenario, folder: Path) -> None:
    """Rules, givens, attributes and entities know the file, line and column of their key."""
    scenario, pack = str(folder / "scenario.yaml"), str(folder / "pack.yaml")
    assert pair.systems[0].location == Location(scenario, 8, 3, 2)
    assert pair.systems[0].attributes["bound"].location == Location(scenario, 10, 5, 5)
    assert pair.given[0].values[1].location == Location(scenario, 18, 7)
    assert pair.given[1].location == Location(scenario, 19, 3, len("it.light.charge"))
    rule = pair.vocabulary.rules["two-electrons"]
    assert (rule.pack, rule.location.line, rule.location.column) == (pack, 25, 3)
    assert isinstance(rule.relation, EquationRelation)
    first, second = rule.relation.locations
    assert first.column == second.column - len("light.r = r, ")


def test_a_quoted_equation_is_located_behind_its_quote(tmp_path: Path) -> None:
    """Offsets into an equation are offsets into its line."""
    path = tmp_path / "quoted.yaml"
    text = 'rules: {x: {claim: y, applies_to: system, status: law, equation: "m = q"}}\n'
    path.write_text(PACK + text, encoding="utf-8")
    relation = load_pack(path).rules["x"].relation
    assert isinstance(relation, EquationRelation)
    name = relation.equations[0].right
    assert isinstance(name, Name)
    assert text[relation.locations[0].column - 1 + name.start :].startswith('q"')


def test_names_that_begin_with_a_digit_are_no_decimals(tmp_path: Path) -> None:
    """`2nd.x` behind another value is a path, not what a decimal comma left of a number."""
    path = tmp_path / "digits.yaml"
    path.write_text(
        "scenario: x\nquantities: {x: {}}\nkinds: {k: {}}\nsystems: {1: {is: k}, 2nd: {is: k}}\n"
        "given: {1.x: 3, 2nd.x: 4}\n"
    )
    given = load_scenario(path).given
    assert [(one.entity, one.values[0].value.number) for one in given] == [("1", 3), ("2nd", 4)]


def test_a_section_without_entries_is_empty(tmp_path: Path) -> None:
    """A key whose entries are all commented out is no mistake."""
    path = tmp_path / "bare.yaml"
    path.write_text("scenario: x\nuse:\n#  - semiclassical\nsystems:\ngiven:\nassume:\n")
    scenario = load_scenario(path)
    assert (scenario.systems, scenario.given, scenario.assume) == ((), (), ())


def test_text_is_never_taken_for_something_else(tmp_path: Path) -> None:
    """`no`, `12:30`, `1e-31` and `2024-01-01` mean what is written, whatever YAML makes of them."""
    path = tmp_path / "norway.yaml"
    path.write_text(
        "scenario: no\nsource: 2024-01-01\nattributes: {country: [no, 12:30]}\n"
        "quantities: {x: {}}\nkinds: {k: {x: 1e-31}}\nsystems: {it: {is: k, country: no}}\n"
    )
    scenario = load_scenario(path)
    assert (scenario.title, scenario.source) == ("no", "2024-01-01")
    assert scenario.systems[0].attributes["country"].value == "no"
    assert scenario.vocabulary.kinds["k"].defaults["x"].value.number == Fraction(1, 10**31)


# ---------------------------------------------------------------- packs


def test_packs_are_found_by_name_in_folders_and_among_the_built_in(folder: Path) -> None:
    """A folder of packs comes before the built-in ones; packs bring those that they use."""
    (folder / "mine").mkdir()
    (folder / "mine" / "outer.yaml").write_text("use: [../pack.yaml, semiclassical]\n")
    (folder / "s.yaml").write_text("scenario: x\nuse: [outer]\n")
    with pytest.raises(InputError, match="no rule pack 'outer'"):
        load_scenario(folder / "s.yaml")
    with pytest.raises(InputError, match=r"'q' has two meanings: .*charge \(C, any\)"):
        load_scenario(folder / "s.yaml", [folder / "mine"])
    (folder / "mine" / "outer.yaml").write_text("use: [inner]\n")
    (folder / "mine" / "inner.yaml").write_text("use: [../pack.yaml]\n")
    scenario = load_scenario(folder / "s.yaml", [folder / "mine"])
    assert "one-name" in scenario.vocabulary.rules
    assert scenario.own_rules == frozenset()


def test_one_pack_used_twice_is_read_once(folder: Path) -> None:
    """A pack under two paths is the same pack, not two with the same rules."""
    (folder / "again.yaml").write_text("use: [./pack.yaml, ../" + folder.name + "/pack.yaml]\n")
    assert set(load_pack(folder / "again.yaml").rules) == set(load_pack(folder / "pack.yaml").rules)


def test_two_packs_may_say_the_same(folder: Path) -> None:
    """Quantities of one dimension and sign are one quantity; equal kinds and attributes are one each."""
    (folder / "same.yaml").write_text(PACK.replace("unit: pm", "unit: nm"), encoding="utf-8")
    (folder / "both.yaml").write_text("use: [./pack.yaml, ./same.yaml]\n")
    vocabulary = load_pack(folder / "both.yaml")
    assert {len(found) for found in vocabulary.quantities.values()} == {1}
    assert vocabulary.kinds.keys() == {"particle", "electron", "system"}


def test_an_empty_pack_is_worth_a_warning(folder: Path) -> None:
    """A pack that defines nothing is probably a mistake, but not an error."""
    (folder / "hollow.yaml").write_text("use: [./pack.yaml]\n")
    (folder / "s.yaml").write_text("scenario: x\nuse: [./hollow.yaml]\n")
    assert load_scenario(folder / "s.yaml").warnings == (f"{folder}/hollow.yaml: this pack defines nothing",)


def test_all_that_ships_loads() -> None:
    """The built-in packs agree with each other, and every scenario is in order."""
    vocabulary = load_vocabulary([])
    packs = sorted(builtin_rules().glob("*.yaml"))
    assert {Path(rule.pack).name for rule in vocabulary.rules.values()} <= {path.name for path in packs}
    for pack in packs:
        assert load_pack(pack).constants.keys() <= vocabulary.constants.keys()
    for path in (ROOT / "scenarios").glob("*.yaml"):
        assert load_scenario(path).title


def test_an_unknown_pack_on_the_command_line_has_a_hint() -> None:
    """A pack named outside any file has no place, but a similar name is offered."""
    with pytest.raises(InputError) as caught:
        load_vocabulary(["semiclasical"])
    assert caught.value.mistakes == (
        Mistake("unknown-pack", "no rule pack 'semiclasical'", None, "did you mean 'semiclassical'?"),
    )


# ---------------------------------------------------------------- size


def test_reading_grows_with_the_number_of_given_values(tmp_path: Path) -> None:
    """Twice as many values more take twice as much more work, counted in calls and not in seconds."""

    def calls(number: int) -> int:
        lines = ["scenario: x", "quantities: {radius: {unit: pm}}", "kinds: {k: {}}", "systems:"]
        lines += [f"  s{n}: {{is: k}}" for n in range(number)]
        lines += ["given:"]
        lines += [
            f"  s{n}.radius: {{value: {n}.5 pm, status: measurement, source: T}}" for n in range(number)
        ]
        path = tmp_path / "large.yaml"
        path.write_text("\n".join(lines))
        return work(lambda: load_scenario(path))

    few, more, most = calls(500), calls(1000), calls(2000)
    assert most - more < 2.1 * (more - few)


def test_entities_may_nest_as_deep_as_yaml_may(tmp_path: Path) -> None:
    """Twenty-three levels of parts are read; the tree keeps them all."""
    text = "{is: k}"
    for _ in range(23):
        text = f"{{is: k, parts: {{in: {text}}}}}"
    path = tmp_path / "deep.yaml"
    path.write_text(f"scenario: x\nkinds: {{k: {{}}}}\nsystems: {{it: {text}}}\n")
    entity: Entity = load_scenario(path).systems[0]
    depth = 0
    while entity.parts:
        (entity,) = entity.parts
        depth += 1
    assert depth == 23


def test_a_long_chain_of_kinds_constants_and_packs_is_no_trouble(tmp_path: Path) -> None:
    """Nothing recurses along what rests on something else."""
    kinds = "".join(f"  k{n}: {{is: k{n + 1}}}\n" for n in range(3_000))
    constants = "".join(f"  c{n}_: c{n + 1}_ + 1\n" for n in range(3_000))
    text = f"scenario: x\nkinds:\n{kinds}  k3000: {{}}\nconstants:\n{constants}  c3000_: 1\n"
    for n in range(300):
        (tmp_path / f"p{n}.yaml").write_text(f"use: [./p{n + 1}.yaml]\n")
    (tmp_path / "p300.yaml").write_text("quantities: {x: {}}\n")
    path = tmp_path / "long.yaml"
    path.write_text(f"{text}use: [./p0.yaml]\nsystems: {{it: {{is: k0, x: c0_}}}}\n")
    assert load_scenario(path).systems[0].kind == "k0"


# ---------------------------------------------------------------- order and rendering


def test_things_come_after_what_they_rest_on() -> None:
    """The order respects all that rests on something; a circle is told from its first member."""
    assert ordered({"c": ["b"], "b": ["a"], "a": []}) == (["a", "b", "c"], [])
    order, circle = ordered({"d": ["a"], "a": ["b"], "b": ["c"], "c": ["a"], "e": []})
    assert (order, circle) == (["e"], ["a", "b", "c", "a"])


def test_a_mistake_is_rendered_with_its_line_and_a_caret() -> None:
    """The form that compilers use: message, place, line, and what would help behind the caret."""
    mistake = Mistake(
        "unknown-name", "unknown", Location("a.yaml", 12, 5, 3), "did you mean 'xya'?", "  - xyz"
    )
    assert render(mistake) == (
        "error: unknown [unknown-name]\n"
        "  --> a.yaml:12:5\n   |\n12 |   - xyz\n   |     ^^^ did you mean 'xya'?\n"
    )


def test_a_mistake_without_a_place_is_rendered_in_a_line() -> None:
    """A missing file has no line to show."""
    assert (
        render(Mistake("missing-file", "no such file: x", hint="look again"))
        == "error: no such file: x [missing-file]\n  look again\n"
    )


def test_a_long_line_is_clipped_around_the_caret() -> None:
    """The caret stands under what is marked however far to the right that is."""
    line = "x" * 5_000 + "BAD" + "y" * 5_000
    rendered = render(Mistake("some-code", "bad", Location("a", 1, 5_001, 3), None, line)).splitlines()
    column = rendered[-1].index("^")
    assert rendered[-2][column : column + 3] == "BAD"
    assert rendered[-1].count("^") == 3
    assert max(map(len, rendered)) < 120


def test_control_characters_are_rendered_as_their_codes() -> None:
    """A hostile file cannot steer the terminal through a message, and the caret still fits."""
    rendered = render(
        Mistake("some-code", "a\x1b[2J", Location("f\n", 1, 3, 1), "\r", "\x1b\x1b!")
    ).splitlines()
    assert rendered[0] == "error: a\\x1b[2J [some-code]"
    assert rendered[-2].index("!") == rendered[-1].index("^")
    assert all(line.isprintable() for line in rendered)
