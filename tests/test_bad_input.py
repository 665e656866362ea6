"""Every broken file is refused with a message at the place where it is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import InputError, Location, Mistake, render
from checker.load import load_pack, load_scenario
from checker.reading import MAX_MISTAKES
from checker.yaml_text import MAX_BYTES

HERE = "‸"  # in the texts below: the mistake is noted at the character that follows

PREAMBLE = """\
scenario: a broken scenario
quantities:
  mass: {symbol: m, unit: kg}
  radius: {symbol: r, unit: m}
  energy: {symbol: E, unit: J, sign: any}
  drift: {unit: m/s, sign: nonnegative}
attributes: {spin: [up, down]}
kinds:
  thing: {}
  pair: {is: thing}
"""

SYSTEMS = "systems: {it: {is: thing, spin: up, parts: {inner: {is: thing}}}}\n"


def mistakes(folder: Path, content: str | bytes, name: str = "broken.yaml") -> tuple[Mistake, ...]:
    """What is wrong with a file of this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return caught.value.mistakes


def place_of(marked: str) -> tuple[str, int, int]:
    """A text without its mark, and the line and column of what follows the mark."""
    before, _, after = marked.partition(HERE)
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def check_the_only_mistake(folder: Path, marked: str, message: str, hint: str | None) -> None:
    text, line, column = place_of(marked)
    (mistake,) = mistakes(folder, text)
    assert (mistake.message, mistake.hint) == (message, hint)
    assert mistake.location is not None
    assert (mistake.location.line, mistake.location.column) == (line, column)
    assert mistake.source_line == text.splitlines()[line - 1]


# ---------------------------------------------------------------- not YAML, or not for us

QUOTE = "put the text in quotes"
QUOTE_COLON = "quote text that holds ': ', or check the indentation"
QUOTE_BRACKETS = "put text that holds , [ ] { } in quotes"
QUOTE_RANGE = 'put a range in quotes: "[2.9, 3.1] s"'
QUOTE_BOUND = 'put a bound in quotes: "> 5 s"'
LIST_OPENS = "'[' opens a list here"
BLOCK_OPENS = "'>' opens a block of text here"

NOT_YAML = [
    ("source: a‸: b", "': ' has no place here", QUOTE_COLON),
    ("source: eq. (5)\n note‸: 3", "': ' has no place here", QUOTE_COLON),
    ("source: ‸%x", "text cannot begin with %", QUOTE),
    ("source: ‸@x", "text cannot begin with @", QUOTE),
    ("source: ‸`x`", "text cannot begin with `", QUOTE),
    ("source: ‸|x| < 1", "text cannot begin with |", QUOTE),
    ("source: ‸*", "text cannot begin with *", QUOTE),
    ("source: ‸*x*y", "text cannot begin with *", QUOTE),
    ("use:\n‸\t- a", "a tab stands where lines are indented", "indent with spaces"),
    ("given:\n  it.t: ‸[2.9, 3.1] s", LIST_OPENS, QUOTE_RANGE),
    ("given:\n  it.t: ‸[2.9, 3.1] s # or so\n  it.x: 3", LIST_OPENS, QUOTE_RANGE),
    ("given: {it.t: ‸[2.9, 3.1] s, it.x: 3}", LIST_OPENS, QUOTE_RANGE),
    ("given: {it.t: {value: ‸[2.9, 3.1] s}}", LIST_OPENS, QUOTE_RANGE),
    ("given:\n  it.t: ‸> 5 s", BLOCK_OPENS, QUOTE_BOUND),
    ("given:\n  it.t: ‸>= 5 s", BLOCK_OPENS, QUOTE_BOUND),
    ("given:\n  it.t: ‸>5", BLOCK_OPENS, QUOTE_BOUND),
    ("given: {it.t: ‸> 5 s}", BLOCK_OPENS, QUOTE_BOUND),
    ("given: {it.t: {value: ‸>5}}", BLOCK_OPENS, QUOTE_BOUND),
    ("use: ‸[a, b", "this list in [ ] is not closed", QUOTE_BRACKETS),
    ("given: ‸{a: b", "this mapping in { } is not closed", QUOTE_BRACKETS),
    ("source: ‸'x", "this quotation is not closed", None),
    (
        'source: "a‸\\q"',
        "'\\' begins no known escape",
        "in single quotes a backslash stands for itself",
    ),
    (
        "use:\n  - a\n ‸- b",
        "this line does not belong to those above it",
        "check its indentation",
    ),
    (
        "source: ‸- a",
        "'- ' has no place here",
        "begin a list on its own line, or quote the text",
    ),
    (
        "source: ‸!!python/object/apply:os.system [ls]",
        "a tag (!) is not read",
        "leave it out, or put text in quotes",
    ),
    ("source: ‸!x y", "a tag (!) is not read", "leave it out, or put text in quotes"),
    (
        "source: ‸&a b",
        "an anchor (&) is not read",
        "write the value out where it is used, or quote it",
    ),
    (
        "source: ‸*a",
        "an alias (*) is not read",
        "write the value out, or put text in quotes",
    ),
    (
        "? ‸[a]\n: b",
        "a key is a text, not a list",
        "put text that begins with { or [ in quotes",
    ),
    ("---\nscenario: x\n---\n‸y", "a second document begins here", "a file holds one document"),
    ("‸- a\n- b", "a scenario is a mapping, not a list", "write `key: value`"),
    ("‸just a sentence", "a scenario is a mapping, not a text", "write `key: value`"),
]


