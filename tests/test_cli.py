"""The command line: exit statuses, what goes to which stream, and how little a bad input can do."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checker import __version__, pipeline
from checker.cli import main

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
COMMAND = [sys.executable, "-c", "import sys; from checker.cli import main; sys.exit(main())"]

TENSION = """\
scenario: The neutron's lifetime, in a beam and in bottles
quantities: {mean_lifetime: {symbol: τ, unit: s}}
kinds: {neutron: {}}
systems: {neutron: {is: neutron}}
given:
  neutron.mean_lifetime:
    - {name: beam, value: 887.7 s, uncertainty: 2.25 s, status: measurement}
    - {name: bottles, value: 878.35(43) s, status: measurement}
expect: no contradiction
"""

LAMP = """\
scenario: A lamp's label against the meter
quantities:
  voltage: {symbol: U, unit: V}
  current: {symbol: I, unit: A}
  resistance: {symbol: R, unit: ohm}
kinds: {resistor: {}}
rules:
  ohms-law:
    claim: The voltage across a resistor is its resistance times its current.
    applies_to: resistor
    equation: U = R*I
    status: law
systems: {lamp: {is: resistor}}
given:
  lamp.voltage: 12 V
  lamp.resistance: 24 ohm
  lamp.current: CURRENT
expect: no contradiction
"""
AGREEING = LAMP.replace("CURRENT", "0.5 A")
CONTRADICTING = LAMP.replace("CURRENT", "0.6 A")
UNDETERMINED = LAMP.replace("  lamp.current: CURRENT\n", "")
BROKEN = LAMP.replace("CURRENT", "0.6 pA s")


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=60,
        check=False,
    )


def written(folder: Path, **files: str) -> list[str]:
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


# ---------------------------------------------------------------- exit status


@pytest.mark.parametrize(
    ("text", "status"), [(AGREEING, 0), (CONTRADICTING, 1), (BROKEN, 2), (UNDETERMINED, 3)]
)
def test_exit_status_follows_from_the_verdict(tmp_path: Path, text: str, status: int) -> None:
    """0 for agreement, 1 for a contradiction, 2 for a broken file, 3 where nothing could be compared."""
    assert main(written(tmp_path, lamp=text)) == status


@pytest.mark.parametrize(
    ("texts", "status"),
    [
        ((AGREEING, UNDETERMINED), 3),
        ((AGREEING, UNDETERMINED, CONTRADICTING), 1),
        ((AGREEING, UNDETERMINED, CONTRADICTING, BROKEN), 2),
    ],
)
def test_of_several_files_the_gravest_counts(tmp_path: Path, texts: tuple[str, ...], status: int) -> None:
    """Broken comes before contradiction, contradiction before undetermined, that before agreement."""
    assert main(written(tmp_path, **{f"lamp{n}": text for n, text in enumerate(texts)})) == status


def test_tension_fails_only_on_demand(tmp_path: Path) -> None:
    """The 4.1 σ between beam and bottles are no contradiction, unless --fail-on tension says so."""
    paths = written(tmp_path, neutron=TENSION)
    assert main(paths) == 0
    assert main([*paths, "--fail-on", "tension"]) == 1


def test_sigma_moves_the_threshold(tmp_path: Path) -> None:
    """At a threshold of 4 σ the neutron's lifetimes contradict each other."""
    assert main([*written(tmp_path, neutron=TENSION), "--sigma", "3,4"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--format", "xml", "a.yaml"],
        ["--no-such-option", "a.yaml"],
        ["--sigma", "3", "a.yaml"],
        ["--sigma", "5,3", "a.yaml"],
        ["--sigma", "nan,5", "a.yaml"],
        ["--sigma", "3,inf", "a.yaml"],
        ["--limit", "0", "a.yaml"],
        ["--limit", "-1", "a.yaml"],
        ["--limit", "²", "a.yaml"],
        ["--limit", "9" * 5000, "a.yaml"],
        ["--rules", "no/such/folder", "a.yaml"],
        ["explain"],
    ],
    ids=lambda words: " ".join(words)[:30] or "nothing",
)
def test_bad_option_is_told_and_exits_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake on the command line is told on stderr; stdout stays empty."""
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "error:" in captured.err
    assert "Traceback" not in captured.err


# ---------------------------------------------------------------- what is checked


def test_missing_path_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typo in a path is an error that names it, never a silent pass."""
    assert main([str(tmp_path / "helum.yaml")]) == 2
    assert "helum.yaml" in capsys.readouterr().err


