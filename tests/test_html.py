"""The HTML report: one sound page that loads nothing, says what the other formats say, and stays small."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from sample_reports import flux_of_n, helium

from checker.cli import main
from checker.errors import Location, Mistake
from checker.model import Broken, Report, Step
from checker.pipeline import Options, check
from checker.report.html import to_page
from checker.report.mathml import amount
from checker.report.sheet import linked
from checker.report.wording import headline, typeset

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.yaml"))
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def parsed(page: str) -> Element:
    """The page as a strict parser reads it; any parse error fails the test."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    for node in tree.iter():
        if isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2]
    return tree


def seen(node: Element) -> str:
    """All text but that of styles and scripts, with single spaces; invisible operators left out."""
    return " ".join(re.sub("[\u2061\u2062]", "", "".join(_texts(node))).split())


def _texts(node: Element) -> Iterator[str]:
    if node.tag not in ("style", "script"):
        yield node.text or ""
        for child in node:
            yield from _texts(child)
            yield child.tail or ""


def unseen(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [check(path, Options(network=True)) for path in SCENARIOS]


@pytest.fixture(scope="module")
def pages(reports: Sequence[Report]) -> list[tuple[Report, str, Element]]:
    made = [(report, to_page([report])) for report in reports]
    return [(report, page, parsed(page)) for report, page in made]


def faults(page: str, tree: Element) -> list[str]:
    """What is wrong with a page by itself: loads, references into nothing, headings that skip."""
    found = []
    ids = [node.get("id", "") for node in tree.iter() if node.get("id") is not None]
    found += [f"{id_} is there {times} times" for id_, times in Counter(ids).items() if times > 1]
    levels = [HEADINGS.index(node.tag) for node in tree.iter() if node.tag in HEADINGS]
    found += [f"h{a + 1} is followed by h{b + 1}" for a, b in pairwise(levels) if b > a + 1]
    if levels.count(0) != 1:
        found.append(f"{levels.count(0)} main headings")
    for node in tree.iter():
        if node.tag in ("link", "img", "iframe", "object", "embed", "base", "image", "use", "form"):
            found.append(f"a {node.tag}")
        for name, value in node.attrib.items():
            if name.startswith("on") or name in ("src", "style", "srcset"):
                found.append(f"{node.tag} has {name}")
            if name == "href" and not re.fullmatch(r"https?://[^\s\"'<>]+|#[\w-]+", value):
                found.append(f"a link to {value}")
            if (name == "href" and value.startswith("#") and value[1:] not in ids) or (
                name in ("aria-labelledby", "for") and not {*value.split()} <= {*ids}
            ):
                found.append(f"{value} is not there")
        if (
            node.tag == "a"
            and node.get("href", "").startswith("http")
            and node.get("rel") != "noopener noreferrer"
        ):
            found.append("a link that tells where it was followed")
        if node.tag == "th" and node.get("scope") not in ("row", "col"):
            found.append("a table header of nothing")
    (style,) = (node.text or "" for node in tree.iter("style"))
    if "url(" in style or "@import" in style:
        found.append("a style that loads")
    if re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", page):
        found.append("a control character")
    return found


def test_every_scenario_makes_a_sound_page(pages: Sequence[tuple[Report, str, Element]]) -> None:
    """Strictly parsed, with ids of its own, headings in order, table headers, and nothing from outside."""
    assert [(report.path, faults(page, tree)) for report, page, tree in pages] == [
        (report.path, []) for report, _, _ in pages
    ]


def test_all_scenarios_in_one_page_share_nothing(reports: Sequence[Report]) -> None:
    """A folder's page is sound too, with a table that leads to a section for each scenario."""
    page = to_page(reports)
    tree = parsed(page)
    assert faults(page, tree) == []
    (nav,) = tree.iter("nav")
    assert [link.get("href") for link in nav.iter("a")] == [f"#s{n}" for n in range(1, len(reports) + 1)]
    assert [seen(link) for link in nav.iter("a")] == [report.title for report in reports]
    assert len(page) < 3_000_000


def test_the_policy_allows_this_style_and_this_script_alone(
    pages: Sequence[tuple[Report, str, Element]],
) -> None:
    """The policy at the head of a page has the hashes of its own style and script and nothing else."""
    for _, _, tree in pages:
        (policy,) = (n.get("content", "") for n in tree.iter("meta") if n.get("http-equiv"))
        digests = []
        for tag in ("style", "script"):
            (node,) = tree.iter(tag)
            digest = hashlib.sha256((node.text or "").encode()).digest()
            digests.append(f"'sha256-{base64.b64encode(digest).decode()}'")
        assert policy == (
            f"default-src 'none'; style-src {digests[0]}; script-src {digests[1]}; "
            "base-uri 'none'; form-action 'none'"
        )


def test_the_numbers_are_those_of_the_report(pages: Sequence[tuple[Report, str, Element]]) -> None:
    """Both values of every contradiction and tension, their ratio, and what each way out makes are shown."""
    for report, _, tree in pages:
        text = unseen(seen(tree))
        for found in (*report.contradictions, *report.tensions):
            worst = found.occurrences[0]
            (place,) = (n for n in tree.iter() if n.get("data-contradiction") == found.id)
            assert unseen(headline(found, worst)) in unseen(seen(place))
            if place.tag != "article" or found.kind == "dimension":
                continue
            (duel,) = (n for n in place.iter("div") if (n.get("class") or "").startswith("duel"))
            for side in worst.sides:
                assert unseen(seen(amount(side.shown, report.symbols))) in unseen(seen(duel)), report.path
            for claim in found.claims:
                assert unseen(f"{claim.path}:{claim.line}") in unseen(seen(place))
        for way in report.ways_out[:20]:
            for quantity, result in way.then.items():
                assert unseen(quantity) in text or "the left side of its equation" in seen(tree)
                assert unseen(seen(amount(result.shown, report.symbols))) in text, (report.path, result.shown)


def test_every_step_of_both_derivations_is_there(pages: Sequence[tuple[Report, str, Element]]) -> None:
    """Helium's five steps stand in order beside its stated radius, with claim, status, source and place."""
    (tree,) = (tree for report, _, tree in pages if report.path.endswith("scenarios/helium.yaml"))
    given, derived = (n for n in tree.iter("div") if (n.get("class") or "").startswith("derivation "))
    (stated,) = (seen(one) for one in given.iter("li"))
    assert unseen(stated).startswith("r=31pmhelium.radius,statedClementi,Raimondi&Reinhardt1967,calculated—")
    assert stated.endswith("scenarios/helium.yaml:17")
    claims = [seen(one) for one in derived.iter("code")]
    assert claims == [
        "quantum-per-system",
        "angular-momentum-adds",
        "electrons-orbit-at-the-atom-radius",
        "orbital-angular-momentum",
        "two-electron-atom",
    ]
    assert len(list(derived.iter("math"))) == 9  # of one step, the equation says no more than its conclusion


def test_the_graph_is_marked_by_the_claims_that_are_given_up(
    pages: Sequence[tuple[Report, str, Element]],
) -> None:
    """A claim has the same number in the graph as in the table, so that a choice finds it in both."""
    graphs = 0
    for _, _, tree in pages:
        for article in (n for n in tree.iter("article") if n.get("class") == "contradiction"):
            numbers = {
                seen(next(row.iter("code"))): row.get("data-claim")
                for row in article.iter("tr")
                if row.get("data-claim")
            }
            for node in (n for n in article.iter("g") if n.get("data-claim")):
                premise = next(node.iter("title")).text or ""
                graphs += 1
                named = premise.partition(" @ ")[0]
                assert numbers.get(named, node.get("data-claim")) == node.get("data-claim"), premise
    assert graphs > 100


def test_a_page_is_the_same_each_time(reports: Sequence[Report]) -> None:
    """No time, no order of hashes: the same report gives the same bytes."""
    assert to_page(reports[:12]) == to_page(reports[:12])


# ---------------------------------------------------------------- from strangers

HOSTILE = """\
scenario: "</title><script>alert(1)</script> ]]> --> \\" ' <b>bold \\u202Egnol\\u2066 &amp; &#60;i&#62; LONG"
source: "javascript:alert(1) <img src=x onerror=alert(2)> https://example.org/\\"onmouseover=alert(3)"
quantities: {length: {symbol: L, unit: m}}
kinds: {rod: {}}
systems: {rod: {is: rod}}
given:
  rod.length:
    - {name: one, value: 1 m, source: "</script><script>alert(6)</script> http://user:pw@example.org/"}
    - {name: two, value: 2 m, source: "</style><svg onload=alert(7)> LONG"}
proposals:
  "<svg onload=alert(8)>": [rod.length@one]
"""


def test_what_files_say_stays_text(tmp_path: Path) -> None:
    """Tags, ends of comments and scripts, quotes and marks of direction are shown and do nothing."""
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE.replace("LONG", "x" * 10_000), encoding="utf-8")
    page = to_page([check(path, Options(network=True))])
    tree = parsed(page)
    assert faults(page, tree) == []
    assert len(list(tree.iter("script"))) == 1
    assert len(list(tree.iter("b"))) == len([n for n in tree.iter("b") if n.get("class") == "number"])
    text = seen(tree)
    for said in (
        "</title><script>alert(1)</script> ]]> --> \" ' <b>bold",
        "\\u202egnol\\u2066 &amp; &#60;i&#62;",
    ):
        assert said in text
    assert [n.get("href") for n in tree.iter("a") if n.get("href", "").startswith("http")] == [
        "https://example.org/"
    ]