@pytest.mark.parametrize(("marked", "message", "hint"), NOT_YAML)
def test_what_is_not_yaml_for_us_is_refused(
    tmp_path: Path, marked: str, message: str, hint: str | None
) -> None:
    """YAML's traps, tags, anchors and several documents are errors with a place and a way to mend them."""
    check_the_only_mistake(tmp_path, marked, message, hint)


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing but a remark\n", "---\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: str | bytes) -> None:
    """A file without content says nothing, which is never 'no contradiction'."""
    (mistake,) = mistakes(tmp_path, content)
    path = str(tmp_path / "broken.yaml")
    assert mistake == Mistake("empty-file", f"{path} is empty", Location(path, 1, 1))


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(tmp_path: Path) -> None:
    """Nine levels of tenfold aliases would be a thousand million items."""
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)]
    (mistake,) = mistakes(tmp_path, "a0: &a0 boom\n" + "".join(levels))
    assert mistake.message == "an anchor (&) is not read"
    assert (mistake.location, mistake.source_line) == (
        Location(str(tmp_path / "broken.yaml"), 1, 5, 8),
        "a0: &a0 boom",
    )


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_hundred_thousand_nested_brackets_are_refused(tmp_path: Path, opening: str) -> None:
    """The file is refused at the 51st level, or where the parser's own limit of a thousand or so ends its
    lookahead, before anything can overflow."""
    (mistake,) = mistakes(tmp_path, opening * 100_000)
    assert mistake.message == "nested more than 50 deep"
    assert mistake.location is not None and mistake.location.line == 1
    assert 50 * len(opening) + 1 <= mistake.location.column <= 1_000 * len(opening) + 1
    assert max(map(len, render(mistake).splitlines())) < 150


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    """Reading stops at ten megabytes."""
    (mistake,) = mistakes(tmp_path, "a" * (MAX_BYTES + 1))
    assert mistake.message == f"{tmp_path / 'broken.yaml'} is larger than 10 MB"


@pytest.mark.parametrize(
    ("content", "line", "column", "byte"),
    [
        (b"scenario: x\nsource: M\xfcller\n", 2, 10, "0xfc"),
        (b"\xef\xbb\xbfscenario: x\n\xff", 2, 1, "0xff"),
        ("scenario: ħ".encode("utf-16"), 1, 1, "0xff"),
        ("# é".encode() + b"\xc3", 1, 4, "0xc3"),
    ],
)
def test_bytes_that_are_no_utf8_are_located(
    tmp_path: Path, content: bytes, line: int, column: int, byte: str
) -> None:
    """The message names the byte; its column counts characters."""
    (mistake,) = mistakes(tmp_path, content)
    assert mistake.message == f"byte {byte} is not UTF-8"
    assert mistake.location == Location(str(tmp_path / "broken.yaml"), line, column)


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\ufffe"])
def test_a_control_character_is_refused_and_never_printed(tmp_path: Path, character: str) -> None:
    """What could steer a terminal is shown by its code."""
    (mistake,) = mistakes(tmp_path, f"scenario: x\nsource: {character}[31m\n")
    assert mistake.message == f"the character U+{ord(character):04X} has no place in a text file"
    assert mistake.location == Location(str(tmp_path / "broken.yaml"), 2, 9)
    assert character not in render(mistake)


def test_a_folder_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    """The message names the path as it was given."""
    for path, message in [
        (tmp_path, f"{tmp_path} is a folder, not a file"),
        (tmp_path / "no.yaml", f"no such file: {tmp_path / 'no.yaml'}"),
    ]:
        with pytest.raises(InputError) as caught:
            load_scenario(path)
        assert [mistake.message for mistake in caught.value.mistakes] == [message]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    """A file without permission to read is named, with the reason."""
    path = tmp_path / "secret.yaml"
    path.write_text("scenario: x\n")
    path.chmod(0)
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert [m.message for m in caught.value.mistakes] == [f"cannot read {path}: Permission denied"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("given: &a {x.y: *a}", "an anchor (&) is not read 8"),
        ("given: {x.y: [2, 3] s}", f"{LIST_OPENS} 14"),
        ("given: {x.y: > 3 s}", f"{BLOCK_OPENS} 14"),
        ("given:\n  x.y: [2, 3] s", f"{LIST_OPENS} 8"),
        ("given:\n  x.y: > 3 s", f"{BLOCK_OPENS} 8"),
    ],
)
def test_the_python_parser_refuses_the_same_files(tmp_path: Path, line: str, message: str) -> None:
    """Where PyYAML has no C parser, its Python one gives the same answers."""
    path = tmp_path / "broken.yaml"
    path.write_text(f"scenario: x\n{line}\n")
    program = (
        "import sys, yaml\n"
        "del yaml.CBaseLoader\n"
        "from pathlib import Path\n"
        "from checker.errors import InputError\n"
        "from checker.load import load_scenario\n"
        "try: load_scenario(Path(sys.argv[1]))\n"
        "except InputError as error: print(error.mistakes[0].message, error.mistakes[0].location.column)"
    )
    run = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert run.stdout == f"{message}\n"


# ---------------------------------------------------------------- keys and shapes

SHAPES = [
    ("‸scenario: twice", "'scenario' is stated twice", "first on line 1"),
    ("‸<<: {given: {}}", "a merge key (<<) is not read", "write the entries out"),
    ("‸gven: {}", "'gven' is no key of a scenario", "did you mean 'given'?"),
    ("use: ‸semiclassical", "'use' is a list, not a text", "write it in [ ]"),
    ("use: [‸semiclasical]", "no rule pack 'semiclasical'", "did you mean 'semiclassical'?"),
    ("use: [‸packs/nowhere.yaml]", "no rule pack 'packs/nowhere.yaml'", None),
    ("use: [‸..]", "no rule pack '..'", None),
    (
        "use: [‸{a: b}]",
        "an item of 'use' is a text, not a mapping",
        "put text that begins with { or [ in quotes",
    ),
    ("systems: ‸[]", "'systems' is a mapping, not a list", "write `key: value`"),
    ("source: '‸'", "'source' of the scenario is empty", None),
]

