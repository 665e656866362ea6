"""`check lint` finds what is planted, and nothing in what ships."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import sympy

from checker.cli import main
from checker.commands.lint import loaded
from checker.findings import FINDINGS
from checker.lint import lint
from checker.load import load_pack
from checker.sameness import said

ROOT = Path(__file__).parent.parent

PACK = """\
quantities:
  momentum: {symbol: p, unit: kg*m/s}
  mass: {symbol: m, unit: kg}
  speed: {symbol: v, unit: m/s}
kinds:
  body: {}
  ball: {is: body}
rules:
  momentum:
    claim: A body has its mass times its speed as momentum.
    applies_to: body
    equation: p = m*v
    status: definition
    source: any textbook
    examples:
      - holds: {p: 6 kg*m/s, m: 2 kg, v: 3 m/s}
      - fails: {p: 6 kg*m/s, m: 2 kg, v: 2 m/s}
"""

SCENARIO = """\
scenario: A thrown ball
use: [pack.yaml]
systems: {it: {is: ball}}
given: {it.mass: 1 kg, it.speed: 2 m/s}
"""


def rule(id_: str, relation: str, more: str = "") -> str:
    """A rule without examples, whose other findings are not looked at."""
    return f"  {id_}: {{claim: It is so., applies_to: body, {relation}, status: law, source: me{more}}}\n"


def findings(folder: Path, pack: str, scenario: str | None = None, ignore: str = "no-example") -> list[str]:
    """Line, message and code of each finding in a pack, and in a scenario that uses it."""
    (folder / "pack.yaml").write_text(pack, encoding="utf-8")
    paths = [folder / "pack.yaml"]
    if scenario is not None:
        (folder / "scenario.yaml").write_text(scenario, encoding="utf-8")
        paths.append(folder / "scenario.yaml")
    files, mistakes = loaded(paths, [])
    assert mistakes == []
    found = [one for one in lint(files) if one.code not in ignore]
    texts = [
        f"{Path(one.location.path).stem}:{one.location.line}: {one.message} [{one.code}]" for one in found
    ]
    return [text.replace(f"{folder}/", "") for text in texts]


# ---------------------------------------------------------------- what ships


def test_nothing_that_ships_is_odd(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without paths, the built-in rules and all scenarios are looked at; a comment keeps each finding."""
    monkeypatch.chdir(ROOT)
    assert main(["lint"]) == 0
    assert re.fullmatch(r"\d\d files: 0 findings\n", capsys.readouterr().out)