def test_a_long_text_is_clipped_where_it_stands_and_whole_once(tmp_path: Path) -> None:
    """Ten thousand letters take no more room than a line wherever they stand, and are there in full once."""
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE.replace("LONG", "x" * 10_000), encoding="utf-8")
    tree = parsed(to_page([check(path)]))
    whole = [n for n in tree.iter() if len(n.text or "") > 9_000 and n.tag not in ("style", "script")]
    assert [n.tag for n in whole] == ["li", "li"]
    links = {n.get("href") for n in tree.iter("a") if n.get("class") == "clipped"}
    assert links == {f"#{n.get('id')}" for n in whole}


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("Deaver & Fairbank, 10.1103/PhysRevLett.7.43; Doll", ["https://doi.org/10.1103/PhysRevLett.7.43"]),
        ("doi:10.1000/a(b).", ["https://doi.org/10.1000/a(b"]),
        ("see https://physics.nist.gov/cuu/?a=b&c=d.", ["https://physics.nist.gov/cuu/?a=b&c=d"]),
        ("HTTP://example.org", ["HTTP://example.org"]),
        ("javascript:alert(1) data:text/html,x file:///etc/passwd ftp://a.b mailto:a@b", []),
        ("https:// http://[ https://a@b.c 10.12/x x10.1234/5", []),
    ],
)
def test_only_addresses_and_dois_become_links(source: str, targets: Sequence[str]) -> None:
    """A source keeps its text; what in it is a web address or a DOI can be followed, nothing else."""
    parts = list(linked(source))
    assert "".join(one if isinstance(one, str) else one.text for one in parts) == source
    assert [one.get("href") for one in parts if isinstance(one, Element)] == targets