NOT_A_BOUND = "a value stands here, not a bound"
A_THINGS_OWN = "what is less or more than a number is stated of a thing's own quantity"
ONLY_GIVEN = "only what is given for a thing may be on either side of zero"
AN_AMOUNT = "write an amount in the unit of the value"

CONSTANTS = [
    ("constants: {‸h: 3}", "'h' is a built-in constant of another value", "choose another name"),
    ("constants: {f: 2*‸zz}", "'zz' is neither a constant nor a parameter", None),
    ("constants: {f: ‸1 + h}", "the terms of a sum differ in dimension: 1 and kg·m²·s⁻¹", None),
    (
        "constants: {f: {value: ‸2*g_}, g_: {value: 3*f}}",
        "a constant is defined by itself: f is defined by g_ is defined by f",
        None,
    ),
    ("constants: {f: 1‸/0}", "division by zero", None),
    ("constants: {f: '‸< 3 m'}", NOT_A_BOUND, A_THINGS_OWN),
    ("constants: {f: {value: ‸< 3 m}}", NOT_A_BOUND, A_THINGS_OWN),
    ("constants: {f: ‸0 ± 1 m}", "the doubt of constant 'f' reaches zero or beyond", ONLY_GIVEN),
    (
        "constants: {f: {value: ‸1 m, within: 2 m}}",
        "the doubt of constant 'f' reaches zero or beyond",
        ONLY_GIVEN,
    ),
    ("constants: {f: ‸[3, 4]}", "constant 'f' is a list of two values", 'put a range in quotes: "[3, 4]"'),
    ("constants: {f: {value: 0 m, within: ‸5 %}}", "a percentage of zero is no doubt", AN_AMOUNT),
    ("parameters: {n: {values: [2, ‸< 3]}}", NOT_A_BOUND, A_THINGS_OWN),
    ("parameters: {n: {values: [2, ‸2 to 3]}}", "one value stands here, not a range", None),
    (
        "constants: {‸f-1: 3}",
        "'f-1' cannot name a constant",
        "names in equations have letters, digits and _",
    ),
]

KINDS = [
    ("kinds: {‸a: {is: a}}", "a kind is its own ancestor: a is a", None),
    ("kinds: {‸a: {is: b}, b: {is: a}}", "a kind is its own ancestor: a is b is a", None),
    ("kinds: {a: {}, b: {is: ‸c}}", "kind 'c' is not known", None),
    ("quantities: {x: {unit: m}}\nkinds: {a: {x: ‸< 3 m}}", NOT_A_BOUND, A_THINGS_OWN),
    (
        "quantities: {x: {unit: ‸°C}}",
        "the scale of '°C' does not start at zero, so it is no unit to multiply with",
        "write K, or delta_degC for its steps",
    ),
    ("kinds: {a: {‸mass: 3 kg}}", "quantity 'mass' is not known", None),
    ("quantities: {x: {unit: m, ‸unt: s}}", "'unt' is no key of quantity 'x'", "did you mean 'unit'?"),
    ("quantities: {x: {sign: ‸plus}}", "'plus' is no sign", "it is positive, nonnegative or any"),
    ("quantities: {x: {unit: m/‸qux}}", "unit 'qux' is not known", None),
    ("quantities: {‸sum: {}}", "'sum' cannot name a quantity", "it has a meaning of its own"),
    ("attributes: {‸a: []}", "attribute 'a' has no values", None),
    ("attributes: {a: ‸x}", "attribute 'a' is a list, not a text", "write it in [ ]"),
]


@pytest.mark.parametrize(("marked", "message", "hint"), SHAPES)
def test_a_key_out_of_place_is_located(tmp_path: Path, marked: str, message: str, hint: str | None) -> None:
    """Unknown and doubled keys, packs that do not exist, a list where a mapping belongs."""
    check_the_only_mistake(tmp_path, f"scenario: x\n{marked}", message, hint)


@pytest.mark.parametrize(("marked", "message", "hint"), CONSTANTS + KINDS)
def test_a_declaration_that_means_nothing_is_located(
    tmp_path: Path, marked: str, message: str, hint: str | None
) -> None:
    """Constants, quantities, attributes and kinds must be names with one meaning."""
    check_the_only_mistake(tmp_path, f"scenario: x\n{marked}", message, hint)


def test_a_scenario_without_a_title_may_be_a_pack(tmp_path: Path) -> None:
    """A pack given as a scenario is an error, and the hint says what it is for."""
    (mistake,) = mistakes(tmp_path, "quantities: {mass: {unit: kg}}\n")
    assert mistake.message == "the scenario has no title"
    assert mistake.hint == "write `scenario: …`; a file of rules alone is for scenarios to use"


# ---------------------------------------------------------------- values

SIGN_ANY = "declare mass with `sign: any` if it may be otherwise"
NO_DOUBT = "a doubt is greater than zero"
EXACT = "`exact: true` takes all doubt away"
UNSIGNED = "write it without its sign"
BOUND_IN_DOUBT = "it.mass is a bound, which has no doubt of its own"

