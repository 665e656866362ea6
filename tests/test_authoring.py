"""Commands for who writes rules: `check new`, `check rules`, `check explain`, `check schema`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from checker.cli import main
from checker.layout import PACK, SCENARIO
from checker.load import builtin_rules, load_vocabulary
from checker.yaml_text import read
from tests.test_schema import errors, forms, plain

ROOT = Path(__file__).parent.parent


# ---------------------------------------------------------------- check new


@pytest.mark.parametrize("word", ["rule", "scenario"])
def test_a_new_file_passes_its_test_and_its_schema(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `check new` writes passes `check test` as it stands, lints clean, and satisfies the schema that
    its first line names; the message is the command to run next."""
    monkeypatch.chdir(tmp_path)
    assert main(["new", word, "first-try"]) == 0
    command = "check test" if word == "rule" else "check"
    assert capsys.readouterr().out == f"first-try.yaml is written. Next: {command} first-try.yaml\n"
    text = (tmp_path / "first-try.yaml").read_text(encoding="utf-8")
    schema = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=file://")
    assert json.loads(Path(schema).read_text(encoding="utf-8"))["title"].lower().find(word) >= 0
    assert errors(word, plain(read(tmp_path / "first-try.yaml", "").root)) == []
    assert main(["test", "first-try.yaml"]) == 0
    assert (
        capsys.readouterr().out
        == {
            "rule": "2 examples, 0 scenarios: 0 fall short\n",
            "scenario": "0 examples, 1 scenario: 0 fall short\n",
        }[word]
    )
    assert main(["lint", "first-try.yaml"]) == 0


def test_a_new_rule_file_explains_every_key_of_the_format(tmp_path: Path) -> None:
    """No key of either format is missing from the file to begin with, or from the one that it refers to."""
    for word in ("rule", "scenario"):
        assert main(["new", word, str(tmp_path / f"{word}-a.yaml")]) == 0
    rule, scenario = (
        (tmp_path / f"{word}-a.yaml").read_text(encoding="utf-8") for word in ("rule", "scenario")
    )
    assert {key for form in forms(PACK) for key in form.keys if key not in rule} == set()
    assert {key for form in forms(SCENARIO) for key in form.keys if key not in rule + scenario} == set()


@pytest.mark.parametrize("word", ["rule", "scenario"])
def test_a_line_that_is_left_out_can_be_taken_in(word: str, tmp_path: Path) -> None:
    """Each commented entry, its # taken away, is of the form that the schema and the loader ask for."""
    path = tmp_path / "first.yaml"
    assert main(["new", word, str(path)]) == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    entry = re.compile(r"( *)# ?(\w+:.*)")
    tried = 0
    for number, line in enumerate(lines):
        if not (match := entry.fullmatch(line)):
            continue
        taken = [f"{match[1]}{match[2]}"]
        for below in lines[number + 1 :]:  # what is indented further belongs to it
            if not re.match(rf"{match[1]}#   ?\w", below):
                break
            taken.append(match[1] + below.removeprefix(f"{match[1]}# "))
        path.write_text("\n".join([*lines[:number], *taken, *lines[number + len(taken) :]]), encoding="utf-8")
        assert errors(word, plain(read(path, "").root)) == [], taken
        tried += 1
    assert tried == {"rule": 12, "scenario": 9}[word]


def test_nothing_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file, a folder or a link that leads nowhere is left as it is, and the mistake says so."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("mine", encoding="utf-8")
    Path("b.yaml").mkdir()
    Path("c.yaml").symlink_to("elsewhere.yaml")
    for name in "abc":
        assert main(["new", "rule", name]) == 2
        assert "exists already" in capsys.readouterr().err
    assert Path("a.yaml").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "b.yaml", "c.yaml"]