def test_folder_without_scenarios_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds rule packs alone gives nothing to check, and that is said."""
    written(tmp_path, pack="kinds: {lamp: {}}\n")
    assert main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_folder_means_its_scenarios_and_not_its_packs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a folder, scenarios at any depth are checked, each once, and packs are passed over."""
    inner = tmp_path / "inner"
    inner.mkdir()
    written(tmp_path, pack="kinds: {resistor: {}}\n", one=AGREEING)
    (two,) = written(inner, two=CONTRADICTING)
    assert main([str(tmp_path), two, "--format", "json"]) == 1
    scenarios = json.loads(capsys.readouterr().out)["scenarios"]
    assert [Path(each["path"]).name for each in scenarios] == ["two.yaml", "one.yaml"]


def test_broken_file_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The mistakes of one file are on stderr, the verdicts of all on stdout."""
    assert main(written(tmp_path, bad=BROKEN, good=AGREEING)) == 2
    captured = capsys.readouterr()
    assert "bad.yaml:17" in captured.err
    assert "no contradiction" in captured.out
    assert "2 scenarios: 1 with none, 1 broken" in captured.out


def test_options_may_stand_between_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check A --format json B` checks both."""
    one, two = written(tmp_path, one=AGREEING, two=AGREEING)
    assert main([one, "--format", "json", two]) == 0
    assert len(json.loads(capsys.readouterr().out)["scenarios"]) == 2