VALUES = [
    ("‸nan", "a value is a finite number", None),
    ("‸-inf", "a value is a finite number", None),
    (
        "‸31 pm",
        "a value of dimension m for mass, which has the dimension kg",
        "write it in kg",
    ),
    ("‸31", "a value of dimension 1 for mass, which has the dimension kg", "write it in kg"),
    (
        "‸h/(2*e)",
        "a value of dimension kg·m²·s⁻²·A⁻¹ for mass, which has the dimension kg",
        "write it in kg",
    ),
    ("3 ‸kq", "unit 'kq' is not known", "write 3*kq if kq is a constant or a parameter"),
    ("‸-1 kg", "mass is greater than zero", SIGN_ANY),
    ("‸0 kg", "mass is greater than zero", SIGN_ANY),
    ("‸-2*m_e", "mass is greater than zero", SIGN_ANY),
    ("m_e*‸ee", "'ee' is neither a constant nor a parameter", "did you mean 'e'?"),
    (
        "2*‸radius",
        "'radius' is neither a constant nor a parameter",
        "a value has no quantities in it; write a rule",
    ),
    ("9^9‸^9^9", "exponent too large: at most 100", None),
    ("‸m_e/(0*e)", "1/(0·e) has no finite value", None),
    ("{value: 3 kg, within: ‸-1 %}", NO_DOUBT, UNSIGNED),
    ("{value: 3 kg, uncertainty: ‸0 kg}", NO_DOUBT, EXACT),
    ("{value: 3 kg, uncertainty: [1 kg, ‸0 kg]}", NO_DOUBT, EXACT),
    ("3 ± ‸0 kg", NO_DOUBT, EXACT),
    ("3 ± ‸-1 kg", NO_DOUBT, UNSIGNED),
    ("3(‸0) kg", NO_DOUBT, EXACT),
    (
        "{value: 3 kg, within: ‸2 to 4 kg}",
        "a doubt is a number with a unit, or a percentage",
        None,
    ),
    ("{value: 3 kg, within: ‸< 1 kg}", "a doubt is a number with a unit, or a percentage", None),
    ("{value: 3 kg, uncertainty: ‸[]}", "'uncertainty' has no components", None),
    (
        "{value: 3 kg, uncertainty: [1 kg, ‸1 m]}",
        "a doubt of dimension m for a value of dimension kg",
        "write 10 %, or an amount in the unit of the value",
    ),
    (
        "{value: 2*m_e, uncertainty: ‸[1 %, 1e-31 kg]}",
        "a percentage beside an amount",
        "the value is an expression: write all components as percentages, or all as amounts",
    ),
    ("{value: 2 to 3 kg, ‸within: 1 kg}", "it.mass is a range, and has a bound besides", "leave one out"),
    ("{value: 2 to 3 kg, ‸exact: true}", "it.mass is both exact and in doubt", None),
    ("{value: < 3 kg, ‸uncertainty: 1 kg}", BOUND_IN_DOUBT, "state the bound alone"),
    ("{value: < 3 kg, ‸within: 1 kg}", BOUND_IN_DOUBT, "state the bound alone"),
    (
        "< ‸3(1) kg",
        "a bound has no uncertainty of its own",
        "write the limit that is claimed, such as < 0.8 eV, or the value with its uncertainty",
    ),
    ("< 3 ‸kq", "unit 'kq' is not known", "write 3*kq if kq is a constant or a parameter"),
    (
        "‸< 3 m",
        "a value of dimension m for mass, which has the dimension kg",
        "write it in kg",
    ),
    (
        "‸<= h",
        "a value of dimension kg·m²·s⁻¹ for mass, which has the dimension kg",
        "write it in kg",
    ),
    ("‸< 0 kg", "mass is greater than zero", SIGN_ANY),
    ("‸<= 0 kg", "mass is greater than zero", SIGN_ANY),
    ("‸-3 to 0 kg", "mass is greater than zero", SIGN_ANY),
    ("‸4 to 3 kg", "this range ends below its beginning", "write the smaller end first"),
    ("‸[3, 4]", "it.mass is a list of two values", 'put a range in quotes: "[3, 4]"'),
    ("{value: ‸[3, 4]}", "it.mass is a list of two values", 'put a range in quotes: "[3, 4]"'),
    ("3 ± 1 ‸kq", "unit 'kq' is not known", "write 1*kq if kq is a constant or a parameter"),
    (
        "{value: 3 kg, uncertainty: ‸1 m}",
        "a doubt of dimension m for a value of dimension kg",
        "write 10 %, or an amount in the unit of the value",
    ),
    (
        "{value: 3.0(2) kg, ‸uncertainty: 1 kg}",
        "it.mass has an uncertainty beside its value and another one",
        "leave one out",
    ),
    (
        "{value: 3.0 ± 0.2 kg, ‸uncertainty: 1 kg}",
        "it.mass has an uncertainty beside its value and another one",
        "leave one out",
    ),
    ("{value: 3.0 ± 0.2 kg, ‸exact: true}", "it.mass is both exact and in doubt", None),
    ("{value: 3.0(2) kg, ‸exact: true}", "it.mass is both exact and in doubt", None),
    ("{value: 3 kg, exact: ‸yes}", "'yes' is no exact", "it is true or false"),
    ("{value: 3 kg, status: ‸mesured}", "'mesured' is no status", "did you mean 'measurement'?"),
    ("{value: 3 kg, ‸sourc: me}", "'sourc' is no key of it.mass", "did you mean 'source'?"),
    ("{value: 3 kg,‸05 kg}", "'05 kg' is no key of it.mass", "write a decimal point, not a comma"),
    ("‸{status: law}", "it.mass has no 'value'", None),
    ("‸[]", "it.mass has no value", None),
    (
        "[{name: a, value: 1 kg}, ‸{name: a, value: 2 kg}]",
        "two values for it.mass are named 'a'",
        "first on line 12",
    ),
    (
        "[{name: a, value: 1 kg}, ‸2 kg]",
        "one of several values for it.mass has no name",
        "write {name: …, value: …}",
    ),
    ("[‸[3 kg]]", "it.mass is a text, not a list", "put text that begins with { or [ in quotes"),
    ("'3 ‸qux'", "unit 'qux' is not known", "write 3*qux if qux is a constant or a parameter"),
]