HOSTILE = [
    *("", "..", "../up", "a/b", "/etc/x", "a b", "-x", "_a", "a--b", "é", "law", "a.yml", ".yaml", "con.txt"),
    *("x;rm.yaml", "a\nb.yaml", "a/b\nscenario: x/a.yaml", "\x1b[31m", "a" * 61, "no/such/folder.yaml"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_none_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What would leave the folder, hide, break a line or a shell's word, or name no rule writes nothing."""
    monkeypatch.chdir(tmp_path)
    assert main(["new", "rule", "--", name]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert list(tmp_path.iterdir()) == []


def test_a_schema_near_the_new_file_is_named_by_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the checker lies below the current folder, the first line holds on other machines, too."""
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "a venv" / "schemas"
    package.mkdir(parents=True)
    Path("rules").mkdir()
    monkeypatch.setattr("checker.commands.new.schema_path", lambda word: package / f"{word}.schema.json")
    assert main(["new", "rule", "rules/mine.yaml"]) == 0
    first = Path("rules/mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../a%20venv/schemas/rule.schema.json"


@pytest.mark.parametrize("word", ["rule", "scenario"])
def test_check_schema_prints_what_is_installed(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The schema goes to stdout, whole, for a file of one's own."""
    assert main(["schema", word]) == 0
    written = (ROOT / "checker" / "schemas" / f"{word}.schema.json").read_text(encoding="utf-8")
    assert capsys.readouterr().out == written


# ---------------------------------------------------------------- check rules


def found(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, list[str]]:
    """What `check rules` lists, by the heading that it stands under."""
    assert main(["rules", *words]) == 0
    groups: dict[str, list[str]] = {}
    for line in capsys.readouterr().out.splitlines():
        if line and not line.startswith(" "):
            groups[line] = []
        elif line.startswith("  ") and not line.startswith("   "):
            groups[[*groups][-1]].append(line.split()[0])
    return groups


def test_every_built_in_rule_is_listed_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a word, each rule stands under its pack: in columns its status and relation, then its claim."""
    rules = load_vocabulary([]).rules
    groups = found(capsys)
    assert sorted(name for names in groups.values() for name in names) == sorted(rules)
    packs = {name: group.split()[-1] for group, names in groups.items() for name in names}
    assert {name: Path(rule.pack).stem for name, rule in rules.items()} == packs
    main(["rules", "--use", "motion"])
    out = capsys.readouterr().out
    assert "\n  orbit-period                  definition  period = 2*pi*orbit_radius / speed\n" in out
    assert "\n      The period is the circumference of the orbit divided by the speed.\n" in out


def test_words_are_looked_for_together_and_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """All words must be there, be it in an id, a claim, a source, a relation or a description; quantities,
    kinds and constants are found too, each under a heading of its own."""
    assert found(capsys, "pendulum") == {
        "rules of mechanics": ["pendulum-period"],
        "quantities of mechanics": ["pendulum_length"],
        "kinds of mechanics": ["pendulum"],
    }
    assert found(capsys, "orbit", "CIRCUMFERENCE") == {"rules of motion": ["orbit-period"]}
    assert "constants of constants" in found(capsys, "bohr")


def test_a_symbol_is_found_as_a_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """A letter is a symbol, in its own case, and not every word with that letter in it."""
    groups = found(capsys, "Φ")
    assert "flux-energy" in groups["rules of semiclassical"]
    assert all("magnetic_flux" in names for group, names in groups.items() if group.startswith("quantities"))
    vocabulary = load_vocabulary([])
    listed = {
        name for group, names in found(capsys, "γ").items() if group.startswith("rules") for name in names
    }
    using = {name for name, rule in vocabulary.rules.items() if rule.pack.endswith("relativity.yaml")}
    assert listed
    assert listed < using


def test_what_is_not_found_gives_close_names_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt word lists nothing on stdout, and the names that it may have meant on stderr."""
    assert main(["rules", "pendlum"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "close to it: pendulum, pendulum_length" in output.err


def test_rules_of_packs_of_ones_own_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--use` names a file by its path, or by its name in a folder that `--rules` names."""
    main(["new", "rule", str(tmp_path / "glass.yaml")])
    capsys.readouterr()
    path = str(tmp_path / "glass.yaml")
    assert found(capsys, "lens", "--use", path)[f"rules of {path}"] == ["glass"]
    assert found(capsys, "lens", "--use", "glass", "--rules", str(tmp_path))["rules of glass"] == ["glass"]


# ---------------------------------------------------------------- check explain


def explained(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """What `check explain` says, by its labels; several lines of one label in one."""
    assert main(["explain", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    column = (
        min(len(line) - len(line.lstrip()) for line in lines[1:] if line.startswith(" "))
        if any(line.startswith(" ") for line in lines)
        else len(lines[0]) - len(lines[0].split(maxsplit=1)[1])
    )
    told: dict[str, str] = {}
    label = ""
    for line in lines:
        label = line[:column].strip() or label
        told[label] = f"{told.get(label, '')} {line[column:]}".strip()
    return told


def test_explain_tells_how_a_rule_comes_to_apply(capsys: pytest.CaptureFixture[str]) -> None:
    """A postulate names the pack to use and that it must be assumed; a law that it applies, and when it is
    disputed."""
    assert explained(capsys, "quantum-per-particle")["to use it"] == (
        "use: [semiclassical] and assume: [quantum-per-particle]"
    )
    assert explained(capsys, "orbit-period")["to use it"] == "use: [motion], and it always applies"
    assert explained(capsys, "kinetic-energy")["to use it"].endswith("it is disputed unless hold names it")


def test_explain_tells_what_a_rule_speaks_of(capsys: pytest.CaptureFixture[str]) -> None:
    """The kinds below the one it applies to, each role, and each quantity with symbol and unit are named."""
    told = explained(capsys, "two-electron-atom")
    assert told["applies to"] == "atom, and so to helium-atom"
    assert told["with"] == "nucleus, any nucleus among the parts electron, 2 of electron"
    assert told["quantities"] == "charge (q, C), radius (r, m), mass (m, kg), speed (v, m/s)"


def test_explain_tells_where_names_are_used(capsys: pytest.CaptureFixture[str]) -> None:
    """A quantity lists its rules, a kind the rules of all that it is, an attribute who asks for it."""
    assert "pendulum-period" in explained(capsys, "pendulum_length")["in rules"]
    kind = explained(capsys, "electron")
    assert kind["rules of body"] == "kinetic-energy, orbital-angular-momentum, orbit-period"
    attribute = explained(capsys, "mean_free_path")
    assert (attribute["is one of"], attribute["asked for by"]) == ("short, long", "pairs-need-a-short-path")


def test_explain_tells_the_unit_that_is_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A quantity without a unit of its own is explained with the one that its rules force, and which does."""
    main(["new", "rule", str(tmp_path / "glass.yaml")])
    path = tmp_path / "glass.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{symbol: f, unit: m}", "{symbol: f}"), encoding="utf-8"
    )
    capsys.readouterr()
    assert explained(capsys, "focal_length", "--use", str(path))["unit"] == "m, as rule 'glass' forces"


def test_every_built_in_name_is_explained() -> None:
    """Nothing that the packs declare is too odd to be explained."""
    from checker.report.explain import explain, known_names

    vocabulary = load_vocabulary([])
    assert builtin_rules().is_dir()
    assert [name for name in known_names(vocabulary) if not explain(vocabulary, name)] == []
