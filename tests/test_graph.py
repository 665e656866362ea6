"""The dependency graph says what follows from what, and its pictures and files say the same."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

import networkx as nx
import pydot
import pytest

from checker.cli import main
from checker.excerpt import Surroundings, arrows, signs
from checker.model import ClaimNode, Excerpt, Link, Network, QuantityNode, Report
from checker.pipeline import Options, check
from checker.report.diagrams import to_dot, to_mermaid
from checker.report.digraph import to_digraph, to_graphml
from checker.report.svg import to_svg

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"


@cache
def checked(file: Path) -> Report:
    return check(file, Options(network=True))


def network_of(file: Path) -> Network:
    found = checked(file).network
    assert found is not None
    return found


def surroundings(file: Path) -> tuple[Report, Surroundings]:
    report = checked(file)
    assert report.network is not None
    return report, Surroundings(report.network)


def scenario(tmp_path: Path, rules: dict[str, str], given: dict[str, str], sign: str = "any") -> Path:
    """A file with one thing `it`; the rules are equations between single letters."""
    letters = sorted({*re.findall(r"[a-z]", " ".join([*rules.values(), *given]))})
    lines = ["scenario: s", "quantities:"]
    lines += [f"  {letter}: {{sign: {sign}}}" for letter in letters]
    lines += ["kinds: {k: {}}", "rules:"]
    lines += [
        f"  {id_}: {{claim: c, applies_to: k, equation: '{e}', status: model}}" for id_, e in rules.items()
    ]
    lines += ["systems: {it: {is: k}}", "given:", *(f"  it.{name}: {value}" for name, value in given.items())]
    file = tmp_path / "scenario.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def links(network: Network) -> set[tuple[str, str, str]]:
    """Premise, role and letter of each link."""
    return {
        (link.claim.partition(" @ ")[0], link.role, link.quantity.rpartition(".")[2])
        for link in network.links
    }


# ---------------------------------------------------------------- what follows from what


def test_links_follow_the_derivation(tmp_path: Path) -> None:
    """x and z are stated, y follows from x, and the sum checks it; u and v stay open together."""
    rules = {"double": "y = 2*x", "sum": "z = x + y", "open": "u = 5*v + x"}
    network = network_of(scenario(tmp_path, rules, {"x": "1", "z": "3"}))
    assert links(network) == {
        ("it.x", "gives", "x"),
        ("it.z", "gives", "z"),
        ("double", "needs", "x"),
        ("double", "gives", "y"),
        ("sum", "needs", "x"),
        ("sum", "needs", "z"),
        ("sum", "checks", "y"),
        ("open", "ties", "u"),
        ("open", "ties", "v"),
        ("open", "ties", "x"),
    }
    shown = {node.path: node.shown for node in network.quantities}
    assert shown == {"it.x": "1", "it.y": "2.000", "it.z": "3", "it.u": None, "it.v": None}


def test_simultaneous_claims_give_their_quantities_together(tmp_path: Path) -> None:
    """a + b = 3 and a − b = 1 have no first and no second; what follows from them does."""
    rules = {"sum": "a + b = 3", "difference": "a - b = 1", "product": "p = a*b"}
    network = network_of(scenario(tmp_path, rules, {}))
    assert {node.path: node.shown for node in network.quantities} == {
        "it.a": "2.000",
        "it.b": "1.000",
        "it.p": "2.000",
    }
    roles = links(network)
    assert {(claim, "gives", letter) for claim in ("sum", "difference") for letter in "ab"} <= roles
    assert {("product", "needs", "a"), ("product", "needs", "b"), ("product", "gives", "p")} <= roles
    graph = nx.DiGraph(
        [ends for link, ends in zip(network.links, arrows(network), strict=True) if link.role != "ties"]
    )
    assert nx.is_directed_acyclic_graph(graph)
    assert {"sum @ it", "difference @ it"} <= nx.ancestors(graph, "it.p")


@pytest.mark.parametrize("file", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_claim_is_in_the_graph_and_no_arrow_leads_round(file: Path) -> None:
    """Of each scenario: as many claims as coverage counts, each linked; without ties there is no circle; a
    quantity that has a value has something that gives it."""
    report = checked(file)
    network = report.network
    assert network is not None
    idle = report.coverage["not_applied"] + report.coverage["withheld"]
    assert len(network.claims) == report.coverage["claims"] - idle
    standing = {one: sum(node.standing == one for node in network.claims) for one in ("holds", "conflict")}
    assert standing == {one: report.coverage[one] for one in standing}
    assert len({node.id for node in network.claims}) == len(network.claims)
    directed = [
        ends for link, ends in zip(network.links, arrows(network), strict=True) if link.role != "ties"
    ]
    single = {node.id for node in network.claims if node.text.count(";") == 0}
    graph = nx.DiGraph(ends for ends in directed if single.intersection(ends))
    assert nx.is_directed_acyclic_graph(graph)
    given = {link.quantity for link in network.links if link.role == "gives"}
    assert {node.path for node in network.quantities if node.shown} <= given


def test_the_graph_is_drawn_up_only_if_asked_for() -> None:
    """A plain check has none."""
    assert check(SCENARIOS / "helium.yaml").network is None


# ---------------------------------------------------------------- around one thing


def test_the_sides_of_helium_are_those_of_the_report() -> None:
    """31 pm is one claim's; a₀/7 follows from five; the arrows of each side end in the radius."""
    report, around = surroundings(SCENARIOS / "helium.yaml")
    (found,) = report.contradictions
    excerpt = around.contradiction(found)
    for number, side in enumerate(found.occurrences[0].sides):
        claims = {one.premise for one in excerpt.network.claims if number in excerpt.on[one.id]}
        assert claims == set(side.claims)
        on = [
            ends
            for link, ends in zip(excerpt.network.links, arrows(excerpt.network), strict=True)
            if number in excerpt.on[link] and link.role != "ties"
        ]
        graph = nx.DiGraph(on)
        assert [node for node in graph if not graph.out_degree(node)] == ["helium.radius"]
        assert nx.is_directed_acyclic_graph(graph)
    assert (excerpt.center, excerpt.left_out) == ("helium.radius", 0)
    assert excerpt.sides == ("31 pm", "7.560 pm = a_0/7")
    values = {node.path: node.shown for node in excerpt.network.quantities}
    assert values["helium.pair.electron.angular_momentum"] == "ħ/2 = 5.273e-35 J*s"