@pytest.mark.parametrize(("marked", "message", "hint"), VALUES)
def test_a_value_that_cannot_be_is_located(
    tmp_path: Path, marked: str, message: str, hint: str | None
) -> None:
    """A mass of the wrong dimension, sign or form is refused at its place in the text."""
    check_the_only_mistake(tmp_path, f"{PREAMBLE}{SYSTEMS}given: {{it.mass: {marked}}}\n", message, hint)


@pytest.mark.parametrize(
    "value", ["__import__('os')", "x.__class__", "open('x')", "lambda: 1", "().x", "1 if 1 else 2"]
)
def test_no_value_is_ever_run(tmp_path: Path, value: str) -> None:
    """What looks like Python is a mistake inside the value."""
    text = f'{PREAMBLE}{SYSTEMS}given:\n  it.mass: "{value}"\n'
    (mistake,) = mistakes(tmp_path, text)
    assert mistake.location is not None
    assert mistake.location.line == text.count("\n")
    assert 13 <= mistake.location.column < 13 + len(value)


@pytest.mark.parametrize(
    ("depth", "message"), [(10_000, "at most 10000 characters"), (200, "at most 100 deep")]
)
def test_an_expression_of_ten_thousand_brackets_is_refused(tmp_path: Path, depth: int, message: str) -> None:
    """Expressions are bounded in length and in depth; the message is printed on a line that fits."""
    text = f"{PREAMBLE}{SYSTEMS}given:\n  it.mass: {'(' * depth}m_e{')' * depth}\n"
    (mistake,) = mistakes(tmp_path, text)
    assert message in mistake.message
    assert mistake.location is not None
    assert mistake.location.line == text.count("\n")
    assert mistake.location.column >= 12
    assert max(map(len, render(mistake).splitlines())) < 150


DIFFERENCE = "{} is a difference, and °C a scale with a zero of its own"

TEMPERATURES = [
    ("‸20 C", "a value of dimension s·A for T, which has the dimension K", "write °C: C is the coulomb"),
    (
        "‸68 F",
        "a value of dimension kg⁻¹·m⁻²·s⁴·A² for T, which has the dimension K",
        "write °F: F is the farad",
    ),
    ("20 K, it.dT: ‸5 °C", DIFFERENCE.format("dT"), "write it in K or delta_degC"),
    (
        "20 K, it.warming: ‸5 to 6 °F",
        DIFFERENCE.format("warming").replace("°C", "°F"),
        "write it in K or delta_degC",
    ),
    ("‸-300 °C", "T is greater than zero", "this is below -273.15 °C"),
    (
        "{value: 20.0 °C, within: ‸5 %}",
        "a percentage of a temperature in °C depends on where its zero is",
        "write an amount, or the value in K",
    ),
    (
        "20 ‸°C/m",
        "the scale of '°C' does not start at zero, so it is no unit to multiply with",
        "write K, or delta_degC for its steps",
    ),
]


@pytest.mark.parametrize(("marked", "message", "hint"), TEMPERATURES)
def test_a_temperature_that_cannot_be_is_located(
    tmp_path: Path, marked: str, message: str, hint: str | None
) -> None:
    """Coulombs for degrees, percentages of a scale and what is colder than cold are told apart."""
    scenario = f"{PREAMBLE}{SYSTEMS}given: {{it.T: {marked}}}\n"
    scenario = scenario.replace(
        "  drift:", "  T: {unit: K}\n  dT: {unit: K, symbol: ΔT}\n  warming: {unit: K, sign: any}\n  drift:"
    )
    check_the_only_mistake(tmp_path, scenario, message, hint)


def test_a_parameter_in_doubt_counts_nothing(tmp_path: Path) -> None:
    """Of 2 ± 1 parts nobody knows how many there are."""
    scenario = "parameters: {n: {values: [2 ± 1]}}\nsystems: {it: {is: thing, count: ‸n}}\n"
    message = "parameter 'n' counts parts, but has values that are no positive whole numbers"
    check_the_only_mistake(tmp_path, f"{PREAMBLE}{scenario}", message, None)


def test_a_drift_may_be_zero_but_not_less(tmp_path: Path) -> None:
    """A quantity that is nonnegative takes zero."""
    scenario = f"{PREAMBLE}{SYSTEMS}given: {{it.drift: ‸-1 mm/s, it.inner.drift: 0 mm/s}}\n"
    hint = "declare drift with `sign: any` if it may be otherwise"
    check_the_only_mistake(tmp_path, scenario, "drift is zero or more", hint)


def test_a_comment_that_swallows_a_value_is_pointed_out(tmp_path: Path) -> None:
    """What follows ' #' is a comment; where the rest makes no sense, the hint says so."""
    scenario = f"{PREAMBLE}{SYSTEMS}given:\n  it.mass: m_e *‸ # 1.5\n"
    hint = "a # after a space begins a comment; put the text in quotes"
    check_the_only_mistake(tmp_path, scenario, "something is missing at the end", hint)


# ---------------------------------------------------------------- systems and paths

COUNT = "a count is a positive whole number or a parameter, not "