def test_a_library_need_not_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Elsewhere, the built-in packs are no fault of scenarios that use little of them."""
    (tmp_path / "scenarios").mkdir()
    text = "scenario: A stone\nuse: [mechanics]\nsystems: {stone: {is: falling-body, mass: 1 kg}}\n"
    (tmp_path / "scenarios" / "stone.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "19 files: 0 findings\n"


def test_a_pack_in_order_has_no_findings(tmp_path: Path) -> None:
    """The pack that faults are planted into has none, alone and with a scenario."""
    assert findings(tmp_path, PACK, ignore="") == []
    assert findings(tmp_path, PACK, SCENARIO, ignore="") == []


# ---------------------------------------------------------------- what is planted


def test_a_rule_that_fits_nothing_in_any_scenario(tmp_path: Path) -> None:
    """A rule for a kind that nothing is, or for an attribute that nothing has, never applies; without a
    scenario nobody can say."""
    pack = PACK.replace("kinds:\n", "attributes: {hot: [true, false]}\nkinds:\n  wave: {}\n")
    pack += rule("a", "equation: m = 2*m_e").replace("applies_to: body", "applies_to: wave")
    pack += rule("b", "equation: m = 3*m_e", ", when: {hot: true}") + rule("c", "equation: m = 4*m_e")
    assert findings(tmp_path, pack) == []
    assert findings(tmp_path, pack, SCENARIO) == [
        "pack:20: rule 'a' fits nothing in any scenario here [never-applies]",
        "pack:21: rule 'b' fits nothing in any scenario here [never-applies]",
    ]


@pytest.mark.parametrize(
    "status",
    ["postulate", "hypothesis"],
)
def test_a_rule_that_is_not_on_trial_may_still_fit(status: str, tmp_path: Path) -> None:
    """A postulate that no scenario assumes fits things all the same; so does a rule that is withheld."""
    pack = PACK + rule("a", "equation: m = 2*m_e").replace("law", status) + rule("b", "equation: m = 3*m_e")
    assert findings(tmp_path, pack, SCENARIO + "except: {b: {it: it is heavy}}\n") == []


@pytest.mark.parametrize(
    "relation",
    [
        "equation: m*v = v*m",
        "equation: (m + 1*m)/2 = m",
        "equation: sqrt(m²) = m",
        "equation: (m + m_e)² = m² + 2*m*m_e + m_e^2",
        "equation: m > 0",
        "equation: -m <= v*m/v",
        "equation: [m = m, m + m_e > 0]",
        "quantum: {of: m, is: m}",
    ],
)
def test_a_rule_that_cannot_fail(relation: str, tmp_path: Path) -> None:
    """Identities, and comparisons that every positive quantity meets, are told."""
    assert findings(tmp_path, PACK + rule("a", relation)) == [
        "pack:18: rule 'a' is true whatever values its quantities have [never-fails]"
    ]


@pytest.mark.parametrize(
    "relation",
    [
        "equation: m = 2*m",
        "equation: m < m_e",
        "equation: m > 0*m + m_e",
        "equation: '[m = m_e, m > 0]'".replace("'", ""),
        "quantum: {of: m, is: m_e, number: whole}",
        "equation: sin(m/m) = sin(m/m_e)",
    ],
)
def test_a_rule_that_can_fail(relation: str, tmp_path: Path) -> None:
    """Nothing is said of a rule that some values break."""
    assert findings(tmp_path, PACK + rule("a", relation)) == []


def test_a_sign_that_is_open_lets_a_comparison_fail(tmp_path: Path) -> None:
    """x > 0 claims something of a quantity that may be negative."""
    pack = PACK.replace("{symbol: m, unit: kg}", "{symbol: m, unit: kg, sign: any}")
    assert findings(tmp_path, pack + rule("a", "equation: m > 0")) == []


@pytest.mark.parametrize("equation", ["v = p/m", "2*m*speed = 2*momentum", "p² = (m*v)^2", "m = sqrt(p*m/v)"])
def test_a_rule_written_twice(equation: str, tmp_path: Path) -> None:
    """The same equation solved for another quantity, scaled, squared or in names says the same."""
    assert findings(tmp_path, PACK + rule("again", f"equation: {equation}")) == [
        "pack:18: rule 'again' says the same as 'momentum' at pack.yaml:9:3 [same-rule]"
    ]


def test_a_rule_that_another_one_implies(tmp_path: Path) -> None:
    """What holds of every body need not be said of balls; but of balls it may be said better."""
    of_balls = rule("ball-momentum", "equation: p = m*v").replace("applies_to: body", "applies_to: ball")
    assert findings(tmp_path, PACK + of_balls) == [
        "pack:18: rule 'ball-momentum' says of 'ball' what 'momentum' at pack.yaml:9:3 says of every 'body' "
        "[implied-rule]"
    ]
    rough = PACK.replace("    status: def", "    within: 10 %\n    status: def")
    assert findings(tmp_path, rough + of_balls) == []
    limited = PACK.replace("    status: def", "    validity: v < c/10\n    status: def")
    assert findings(tmp_path, limited + of_balls) == []
    with_part = PACK.replace("    equation", "    roles: {skin: body}\n    equation")
    assert findings(tmp_path, with_part + of_balls) == []


PARTS = """\
quantities: {turning: {symbol: L, unit: J*s}}
kinds: {electron: {}, atom: {}}
rules:
  moves: {claim: It moves., applies_to: atom, roles: {e_1: electron}, equation: L > e_1.L, status: law}
  one: {claim: There is one ħ., applies_to: electron, quantum: {of: L, is: hbar}, status: postulate}
  two: {claim: One ħ is there., applies_to: atom, quantum: {of: L, is: hbar}, status: postulate}