ACCEPTED = """\
scenario: Two rods of which one is lived with
quantities: {length: {unit: m}}
kinds: {rod: {}}
systems: {a: {is: rod}, b: {is: rod}}
given:
  a.length: [{name: x, value: 1 m}, {name: y, value: 2 m}]
  b.length: [{name: x, value: 1 m}, {name: y, value: 2 m}]
ignore:
  - {contradiction: [a.length@x, a.length@y], reason: an old quarrel}
"""


def test_the_head_counts_what_the_page_shows(tmp_path: Path) -> None:
    """Ways out of what is accepted are neither shown nor counted; the accepted contradictions are."""
    path = tmp_path / "rods.yaml"
    path.write_text(ACCEPTED, encoding="utf-8")
    report = check(path)
    assert len(report.ways_out) == 4
    tree = parsed(to_page([report]))
    (counts,) = (node for node in tree.iter("ul") if node.get("class") == "counts")
    assert [seen(one) for one in counts] == ["2 contradictions (1 accepted)", "2 ways out", "4 claims"]
    assert len([node for node in tree.iter() if node.get("class") == "way"]) == 2


def test_each_claim_is_told_in_words_where_it_stands(
    pages: Sequence[tuple[Report, str, Element]],
) -> None:
    """In the table of claims the sentence of a rule, and the value as written, stand under the id."""
    (report, tree) = next((r, tree) for r, _, tree in pages if r.path.endswith("scenarios/helium.yaml"))
    told = {seen(node) for node in tree.iter("th") if node.get("scope") == "row"}
    assert {f"{one.id}{one.text}" for one in report.contradictions[0].claims} <= told
    assert "helium.radius31 pm" in told


def test_a_file_with_mistakes_is_shown_with_them() -> None:
    """Beside others, a broken file has its line in the table, and each mistake its place and its line."""
    mistake = Mistake(
        "unknown-name",
        "quantity 'angular_momentun' is not known",
        Location("rules/mine.yaml", 12, 15, 16),
        "did you mean 'angular_momentum'?",
        "    equation: angular_momentun = <hbar>",
    )
    page = to_page([flux_of_n(), Broken("rules/mine.yaml", (mistake,))])
    tree = parsed(page)
    assert faults(page, tree) == []
    (broken,) = (n for n in tree.iter("article") if n.get("id") == "s2")
    (pre,) = broken.iter("pre")
    assert "quantity 'angular_momentun' is not known" in seen(broken)
    assert "12 |     equation: angular_momentun = <hbar>" in (pre.text or "")
    assert "rules/mine.yaml:12:15" in (pre.text or "") and "did you mean" in (pre.text or "")


# ---------------------------------------------------------------- size