ENTITIES = [
    ("systems: {it: {is: ‸thin}}", "kind 'thin' is not known", "did you mean 'thing'?"),
    ("systems: {‸it: {spin: up}}", "it has no 'is'", "say of which kind it is"),
    ("systems: {it: {is: thing, count: ‸0}}", f"{COUNT}'0'", None),
    ("systems: {it: {is: thing, count: ‸-1}}", f"{COUNT}'-1'", None),
    ("systems: {it: {is: thing, count: ‸2.5}}", f"{COUNT}'2.5'", None),
    ("systems: {it: {is: thing, count: ‸n}}", f"{COUNT}'n'", None),
    (
        "parameters: {n: {values: [1, 2.5]}}\nsystems: {it: {is: thing, count: ‸n}}",
        "parameter 'n' counts parts, but has values that are no positive whole numbers",
        None,
    ),
    (
        "systems: {it: {is: thing, ‸sping: up}}",
        "'sping' is neither an attribute nor a quantity",
        "did you mean 'spin'?",
    ),
    ("systems: {it: {is: thing, spin: ‸left}}", "attribute 'spin' cannot be 'left'", "it is up or down"),
    (
        "systems: {it: {is: thing, ‸a: {is: thing}}}",
        "'a' is neither an attribute nor a quantity",
        "parts of a system stand under 'parts'",
    ),
    (
        "systems: {it: {is: thing, parts: {‸mass: {is: thing}}}}",
        "an entity cannot be named like the quantity 'mass'",
        None,
    ),
    (
        "systems: {‸it.x: {is: thing}}",
        "'it.x' cannot name an entity",
        "names have letters, digits, - and _",
    ),
    (
        "systems: {it: {is: thing, mass: ‸3 m}}",
        "a value of dimension m for mass, which has the dimension kg",
        "write it in kg",
    ),
    (
        "systems: {it: {is: thing, mass: 3 kg}}\ngiven: {‸it.m: 4 kg}",
        "it.mass is stated twice",
        "first on line 11",
    ),
    (f"{SYSTEMS}given: {{it.mass: 3 kg, ‸it.m: 4 kg}}", "it.mass is stated twice", "first on line 12"),
    (f"{SYSTEMS}given: {{it.‸mas: 3 kg}}", "quantity 'mas' is not known", "did you mean 'mass'?"),
    (f"{SYSTEMS}given: {{‸it.iner.mass: 3 kg}}", "'it.iner' is no entity", "did you mean 'it.inner'?"),
    (f"{SYSTEMS}given: {{‸mass: 3 kg}}", "'mass' is no entity", "write entity.quantity"),
    (
        f"{SYSTEMS}given: {{‸it.inner: 3 kg}}",
        "'it.inner' is an entity, not one of its quantities",
        "write it.inner.mass for its mass, and so on",
    ),
]

REQUESTS = [
    ("assume: [‸nope]", "rule 'nope' is not known", None),
    ("hold: [‸lw]", "'lw' is neither a status nor a premise", "did you mean 'law'?"),
    ("hold: [‸it.mass]", "'it.mass' is neither a status nor a premise", "of it there is it.spin"),
    (
        "given: {it.mass: [{name: a, value: 1 kg}, {name: b, value: 2 kg}]}\nhold: [‸it.mass]",
        "'it.mass' is neither a status nor a premise",
        "write it.mass@a or it.mass@b",
    ),
    ("except: {‸nope: {it: because}}", "rule 'nope' is not known", None),
    ("proposals: {mine: [‸it.spn]}", "'it.spn' is no premise", "did you mean 'it.spin'?"),
    ("expect: ‸contradicton", "'contradicton' is no verdict", "did you mean 'contradiction'?"),
    (
        "expect: {verdict: contradiction, contradictions: [{disputed: [it.spin], ratio: ‸-3}]}",
        "a positive number is needed",
        None,
    ),
    (
        "expect: {verdict: contradiction, ways_out: [[‸it.mass]]}",
        "'it.mass' is no premise",
        "of it there is it.spin",
    ),
    (
        "parameters: {n: {values: [1, ‸2 m]}}",
        "the values of parameter 'n' differ in dimension",
        "the first one is 1",
    ),
    ("parameters: {‸n: {values: []}}", "parameter 'n' has no values", None),
    ("parameters: {n: {values: [‸h]}}", "a parameter's value is a number, with a unit or without", None),
    (
        f"‸parameters: {{a: {{values: {list(range(50))}}}, b: {{values: {list(range(50))}}}}}",
        "the parameters make 2500 cases, more than 1000",
        None,
    ),
]


@pytest.mark.parametrize(("marked", "message", "hint"), ENTITIES)
def test_a_system_or_path_that_means_nothing_is_located(
    tmp_path: Path, marked: str, message: str, hint: str | None
) -> None:
    """Entities need kinds, counts, attributes and quantities that exist; so do the paths of given values."""
    check_the_only_mistake(tmp_path, f"{PREAMBLE}{marked}\n", message, hint)


@pytest.mark.parametrize(("marked", "message", "hint"), REQUESTS)
def test_a_request_about_nothing_is_located(
    tmp_path: Path, marked: str, message: str, hint: str | None
) -> None:
    """What a scenario assumes, holds, withholds, proposes and expects must exist."""
    check_the_only_mistake(tmp_path, f"{PREAMBLE}{SYSTEMS}{marked}\n", message, hint)


# ---------------------------------------------------------------- rules

