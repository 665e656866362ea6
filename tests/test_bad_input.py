"""Broken, hostile and careless files are refused with a place; tests/broken has what the messages say."""

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


# ---------------------------------------------------------------- not YAML, or not for us


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
        ("given: {x.y: [2, 3] s}", "'[' opens a list here 14"),
        ("given: {x.y: > 3 s}", "'>' opens a block of text here 14"),
        ("given:\n  x.y: [2, 3] s", "'[' opens a list here 8"),
        ("given:\n  x.y: > 3 s", "'>' opens a block of text here 8"),
        ("source: a: b", "': ' has no place in this text 10"),
        ("source: 'a' b", "text goes on behind a closing quote 13"),
        ("given: {x.y: 1 z.y: 2}", "a ',' is missing between entries 19"),
        ("source: a\n  note: 3", "this line is indented below a value 3"),
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


# ---------------------------------------------------------------- values


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


def test_a_drift_may_be_zero_but_not_less(tmp_path: Path) -> None:
    """A quantity that is nonnegative takes zero."""
    scenario = f"{PREAMBLE}{SYSTEMS}given: {{it.drift: -1 mm/s, it.inner.drift: 0 mm/s}}\n"
    (mistake,) = mistakes(tmp_path, scenario)
    assert mistake.message == "drift is zero or more, and this value is not"
    assert mistake.location is not None and mistake.location.column == len("given: {it.drift: ") + 1


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
    assert mistake.details == (
        f"energy (J, positive) at {tmp_path}/mechanics.yaml:1:14",
        f"field (V/m, positive) at {tmp_path}/fields.yaml:1:14",
    )


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