def test_file_named_like_a_command_can_be_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check ./test` is the file, `check test` the command."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test").write_text(CONTRADICTING, encoding="utf-8")
    assert main(["./test"]) == 1


# ---------------------------------------------------------------- streams and files


def test_helium_through_the_command_line() -> None:
    """`check scenarios/helium.yaml` reports a₀/7 against 31 pm, uncoloured into a pipe."""
    result = run(SCENARIOS / "helium.yaml")
    assert result.returncode == 1
    assert result.stderr == ""
    assert "\x1b" not in result.stdout
    assert "7.560 pm = a₀/7" in result.stdout
    assert re.search(r"\b31(\.0+)? pm +helium\.radius: Clementi", result.stdout)


def test_output_goes_to_a_file_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--output replaces the file, leaves nothing beside it, keeps to the umask, and stdout stays empty."""
    (path,) = written(tmp_path, lamp=CONTRADICTING)
    target = tmp_path / "out" / "report.json"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")
    assert main([path, "--format", "json", "--output", str(target)]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["scenarios"][0]["verdict"] == "contradiction"
    assert list(target.parent.iterdir()) == [target]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("target", ["no/such/folder/report.txt", "."])
def test_output_that_cannot_be_written_is_told(
    tmp_path: Path, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the report cannot be written, the run has failed, whatever the verdict."""
    assert main([*written(tmp_path, lamp=AGREEING), "--output", str(tmp_path / target)]) == 2
    assert "cannot write" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["lamp.yaml"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_is_told(tmp_path: Path) -> None:
    """A report that the disk has no room for is an error in one line, exit 2."""
    command = [*COMMAND, *written(tmp_path, lamp=AGREEING)]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert result.returncode == 2
    assert "cannot write" in result.stderr
    assert "Traceback" not in result.stderr and "Exception" not in result.stderr


def test_reader_who_leaves_early_is_no_failure(tmp_path: Path) -> None:
    """`check … | head -0` ends quietly with the status of the verdict."""
    command = [*COMMAND, *written(tmp_path, lamp=CONTRADICTING)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 1
    assert complaint == ""


def test_interrupt_ends_with_what_was_found(tmp_path: Path) -> None:
    """Ctrl-C in a long search prints the contradictions found so far and ends with 130, without traceback."""
    chance = random.Random(1)
    truth = [chance.randint(-9, 9) for _ in range(30)]
    rules = []
    for number in range(60):  # eight of sixty equations are false: far more conflicts than the test waits for
        unknowns = chance.sample(range(30), 4)
        factors = [chance.randint(1, 5) for _ in unknowns]
        right = sum(by * truth[one] for by, one in zip(factors, unknowns, strict=True))
        right += chance.randint(1, 5) if number < 8 else 0
        left = " + ".join(f"{by}*q{one}" for by, one in zip(factors, unknowns, strict=True))
        rules.append(
            f"  r{number}: {{claim: c, applies_to: thing, equation: '{left} = {right}', status: law}}"
        )
    lines = ["scenario: long", "hold: []", "quantities:", *(f"  q{n}: {{sign: any}}" for n in range(30))]
    lines += ["kinds: {thing: {}}", "rules:", *rules, "systems: {it: {is: thing}}"]
    path = tmp_path / "long.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (130, "")
    assert out.startswith("CONTRADICTION") and "Interrupted: this is what was found so far" in out


@pytest.mark.parametrize("form", ["text", "json"])
def test_terminal_without_unicode_gets_escapes(form: str) -> None:
    """An ASCII stdout shows a₀ as an escape; JSON stays JSON."""
    result = run(SCENARIOS / "helium.yaml", "--format", form, PYTHONIOENCODING="ascii")
    assert result.returncode == 1
    assert result.stdout.isascii()
    if form == "json":
        assert json.loads(result.stdout)["scenarios"][0]["title"].count("ħ") == 1
    else:
        assert r"a\u2080/7" in result.stdout


@pytest.mark.parametrize("debug", ["", "1"])
def test_fault_of_the_program_is_one_line(
    debug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A planted fault of the engine exits 2 and asks for a report; CHECK_DEBUG=1 shows the traceback."""

    def fail(path: Path, options: pipeline.Options) -> None:
        raise KeyError("planted\nfault")

    monkeypatch.setattr(pipeline, "check", fail)
    monkeypatch.setenv("CHECK_DEBUG", debug)
    assert main(written(tmp_path, lamp=AGREEING)) == 2
    complaint = capsys.readouterr().err
    assert "internal error while checking" in complaint and "please report it" in complaint
    assert ("Traceback" in complaint) == bool(debug)


def test_version_and_help_start_light() -> None:
    """--version and --help load neither YAML nor graphs nor units."""
    probe = (
        "import sys; from checker.cli import main; status = main(sys.argv[1:]);"
        "heavy = {'yaml', 'networkx', 'pint', 'sympy', 'scipy', 'numpy'} & sys.modules.keys();"
        "sys.exit(f'{status} {heavy}' if status or heavy else 0)"
    )
    for word in ("--version", "--help"):
        result = subprocess.run(
            [sys.executable, "-c", probe, word],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert result.stderr == ""
        assert result.returncode == 0
        assert __version__ in result.stdout or "usage: check" in result.stdout


# ---------------------------------------------------------------- check test, check explain


def test_expectation_that_fails_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario whose verdict is not the one it expects is named with what was expected, and exits 1."""
    assert main(["test", *written(tmp_path, good=AGREEING, bad=CONTRADICTING)]) == 1
    *failures, total = capsys.readouterr().out.splitlines()
    assert len(failures) == 1 and "bad.yaml" in failures[0] and "no contradiction" in failures[0]
    assert total == "0 examples, 2 scenarios: 1 falls short"


def test_a_tension_that_is_not_there_falls_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario may expect tensions by what they dispute and by their size, and that there are no others."""
    text = """\
scenario: one quantity
quantities: {x: {}}
kinds: {k: {}}
systems: {it: {is: k}}
given: {it.x: [{name: a, value: 1.0(1)}, {name: b, value: 1.6(1)}]}
expect: {verdict: no contradiction, tensions: [TENSION]}
"""
    right = text.replace("TENSION", "{disputed: [it.x@a, it.x@b], sigma: 4.243}")
    assert main(["test", *written(tmp_path, right=right)]) == 0
    small = text.replace("TENSION", "{disputed: [it.x@a, it.x@b], sigma: 3.2}")
    none = text.replace("TENSION", "")
    other = text.replace("TENSION", "{disputed: [it.x@a]}")
    assert main(["test", *written(tmp_path, small=small, none=none, other=other)]) == 1
    told = capsys.readouterr().out
    assert "the sigma is 4.24" in told
    assert "tension not expected: {it.x@a, it.x@b}" in told
    assert "tension not found: {it.x@a}" in told


def test_example_that_fails_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule whose example says it holds where it does not falls short."""
    pack = """\
quantities: {voltage: {unit: V}, limit: {unit: V}}
kinds: {lamp: {}}
rules:
  within-the-limit:
    claim: The voltage is less than twice the limit.
    applies_to: lamp
    equation: voltage < 2*limit
    status: law
    examples:
      - holds: {voltage: 1 V, limit: 1 V}
      - fails: {voltage: 1.5 V, limit: 1 V}
"""
    assert main(["test", *written(tmp_path, pack=pack)]) == 1
    *failures, total = capsys.readouterr().out.splitlines()
    assert any("within-the-limit" in line for line in failures)
    assert total == "2 examples, 0 scenarios: 1 falls short"


def test_testing_nothing_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pack without examples gives nothing to test; that must not look like success."""
    assert main(["test", *written(tmp_path, pack="kinds: {lamp: {}}\n")]) == 2
    output = capsys.readouterr()
    assert (output.out, "nothing to test" in output.err) == ("", True)


def test_where_nothing_was_compared_nothing_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken file is told of without a line that reads as if all were well; beside others these are
    counted."""
    broken = written(tmp_path, broken="rules: [a")
    assert main(["test", *broken]) == 2
    output = capsys.readouterr()
    assert output.out == "" and "broken.yaml:1:8" in output.err
    assert main(["test", *broken, *written(tmp_path, good=AGREEING)]) == 2
    assert capsys.readouterr().out == "0 examples, 1 scenario: 0 fall short\n"


def test_ones_own_rules_are_tried_without_being_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a path, ./rules is tried like the built-in rules and ./scenarios: an example that fails there
    falls short."""
    (tmp_path / "rules").mkdir()
    example = "applies_to: k, status: law, equation: x = 2, examples: [{holds: {x: 3}}]"
    pack = f"quantities: {{x: {{}}}}\nkinds: {{k: {{}}}}\nrules: {{two: {{claim: c, {example}}}}}\n"
    (tmp_path / "rules" / "own.yaml").write_text(pack, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["test"]) == 1
    told, total = capsys.readouterr().out.splitlines()
    assert "rules/own.yaml" in told and "two" in told
    assert total.endswith("1 falls short")


def test_shipped_rules_and_scenarios_are_as_expected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check test` without a path tests the built-in rules and the scenarios, and none falls short."""
    monkeypatch.chdir(ROOT)
    assert main(["test"]) == 0
    assert capsys.readouterr().out.endswith(": 0 fall short\n")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "two-electron-atom",
            ["applies to", "within      10 %", "Pavlov 2025, eq. (7)", "semiclassical.yaml:"],
        ),
        ("angular_momentum", ["J*s", "kg·m²·s⁻¹", "positive"]),
        ("helium-nucleus", ["nucleus", "charge = 2*e"]),
        ("hbar", ["ħ", "h/(2*pi)", "CODATA 2022"]),
        ("m_e", ["9.1093837139(28)e-31 kg", "2.8e-40"]),
    ],
)
def test_explain_tells_what_the_packs_say(
    name: str, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule, quantity, kind or constant is printed with what it means and where it stands."""
    assert main(["explain", name]) == 0
    text = capsys.readouterr().out
    assert [piece for piece in told if piece not in text] == []