RULES = [
    ("equation: ‸mas = radius", "'mas' is not known", "did you mean 'mass'?"),
    ("equation: m = ‸electron.mass", "role 'electron' is not known", "give the rule a role 'electron'"),
    ("equation: m = whole.‸mas", "quantity 'mas' is not known", "did you mean 'mass'?"),
    (
        "equation: m = ‸parts.m",
        "'parts' has a meaning inside one sum, min or max",
        "write sum(parts.m), or min or max",
    ),
    (
        "equation: m = sum(sum(‸parts.m))",
        "'parts' has a meaning inside one sum, min or max",
        "write sum(parts.m), or min or max",
    ),
    ("equation: 'm = ‸max(parts.m, m)'", "max over parts takes one argument", None),
    ("equation: m = r*‸count(r)", "only parts can be counted", "write count(parts)"),
    ("equation: m ‸== r", "== is no comparison here", "write ="),
    ("equation: [m = r, ‸r]", "an equation needs one of = < <= > >=", None),
    ("equation: m = ‸a.b.c", "a name has at most one dot", "give the part a role of its own"),
    (
        "roles: {it: thing}, equation: m = ‸it",
        "'it' is no quantity",
        "write it.mass for its mass, and so on",
    ),
    ("equation: m = 2*m_e, examples: [{holds: {m: ‸< 3 kg}}]", NOT_A_BOUND, A_THINGS_OWN),
    ("equation: m = 2*m_e, examples: [{holds: {m: ‸2 to 3 kg}}]", "one value stands here, not a range", None),
    ("roles: {it: ‸thang}, equation: m = it.m", "kind 'thang' is not known", "did you mean 'thing'?"),
    ("roles: {it: {is: thing, count: ‸0}}, equation: m = it.m", "'0' is no positive whole number", None),
    (
        "roles: {‸it: {count: 2}}, equation: m = it.m",
        "role 'it' says neither which kind nor which part",
        None,
    ),
    (
        "equation: m = m, ‸additive: m",
        "rule 'x' has equation and additive",
        "it needs exactly one of equation, additive, quantum, attribute",
    ),
    ("when: {spin: ‸upp}, equation: m = m", "attribute 'spin' cannot be 'upp'", "did you mean 'up'?"),
    ("when: {‸spni: up}, equation: m = m", "attribute 'spni' is not declared", "did you mean 'spin'?"),
    ("attribute: {spin: ‸left}", "attribute 'spin' cannot be 'left'", "it is up or down"),
    (
        "equation: ‸mas = radius, examples: [{holds: {mas: 1 kg}}]",
        "'mas' is not known",
        "did you mean 'mass'?",
    ),
    ("additive: ‸mas", "quantity 'mas' is not known", "did you mean 'mass'?"),
    ("quantum: {of: energy, is: ‸hbr}", "'hbr' is not known", "did you mean 'hbar'?"),
    ("quantum: ‸{of: energy}", "'quantum' of rule 'x' has no 'is'", None),
    (
        "equation: m = m, within: ‸10",
        "'within' is greater than zero and, as a bare number, less than one",
        "write it as in 10 % or 0.1",
    ),
    (
        "equation: m = m, within: ‸3 m",
        "'within' of a rule is a percentage or a fraction",
        "write it as in 10 % or 0.1",
    ),
    (
        "equation: E = m, examples: [‸{holds: {E: 1 J, m: 1 kg}, fails: {E: 1 J, m: 2 kg}}]",
        "an example either holds or fails",
        None,
    ),
    ("equation: E = m, examples: [{‸holds: {E: 1 J}}]", "the example gives no value for m", None),
    (
        "equation: E = m, examples: [{holds: {E: 1 J, m: 1 kg, ‸r: 2 m}}]",
        "'r' is no quantity in this relation",
        "write names as the relation does",
    ),
    (
        "equation: E = m, examples: [{holds: {E: ‸1 V, m: 1 kg}}]",
        "a value of dimension kg·m²·s⁻³·A⁻¹ for energy, which has the dimension kg·m²·s⁻²",
        "write it in J",
    ),
    (
        "additive: m, examples: [{‸holds: {mass: 1 kg}}]",
        "the example has no 'parts'",
        "write parts: [{…}, {…}]",
    ),
]


@pytest.mark.parametrize(("marked", "message", "hint"), RULES)
def test_a_rule_that_says_nothing_is_located(
    tmp_path: Path, marked: str, message: str, hint: str | None
) -> None:
    """A rule speaks of kinds, roles, attributes and quantities that exist, in one relation."""
    rule = f"rules: {{x: {{claim: c, applies_to: thing, status: law, {marked}}}}}\n"
    check_the_only_mistake(tmp_path, PREAMBLE + rule, message, hint)


def test_a_rule_needs_its_parts(tmp_path: Path) -> None:
    """A rule without claim, kind, status and relation is told of what it lacks first."""
    found = mistakes(tmp_path, f"{PREAMBLE}rules: {{x: {{source: me}}}}\n")
    assert {mistake.message for mistake in found} >= {
        "rule 'x' has no 'claim'",
        "rule 'x' has no 'applies_to'",
        "rule 'x' has no 'status'",
    }


# ---------------------------------------------------------------- several files


def test_all_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    """The scenario's mistakes come first, then those of the packs, each from top to bottom."""
    (tmp_path / "one.yaml").write_text("kinds: {a: {is: b}}\nrules: {r: {}}\n")
    (tmp_path / "two.yaml").write_bytes(b"\xff")
    found = mistakes(tmp_path, "scenario: x\nuse: [./one.yaml, ./two.yaml]\ngiven: {a.b: 3}\nsytems: {}\n")
    places = [(Path(m.location.path).name, m.location.line) for m in found if m.location is not None]
    assert places == [
        ("broken.yaml", 3),
        ("broken.yaml", 4),
        ("one.yaml", 1),
        ("one.yaml", 2),
        ("one.yaml", 2),
        ("one.yaml", 2),
        ("two.yaml", 1),
    ]