@pytest.mark.parametrize("file", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_contradiction_has_its_claims_around_it(file: Path) -> None:
    """The claims drawn on a side are those that the report names for it, in every scenario in the box."""
    report, around = surroundings(file)
    for found in (*report.contradictions, *report.tensions):
        excerpt = around.contradiction(found, most=10_000)
        for number, side in enumerate(found.occurrences[0].sides):
            drawn = {one.premise for one in excerpt.network.claims if number in excerpt.on.get(one.id, ())}
            assert drawn == {step.claim for step in side.steps} or (
                not side.steps and drawn <= {*side.claims}
            )
        assert excerpt.center is not None or found.kind == "dimension"


def test_around_a_quantity_is_what_it_follows_from_and_who_uses_it(tmp_path: Path) -> None:
    """Of a chain it is what is before, and one claim after; what is apart from it is not there."""
    rules = {"one": "y = 2*x", "two": "z = 2*y", "three": "u = 2*z", "apart": "w = 7"}
    around = Surroundings(network_of(scenario(tmp_path, rules, {"x": "1"})))

    def near(path: str) -> set[str]:
        return {node.path.rpartition(".")[2] for node in around.quantity(path).network.quantities}

    assert near("it.x") == {"x", "y"}
    assert near("it.y") == {"x", "y", "z"}
    assert near("it.u") == {"x", "y", "z", "u"}
    assert near("it.w") == {"w"}


def test_an_excerpt_is_bounded_and_says_what_is_left_out(tmp_path: Path) -> None:
    """Of a chain of 300 claims the 60 nodes nearest to its end are kept, and the rest is counted."""
    names = [f"x{n}" for n in range(301)]
    lines = ["scenario: s", "quantities:", *(f"  {name}: {{}}" for name in names), "kinds: {k: {}}", "rules:"]
    lines += [
        f"  r{n}: {{claim: c, applies_to: k, equation: x{n + 1} = 1.5*x{n}, status: model}}"
        for n in range(300)
    ]
    lines += ["systems: {it: {is: k}}", "given: {it.x0: 1, it.x300: 5}"]
    (tmp_path / "chain.yaml").write_text("\n".join(lines), encoding="utf-8")
    report, around = surroundings(tmp_path / "chain.yaml")
    (found,) = report.contradictions
    excerpt = around.contradiction(found)
    nodes = len(excerpt.network.quantities) + len(excerpt.network.claims)
    assert (nodes, excerpt.left_out) == (60, 301 + 302 - 60)
    assert excerpt.center in {node.path for node in excerpt.network.quantities}
    assert "543 more that belong to it are not drawn" in to_svg(excerpt)
    assert len(to_svg(excerpt)) < 60_000


def test_many_arrows_are_bounded_too() -> None:
    """Forty claims about the same forty quantities have 1,600 links: of a part, at most seven a node stay."""
    claims = tuple(ClaimNode(f"c{n} @ it", f"c{n}", "it", "…", "law", True, "holds", ()) for n in range(40))
    quantities = tuple(QuantityNode(f"it.x{n}", None, None, None, ()) for n in range(40))
    ties = tuple(Link(one.id, other.path, "ties") for one in claims for other in quantities)
    excerpt = Surroundings(Network(quantities, claims, ties)).whole(60)
    assert 0 < len(excerpt.network.links) <= 420
    kept = len(excerpt.network.quantities) + len(excerpt.network.claims)
    assert kept + excerpt.left_out == 80
    assert f"{excerpt.left_out} more that belong to it are not drawn" in to_mermaid(excerpt)


def test_stated_values_come_before_what_follows(tmp_path: Path) -> None:
    """The height of the building is stated, and the fall and the shadows check it; a rule that says outright
    what is stated as well checks that, too."""
    network = network_of(SCENARIOS / "building-height.yaml")
    about = {claim: role for claim, role, quantity in links(network) if quantity == "height"}
    assert about == {"building.height": "gives", "fall-from-rest": "checks", "similar-triangles": "checks"}
    outright = network_of(scenario(tmp_path, {"rule": "x = 2"}, {"x": "2"}))
    assert links(outright) == {("it.x", "gives", "x"), ("rule", "checks", "x")}


def test_a_symbol_that_cancels_is_drawn_where_it_starts() -> None:
    """The speed of the electron stays open, and three claims take it on the way to n·h/e."""
    report, around = surroundings(SCENARIOS / "n-correlations.yaml")
    network = around.contradiction(report.contradictions[0]).network
    (speed,) = (node for node in network.quantities if node.path == "group.electron.speed")
    assert speed.shown is None
    takers = {claim for claim, role, quantity in links(network) if (role, quantity) == ("needs", "speed")}
    assert takers == {"kinetic-energy", "orbital-angular-momentum", "orbit-period"}


# ---------------------------------------------------------------- pictures and files


def helium() -> Excerpt:
    report, around = surroundings(SCENARIOS / "helium.yaml")
    return around.contradiction(report.contradictions[0])


def svg(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def words(picture: ElementTree.Element) -> list[str]:
    return [text for one in picture.iter("{http://www.w3.org/2000/svg}text") if (text := one.text or "")]


def test_a_picture_says_what_is_known_of_each_node() -> None:
    """Symbols, paths, values, premises, entities and equations are there as text, in physicists' signs."""
    said = words(svg(to_svg(helium(), "Helium")))
    for text in (
        "Helium",
        "A: 31 pm",
        "B: 7.560 pm = a₀/7",
        "quantum-per-system",
        "@ helium.pair · postulate",
        "angular_momentum = ħ",
        "v = ħ/(2·helium.r·m_e)",
        "≠",
    ):
        assert text in said


def test_the_legend_explains_what_occurs_and_nothing_else() -> None:
    """Helium's picture has no agreement and nothing left open; that of a quantity has no sides."""

    def explained(excerpt: Excerpt) -> list[str]:
        root = svg(to_svg(excerpt, prefix="p"))
        return [one.text or "" for one in root.iter() if one.get("class") == "gp-legend"]

    assert explained(helium()) == [
        "comes out two ways: contradiction",
        "A: how 31 pm follows",
        "B: how 7.560 pm = a₀/7 follows",
        "found together, by simultaneous claims",
        "quantity",
        "claim",
        "claim on trial; the others are held",
    ]
    _, around = surroundings(SCENARIOS / "building-height.yaml")
    assert explained(around.quantity("building.height")) == [
        "checked: follows in another way too, and agrees",
        "from what a claim needs to what it gives",
        "a claim checks what is known without it",
        "quantity",
        "claim",
        "claim on trial; the others are held",
    ]


def test_a_value_that_only_a_contradiction_gives_is_not_called_open(tmp_path: Path) -> None:
    """x and y are stated, and contradict each other by a rule: no picture says that nothing fixes them. The
    one in which the report shows it bears ≠ in every format, and no dotted outline; around it, `check why` is
    named. Without a contradiction, what nothing fixes is called so."""
    rules = {"double": "y = 2*x", "apart": "u = v"}
    report, around = surroundings(scenario(tmp_path, rules, {"x": "1", "y": "3"}))
    (found,) = report.contradictions
    shows = found.occurrences[0].quantity
    unfixed = {node.path: node.shown for node in around.network.quantities}
    assert unfixed == dict.fromkeys(("it.x", "it.y", "it.u", "it.v"))
    whole = around.whole()
    picture = to_svg(whole)
    assert "quantity without a value: no claim outside a contradiction fixes it" in words(svg(picture))
    assert "nothing fixes it" not in picture
    assert f'(["≠ {shows}"])' in to_mermaid(whole) and f'"≠ {shows}"' in to_dot(whole)
    dotted = re.findall(r"label=.*rounded,dotted", to_dot(whole))
    assert len(dotted) == 3 and not any(shows in line for line in dotted)
    (names,) = re.findall(r"class (\S+) unfixed", to_mermaid(whole))
    assert len(names.split(",")) == 3
    remark = "It comes out otherwise, too; one way is drawn, and check why tells every one."
    assert remark in words(svg(to_svg(around.quantity(shows)))) and remark not in picture
    (tmp_path / "sound").mkdir()
    sound = surroundings(scenario(tmp_path / "sound", rules, {"x": "1", "y": "2"}))[1].whole()
    assert "quantity without a value: nothing fixes it" in words(svg(to_svg(sound)))


@pytest.mark.parametrize("file", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_place_where_the_report_shows_a_contradiction_is_marked(file: Path) -> None:
    """The quantity of each occurrence, of tensions too, has its number, and a sign."""
    report, around = surroundings(file)
    marks = signs(around.whole())
    for found in (*report.contradictions, *report.tensions):
        for path in {one.quantity for one in found.occurrences} & around.quantities.keys():
            assert found.id in around.quantities[path].contradictions
            assert marks[path] == "contradiction" or (marks[path] == "tension" and found.id.startswith("t"))


def test_sides_differ_by_more_than_colour() -> None:
    """One derivation is solid with filled heads and discs, the other dashed with open heads and squares."""
    text = to_svg(helium(), prefix="p")
    style = text[text.index("<style>") : text.index("</style>")]

    def look(name: str) -> str:
        (found,) = re.findall(rf"\.gp \.gp-{name}\{{(.*?)\}}", style)
        return str(found)

    assert "dasharray" not in look("line-a") and "dasharray" in look("line-b")
    assert "fill:var(--a)" in look("head-a") and "fill:var(--back)" in look("head-b")
    assert '<circle class="gp-disca"' in text and '<rect class="gp-discb"' in text


def test_a_picture_can_be_read_aloud_and_stands_beside_others() -> None:
    """It has a role, a title and a description; no id and no class of one picture is one of another's."""
    one, other = (to_svg(helium(), "Helium & co", prefix) for prefix in ("one", "other"))
    root = svg(one)
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert title.text == "Helium & co"
    assert "A: 31 pm for helium.radius, by helium.radius @ helium." in (description.text or "")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"

    def names(text: str) -> set[str]:
        found = [one for node in svg(text).iter() for one in (node.get("id"), node.get("class")) if one]
        return {name for one in found for name in one.split()}

    assert names(one) and not names(one) & names(other)
    style = one[one.index("<style>") + 7 : one.index("</style>")]
    rules = re.findall(r"([^{}]+)\{", style.replace("@media (prefers-color-scheme:dark)", ""))
    assert all(part.strip().startswith(".gone") for rule in rules for part in rule.split(",") if rule.strip())
    assert "prefers-color-scheme:dark" in style


HOSTILE = """\
scenario: '</svg><script>alert(1)</script> ]]> & "q" {{x}}'
quantities:
  x: {symbol: '漢', sign: any}
kinds: {k: {}}
systems: {it: {is: k}}
given:
  it.x:
    - {name: "a\\"];} <b>|--> %% \\u202E \\e[31m", value: 1, source: s}
    - {name: 'b`$\\\\n#35;&amp; 1. _c_ ' , value: 2}
"""


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Report, Surroundings]:
    file = tmp_path / "hostile.yaml"
    file.write_text(HOSTILE.replace("\\\\n", "\\n"), encoding="utf-8")
    return surroundings(file)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pydot
def test_names_from_files_are_text_in_every_format(hostile: tuple[Report, Surroundings]) -> None:
    """Tags, quotes, turned writing and what would end a label are drawn as they are written: read back by
    other programs, each file has two claims and one quantity."""
    report, around = hostile
    (found,) = report.contradictions
    excerpt = around.contradiction(found)
    picture = to_svg(excerpt, report.title, '"><script>')
    assert "<script" not in picture and "\u202e" not in picture and "\x1b" not in picture
    svg(picture)
    (graph,) = pydot.graph_from_dot_data(to_dot(excerpt, report.title)) or []
    names = {node.get_name() for node in graph.get_nodes()} - {"node", "edge", "graph"}
    assert (names, len(graph.get_edges())) == ({"q0", "c0", "c1"}, 2)
    read = nx.parse_graphml(to_graphml(excerpt))
    assert sorted(kind for _, kind in read.nodes(data="kind")) == ["claim", "claim", "quantity"]
    for line in to_mermaid(excerpt).splitlines()[1:]:
        labels = re.findall(r'"([^"]*)"', line)
        outside = re.sub(r'"[^"]*"', "", line)
        assert not re.search(r"[<>|\"'`{}\[\]%$&\\]", "".join(labels).replace("<br/>", ""))
        assert re.fullmatch(r"[\w\s\[\](),.:#|=>-]*", outside), line


def test_graphml_is_the_graph_as_networkx_reads_it() -> None:
    """Nodes, arrows and all that is known of them come back from the file as they were."""
    network = network_of(SCENARIOS / "double-standards.yaml")
    graph = to_digraph(network)
    read = nx.parse_graphml(to_graphml(network))
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(read.edges(data="role")) == sorted(graph.edges(data="role"))
    assert graph.nodes["helium.radius"]["kind"] == "quantity"
    assert graph.edges["helium.radius @ helium", "helium.radius"]["role"] == "gives"
    assert graph.has_edge("helium.radius", "two-electron-atom @ helium")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pydot
def test_dot_has_every_node_and_arrow() -> None:
    """Read by pydot, the file has the nodes and arrows of the graph, from left to right."""
    network = network_of(SCENARIOS / "double-standards.yaml")
    (graph,) = pydot.graph_from_dot_data(to_dot(network)) or []
    names = {node.get_name() for node in graph.get_nodes()} - {"node", "edge", "graph"}
    assert len(names) == len(network.quantities) + len(network.claims)
    assert len(graph.get_edges()) == len(network.links)
    assert graph.get_node("graph")[0].get("rankdir") == "LR"


def test_a_long_name_is_cut_and_whole_in_the_tooltip(tmp_path: Path) -> None:
    """What does not fit a node is there in its title."""
    long = "a-" * 60 + "z"
    file = tmp_path / "long.yaml"
    file.write_text(
        "scenario: s\nquantities: {x: {}}\nkinds: {k: {}}\nsystems: {it: {is: k}}\n"
        f"rules: {{{long}: {{claim: c, applies_to: k, status: law, equation: x = 2}}}}\n"
    )
    root = svg(to_svg(network_of(file)))
    assert all(len(text) < 60 for text in words(root))
    titles = [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any(long in title for title in titles)


# ---------------------------------------------------------------- the command


def test_the_format_is_that_of_the_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SVG to stdout, and each ending has its format."""
    file = str(SCENARIOS / "helium.yaml")
    assert main(["graph", file]) == 0
    assert capsys.readouterr().out.startswith("<svg ")
    for ending, beginning in {
        "svg": "<svg ",
        "dot": "digraph ",
        "gv": "digraph ",
        "mmd": "flowchart ",
        "graphml": "<graphml ",
    }.items():
        output = tmp_path / f"graph.{ending}"
        assert main(["graph", file, "--output", str(output)]) == 0
        assert output.read_text(encoding="utf-8").startswith(beginning)


def test_a_contradiction_goes_by_its_number_or_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    """1, as the report on the terminal counts, is c1, as the JSON report calls it."""
    file = str(SCENARIOS / "double-standards.yaml")
    drawn = []
    for around in ("4", "c4", "c3"):
        assert main(["graph", file, "--around", around, "--format", "mermaid"]) == 0
        drawn.append(capsys.readouterr().out)
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_quantity_goes_by_its_name_or_its_symbol(capsys: pytest.CaptureFixture[str]) -> None:
    """The radius of helium is r, as under `given`; that of its electron is another quantity."""
    drawn = []
    for around in ("helium.radius", "helium.r", "helium.pair.electron.orbit_radius"):
        assert main(["graph", str(SCENARIOS / "helium.yaml"), "--around", around, "--format", "dot"]) == 0
        drawn.append(capsys.readouterr().out)
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--around", "helium.radus"], "did you mean 'helium.radius'?"),
        (["--around", "helium.x"], "no contradiction and no quantity 'helium.x'"),
        (["--around", "c9"], "has no contradiction number 9"),
        (["--around", "2"], "it has 1 contradiction (1) and no tension"),
        (["--around", "t1"], "has no tension number 1"),
        (["--output", "graph.png"], "the name graph.png does not tell the format"),
        (
            ["--output", "graph.dot", "--format", "svg"],
            "graph.dot is not the name of a file in the format svg",
        ),
    ],
)
def test_what_cannot_be_drawn_is_a_clear_mistake(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, what is wrong, and what was probably meant."""
    assert main(["graph", str(SCENARIOS / "helium.yaml"), *arguments]) == 2
    assert message in capsys.readouterr().err