"""


def test_a_quantum_of_parts_or_of_wholes(tmp_path: Path) -> None:
    """The question at the heart of Pavlov 2025: two postulates give one ħ, one to a part and one to the
    whole, and no claim says to which; one that does settles it."""
    wanted = [
        "pack:6: rule 'two' (of 'atom') says the same as 'one' (of 'electron') at pack.yaml:5:3, "
        "and no claim says of which [part-or-whole]"
    ]
    ignore = "no-example no-source"
    assert findings(tmp_path, PARTS, ignore=ignore) == wanted
    assert findings(tmp_path, PARTS.replace("There is one ħ", "Each electron has one ħ"), ignore=ignore) == []
    assert findings(tmp_path, PARTS.replace("One ħ is there", "Atoms have one ħ"), ignore=ignore) == []
    whole = PARTS.replace(
        "is: hbar}, status: postulate}\n  two", "is: hbar, number: whole}, status: postulate}\n  two"
    )
    assert findings(tmp_path, whole, ignore=ignore) == [
        wanted[0].replace("says the same", "speaks of the same quanta")
    ]
    unrelated = PARTS.replace("roles: {e_1: electron}, equation: L > e_1.L", "equation: L > hbar")
    assert findings(tmp_path, unrelated, ignore=ignore) == []


def test_parts_are_known_from_a_scenario_too(tmp_path: Path) -> None:
    """Where no rule has a role for them, the systems of the scenario show what is part of what."""
    rules = "\n".join(line for line in PARTS.splitlines() if "moves" not in line)
    pair = "systems: {helium: {is: atom, parts: {it: {is: electron}}}}"
    (tmp_path / "scenario.yaml").write_text(f"scenario: x\n{rules}\n{pair}\n", encoding="utf-8")
    files, _ = loaded([tmp_path / "scenario.yaml"], [])
    assert [one.code for one in lint(files)] == ["part-or-whole"]


def test_sources_and_examples_are_missed_in_packs(tmp_path: Path) -> None:
    """A pack's rule without a source, without an example that holds or one that fails, is told; a scenario's
    own is not, and neither is an attribute rule's lack of examples."""
    bare = "  a: {claim: So., applies_to: body, equation: m = m_e, status: law}\n"
    half = rule("b", "equation: m = 2*m_e", ", examples: [{holds: {m: 1.8218767e-30 kg}}]")
    words = (
        rule("c", "attribute: {hot: true}").replace("}}\n", "}\n")
        if False
        else rule("c", "attribute: {hot: true}")
    )
    pack = PACK.replace("kinds:\n", "attributes: {hot: [true, false]}\nkinds:\n") + bare + half + words
    assert findings(tmp_path, pack, ignore="") == [
        "pack:19: rule 'a' has no example that holds and none that fails [no-example]",
        "pack:19: rule 'a' has no source [no-source]",
        "pack:20: rule 'b' has no example that fails [no-example]",
    ]
    assert findings(tmp_path, PACK, SCENARIO + f"rules:\n{bare}", ignore="") == []


@pytest.mark.parametrize("name", ["masses", "momenttum", "momenutm", "Momentum", "speeds"])
def test_names_that_will_be_taken_for_others(name: str, tmp_path: Path) -> None:
    """A plural, a letter more, two letters swapped and another case are told."""
    pack = PACK.replace("quantities:\n", f"quantities:\n  {name}: {{unit: kg}}\n")
    pack += rule("a", f"equation: {name} = m_e")
    assert [text.rpartition(" ")[2] for text in findings(tmp_path, pack)] == ["[close-names]"]