def test_packs_in_a_circle_are_named(tmp_path: Path) -> None:
    """The circle is told from its first file back to it, at the place of its first `use`."""
    (tmp_path / "a.yaml").write_text("use: [./b.yaml]\n")
    (tmp_path / "b.yaml").write_text("use: [./c.yaml]\n")
    (tmp_path / "c.yaml").write_text("use:\n  - ./a.yaml\n")
    (mistake,) = mistakes(tmp_path, "scenario: x\nuse: [./a.yaml]\n")
    around = " uses ".join(f"{tmp_path}/{name}.yaml" for name in "abca")
    assert mistake.message == f"packs use each other in a circle: {around}"
    assert mistake.location == Location(f"{tmp_path}/a.yaml", 1, 7, len("./b.yaml"))
    assert mistake.source_line == "use: [./b.yaml]"


def test_a_pack_that_uses_itself_is_a_circle(tmp_path: Path) -> None:
    """The shortest circle is one too."""
    path = tmp_path / "a.yaml"
    path.write_text("use: [./a.yaml]\n")
    with pytest.raises(InputError) as caught:
        load_pack(path)
    assert [m.message for m in caught.value.mistakes] == [
        f"packs use each other in a circle: {path} uses {path}"
    ]


def test_a_name_with_two_meanings_is_a_mistake_where_it_is_used(tmp_path: Path) -> None:
    """Two packs may disagree about a symbol as long as nobody writes it."""
    (tmp_path / "mechanics.yaml").write_text("quantities: {energy: {symbol: E, unit: J}}\n")
    (tmp_path / "fields.yaml").write_text("quantities: {field: {symbol: E, unit: V/m}}\n")
    unused = "scenario: x\nuse: [./mechanics.yaml, ./fields.yaml]\nkinds: {k: {energy: 3 J}}\n"
    path = tmp_path / "unused.yaml"
    path.write_text(unused)
    assert set(load_scenario(path).vocabulary.kinds["k"].defaults) == {"energy"}
    (mistake,) = mistakes(tmp_path, unused.replace("energy:", "E:"))
    assert mistake.message.startswith("'E' has two meanings: ")
    for meaning in (
        "energy (J, positive)",
        "field (V/m, positive)",
        "mechanics.yaml:1:14",
        "fields.yaml:1:14",
    ):
        assert meaning in mistake.message


def test_one_rule_in_two_files_is_a_mistake(tmp_path: Path) -> None:
    """Ids of rules name premises, so each stands for one rule."""
    rule = (
        "quantities: {x: {}}\nkinds: {k: {}}\n"
        "rules: {r: {claim: c, applies_to: k, status: law, equation: x = 1}}\n"
    )
    (tmp_path / "pack.yaml").write_text(rule)
    (mistake,) = mistakes(tmp_path, f"scenario: s\nuse: [./pack.yaml]\n{rule}")
    assert mistake.message == "rule 'r' is written twice"
    assert mistake.hint == f"first at {tmp_path / 'pack.yaml'}:3:9"
    assert mistake.location == Location(str(tmp_path / "broken.yaml"), 5, 9)


# ---------------------------------------------------------------- hostile or careless, at random


def test_mistakes_are_counted_up_to_a_limit(tmp_path: Path) -> None:
    """A file of nothing but mistakes is given up soon, and the last line says so."""
    keys = "".join(f"key{n}: {{}}\n" for n in range(100_000))
    found = mistakes(tmp_path, f"scenario: x\n{keys}")
    assert len(found) == MAX_MISTAKES + 1
    assert found[-1].message == f"more than {MAX_MISTAKES} mistakes; the rest is not shown"


def test_a_name_of_a_megabyte_is_shortened_in_the_message(tmp_path: Path) -> None:
    """What is quoted from a file does not flood the terminal."""
    (mistake,) = mistakes(tmp_path, f"scenario: x\n? {'k' * 1_000_000}\n: 3\n")
    assert len(render(mistake)) < 2_000


WHOLE = (
    PREAMBLE
    + SYSTEMS
    + "rules: {x: {claim: y, applies_to: thing, when: {spin: up}, status: law, equation: E = sum(parts.m)}}\n"
    + "given: {it.mass: {value: 3.0(2) kg, within: 10 %}, it.inner.energy: -h*c/(2*a_0)}\n"
    + "parameters: {n: {values: [1, 2]}}\nexcept: {x: {it: because}}\nproposals: {p: [x, it.mass]}\n"
    + "expect: {verdict: contradiction, contradictions: [{disputed: [x], ratio: 3}]}\n"
)


@settings(max_examples=300, deadline=None)
@given(
    start=st.integers(0, len(WHOLE)),
    length=st.integers(0, 12),
    inserted=st.text(st.sampled_from("abmx013 \n\t.,:;-+*/^=<>()[]{}'\"#&!|%@`~ħ²½\\_\0"), max_size=6),
)
def test_any_small_damage_is_either_harmless_or_located(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, inserted: str
) -> None:
    """A scenario with a few characters changed loads, or is refused with mistakes that can be rendered."""
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_bytes((WHOLE[:start] + inserted + WHOLE[start + length :]).encode())
    try:
        scenario = load_scenario(path)
    except InputError as error:
        assert error.mistakes
        for mistake in error.mistakes:
            assert mistake.location is not None
            assert str(path) in render(mistake)
    else:
        assert scenario.path == str(path)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=80))
def test_any_bytes_are_refused_without_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Nothing but an InputError comes out of a file of random bytes."""
    path = tmp_path_factory.getbasetemp() / "random.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError):
        load_scenario(path)