def test_explain_looks_in_a_named_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule of one's own pack is explained once the pack is named with --use."""
    (pack,) = written(
        tmp_path, pack="quantities: {hardness: {unit: Pa, description: as Mohs never meant it}}\n"
    )
    assert main(["explain", "hardness"]) == 2
    assert main(["explain", "hardness", "--use", pack]) == 0
    assert "as Mohs never meant it" in capsys.readouterr().out


def test_explain_of_a_typo_suggests_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    """An id that nobody defines exits 2 with the nearest one that somebody does."""
    assert main(["explain", "angular-momentum-ads"]) == 2
    assert "did you mean 'angular-momentum-adds'?" in capsys.readouterr().err


# ---------------------------------------------------------------- several files, each in its format


def test_one_run_writes_several_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each file gets the format that its name ends in, nothing goes to stdout, and the status is as ever."""
    names = {"r.json": "{", "r.md": "# ", "r.sarif": "{", "r.txt": "CONTRADICTION", "plain": "CONTRADICTION"}
    outputs = [word for name in names for word in ("--output", str(tmp_path / name))]
    assert main([*written(tmp_path, lamp=CONTRADICTING), *outputs]) == 1
    assert capsys.readouterr().out == ""
    for name, start in names.items():
        assert (tmp_path / name).read_text().startswith(start)
    assert "runs" in json.loads((tmp_path / "r.sarif").read_text())
    assert "scenarios" in json.loads((tmp_path / "r.json").read_text())


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--output", "r.json", "--format", "text"], "--format json"),
        (["--output", "r.pdf"], "it can be .json"),
        (["--output", "good.json", "--output", "r.docx"], "it can be .json"),
    ],
)
def test_a_file_whose_name_says_otherwise_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    hint: str,
) -> None:
    """A format that the name contradicts or nobody knows is a mistake, and no file at all is written."""
    paths = written(tmp_path, lamp=CONTRADICTING)
    monkeypatch.chdir(tmp_path)
    assert main([*paths, *words]) == 2
    assert hint in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lamp.yaml"]


def test_sarif_may_be_called_json(tmp_path: Path) -> None:
    """SARIF is JSON: a file of that suffix may hold it where the option says so."""
    output = tmp_path / "r.json"
    main([*written(tmp_path, lamp=CONTRADICTING), "--format", "sarif", "--output", str(output)])
    assert "runs" in json.loads(output.read_text())


def test_a_comparison_has_no_other_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sets of assumptions beside each other are text or JSON; another format is refused."""
    output = str(tmp_path / "r.md")
    words = ["compare", str(SCENARIOS / "helium.yaml"), "--assume", "quantum-per-system", "--output", output]
    assert main(words) == 2
    assert "a comparison is no markdown" in capsys.readouterr().err