@pytest.mark.parametrize(
    "name", ["height", "weight", "momentum_12", "grass", "mu_n", "mu_N", "heat_in", "speed_of"]
)
def test_names_that_will_not(name: str, tmp_path: Path) -> None:
    """Another word is another word, be it like height and weight; a symbol's case and a number count."""
    names = (name, "weight_of", "mu_m", "momentum_21")
    both = "quantities:\n" + "".join(f"  {each}: {{unit: kg}}\n" for each in names)
    pack = PACK.replace("quantities:\n", both) + rule(
        "a", f"equation: {name} = m_e*weight_of/weight_of*mu_m/mu_m"
    )
    assert [text for text in findings(tmp_path, pack) if "close-names" in text] == []


def test_symbols_that_two_quantities_have(tmp_path: Path) -> None:
    """The symbol of another quantity, or its name, cannot be written for either."""
    pack = PACK.replace(
        "quantities:\n", "quantities:\n  weight: {symbol: m, unit: N}\n  x: {symbol: mass, unit: N}\n"
    )
    pack = pack.replace("equation: p = m*v", "equation: p = mass*v").replace("m: 2 kg", "mass: 2 kg")
    pack = pack.replace("symbol: m, unit: kg", "unit: kg").replace("p = mass*v", "p*x = p*x*weight/weight")
    found = findings(tmp_path, re.sub(r"    examples:(.|\n)*", "", pack))
    assert [text for text in found if "same-symbol" in text] == [
        "pack:3: 'mass' is x and mass at pack.yaml:5:3 [same-symbol]"
    ]


def test_what_a_pack_declares_for_nothing(tmp_path: Path) -> None:
    """A quantity, constant, kind or attribute that no rule and no scenario needs is told; one that only a
    scenario needs is not."""
    pack = PACK.replace(
        "kinds:\n",
        "attributes: {hot: [true, false]}\nconstants: {k_9: 3 kg, k_8: 4 kg}\nkinds:\n  wave: {}\n",
    )
    pack = pack.replace("quantities:\n", "quantities:\n  depth: {unit: m}\n")
    assert findings(tmp_path, pack) == [
        "pack:2: quantity 'depth' is declared, and nothing here uses it [unused]",
        "pack:6: attribute 'hot' is declared, and nothing here uses it [unused]",
        "pack:7: constant 'k_9' is declared, and nothing here uses it [unused]",
        "pack:7: constant 'k_8' is declared, and nothing here uses it [unused]",
        "pack:9: kind 'wave' is declared, and nothing here uses it [unused]",
    ]
    scenario = SCENARIO.replace("it: {is: ball}", "it: {is: ball}, sea: {is: wave, depth: 3 m}")
    found = findings(tmp_path, pack, scenario.replace("1 kg", "k_9"))
    assert [re.sub(r"pack:\d+: (\w+ '\w+').*", r"\1", text) for text in found] == [
        "attribute 'hot'",
        "constant 'k_8'",
    ]


def test_a_finding_is_kept_by_a_comment_with_a_reason(tmp_path: Path) -> None:
    """On its line or the one above, for its code, with a reason; a comment that keeps nothing is told."""
    extra = rule("again", "equation: v = p/m")
    assert findings(tmp_path, PACK + extra.rstrip() + "   # lint: same-rule, to be seen solved for v\n") == []
    assert findings(tmp_path, PACK + "  # lint: same-rule: to be seen solved for v\n" + extra) == []
    assert findings(tmp_path, PACK + "  # lint: same-rule\n" + extra) == [
        "pack:18: this comment keeps no finding [same-rule] [keeps-nothing]",
        "pack:19: rule 'again' says the same as 'momentum' at pack.yaml:9:3 [same-rule]",
    ]
    assert findings(tmp_path, PACK + "  # lint: never-fails, or so I think\n" + extra)[0].startswith(
        "pack:18: this comment keeps no finding [never-fails]"
    )


# ---------------------------------------------------------------- the command