def rods(number: int, values: Sequence[int]) -> str:
    """Rods of which each has its length stated once, or so many times."""
    lines = ["scenario: Rods", "quantities: {length: {symbol: L, unit: m}}", "kinds: {rod: {}}", "systems:"]
    lines += [f"  rod{n}: {{is: rod}}" for n in range(number)] + ["given:"]
    for n in range(number):
        stated = ", ".join(f"{{name: v{v}, value: {n + v} m}}" for v in values)
        lines.append(f"  rod{n}.length: [{stated}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("number", "values", "told"), [(10_000, [1], "10,000"), (1_000, [1, 2], "… and 948 more")]
)
def test_a_page_stays_small(tmp_path: Path, number: int, values: Sequence[int], told: str) -> None:
    """Ten thousand claims, or a thousand contradictions, fit into 2 MB; what is left out is said."""
    path = tmp_path / "rods.yaml"
    path.write_text(rods(number, values), encoding="utf-8")
    page = to_page([check(path, Options(network=True))])
    tree = parsed(page)
    assert len(page.encode()) < 2_000_000
    assert faults(page, tree) == []
    assert told in seen(tree)


def test_long_derivations_do_not_make_a_page_long() -> None:
    """Of many contradictions with long steps, so many are told in full as there is room for, the others in a
    line each."""
    report = helium()
    (found,) = report.contradictions
    (worst, *_) = found.occurrences
    long = " + ".join(f"electron.a_{n}^2/(b + {n})" for n in range(18))
    steps = tuple(Step(found.claims[0].id, "helium", f"x = {long}", f"x = {long} + {n}") for n in range(40))
    sides = tuple(replace(side, steps=steps) for side in worst.sides)
    many = [
        replace(found, id=f"c{n}", occurrences=(replace(worst, quantity=f"helium.q{n}", sides=sides),))
        for n in range(30)
    ]
    page = to_page([replace(report, contradictions=tuple(many), ways_out=())])
    tree = parsed(page)
    assert len(page.encode()) < 2_000_000
    told = [n for n in tree.iter() if n.get("data-contradiction")]
    assert len(told) == 30
    assert 0 < len([n for n in told if n.tag == "article"]) < 12


# ---------------------------------------------------------------- the commands


def test_the_name_of_the_file_asks_for_the_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--output report.html` writes a page with its graphs, beside the JSON report of the same run."""
    page, data = tmp_path / "report.html", tmp_path / "report.json"
    helium = str(ROOT / "scenarios" / "helium.yaml")
    assert main([helium, "--output", str(page), "--output", str(data)]) == 1
    assert capsys.readouterr() == ("", "")
    tree = parsed(page.read_text("utf-8"))
    (scenario,) = json.loads(data.read_text("utf-8"))["scenarios"]
    assert scenario["title"] in seen(tree)
    assert len([n for n in tree.iter("svg") if "graph" in (n.get("class") or "")]) == 1


def test_what_a_change_makes_is_a_section_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """A what-if ends with what goes and which quantities get a value."""
    helium = str(ROOT / "scenarios" / "helium.yaml")
    assert main([helium, "--drop", "quantum-per-system", "--format", "html"]) == 3
    tree = parsed(capsys.readouterr().out)
    (section,) = (n for n in tree.iter("section") if n.get("id") == "s1-changes")
    text = seen(section)
    assert text.startswith("What changes with --drop quantum-per-system")
    assert "contradiction → undetermined" in text and "gone: helium.radius comes out two ways" in text


def test_sets_of_assumptions_are_compared_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """`check compare` has a column for each set and a row for each given value."""
    path = str(ROOT / "scenarios" / "double-standards.yaml")
    sets = ["--assume", "quantum-per-particle,flux-adds", "--assume", "quantum-per-system,flux-adds"]
    assert main(["compare", path, *sets, "--format", "html"]) == 1
    page = capsys.readouterr().out
    tree = parsed(page)
    assert faults(page, tree) == []
    rows = [[seen(cell) for cell in row] for row in list(tree.iter("table"))[1].iter("tr")]
    assert rows[0] == ["Given", "Stated as", "A", "B"]
    radius = next(row for row in rows if row[0] == "helium.radius")
    assert unseen(radius[2]).startswith("30.24pm") and radius[2].endswith("agrees")
    assert unseen(radius[3]).startswith("7.560pm") and "contradicts" in radius[3]


def test_words_are_those_of_the_text_report(pages: Sequence[tuple[Report, str, Element]]) -> None:
    """What is assumed, warned of and withheld is on the page in the words of the text report."""
    for report, _, tree in pages:
        text = seen(tree)
        for line in (*report.assumptions, *report.warnings, *(one.reason for one in report.double_standards)):
            assert " ".join(line.split()) in text, report.path
        for one in report.limits:
            assert typeset(one.condition) in text, report.path