def test_the_command_tells_place_code_and_hint_and_its_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finding is a line with its place and code, a hint below it, and status 1; a broken file is told as
    ever, with status 2, beside the findings of the others."""
    pack = tmp_path / "pack.yaml"
    pack.write_text(PACK.replace("    source: any textbook\n", ""), encoding="utf-8")
    assert main(["lint", str(pack)]) == 1
    assert capsys.readouterr().out == (
        f"{pack}:9:3: rule 'momentum' has no source [no-source]\n"
        "  name a textbook with its section, or a paper with its equation\n"
        "1 file: 1 finding\n"
    )
    (tmp_path / "broken.yaml").write_text("rules: [a", encoding="utf-8")
    assert main(["lint", str(tmp_path)]) == 2
    output = capsys.readouterr()
    assert "[no-source]" in output.out
    assert "broken.yaml:1:8" in output.err
    assert main(["lint", str(tmp_path / "missing.yaml")]) == 2


def test_every_finding_is_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` names the codes, the page on writing rules has a sentence for each, `check explain` more."""
    assert main(["lint", "--help"]) == 0
    told = capsys.readouterr().out
    assert [code for code in FINDINGS if code not in re.sub(r"\s+", "", told)] == []
    page = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, re.MULTILINE))
    assert rows == {code: entry.means for code, entry in FINDINGS.items()}
    for code in FINDINGS:
        assert main(["explain", code]) == 0
        assert capsys.readouterr().out.startswith(f"finding  {code}\n")


# ---------------------------------------------------------------- rules that say the same, against SymPy


def test_equations_that_sympy_finds_alike_say_the_same(tmp_path: Path) -> None:
    """Of random pairs of equations between positive quantities, those have one form that SymPy says are
    multiples or powers of each other; and no others."""
    rng = random.Random(7)
    x, y, z = symbols = sympy.symbols("x y z", positive=True)

    def term() -> sympy.Expr:
        return rng.randint(1, 3) * sympy.prod([symbol ** rng.randint(0, 2) for symbol in symbols])

    same = different = 0
    for _ in range(150):
        one = sum((term() for _ in range(rng.randint(1, 2))), sympy.Integer(0)) - term()
        factor = rng.choice([1, 2, -3, x, 1 / y, x * z, sympy.Rational(1, 2) * z**2])
        other = sympy.expand(one * factor)
        if rng.random() < 0.5:
            other = other + rng.choice([0, term() - term()])
        texts = [f"{sympy.sstr(each)} = 0".replace("**", "^") for each in (one, other)]
        path = tmp_path / "pack.yaml"
        path.write_text(
            "quantities: {x: {unit: 1}, y: {unit: 1}, z: {unit: 1}}\nkinds: {thing: {}}\nrules:\n"
            + "".join(
                f'  {name}: {{claim: So., applies_to: thing, status: law, equation: "{text}"}}\n'
                for name, text in zip("ab", texts, strict=True)
            ),
            encoding="utf-8",
        )
        vocabulary = load_pack(path)
        first, second = (said(vocabulary.rules[name], vocabulary, {}) for name in "ab")
        alike = one == other == 0 or (0 not in (one, other) and _multiples(one, other, symbols))
        assert (first.forms == second.forms) == alike, texts
        assert first.cannot_fail == (one == 0)
        same, different = same + alike, different + (not alike)
    assert min(same, different) > 20


def _multiples(one: sympy.Expr, other: sympy.Expr, symbols: tuple[sympy.Symbol, ...]) -> bool:
    """Whether the equations one = 0 and other = 0 are the same but for a factor that is a product of powers;
    of two terms also but for a power."""

    def two_terms(expression: sympy.Expr) -> sympy.Expr | None:
        terms = sympy.Add.make_args(sympy.expand(expression))
        return -terms[0] / terms[1] if len(terms) == 2 else None

    ratio = sympy.factor(sympy.cancel(one / other))
    if all(not each.is_Add for each in sympy.preorder_traversal(ratio)):
        return True
    first, second = two_terms(one), two_terms(other)
    if first is None or second is None or first.subs(dict.fromkeys(symbols, 1)) < 0:
        return False
    logarithms = [sympy.expand_log(sympy.log(each), force=True) for each in (first, second)]
    quotient = sympy.simplify(logarithms[0] / logarithms[1]) if logarithms[1] != 0 else sympy.nan
    return bool(quotient.is_number and quotient.is_rational)
