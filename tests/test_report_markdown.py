"""The Markdown report, read back by an independent parser of GitHub's flavour."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from checker.cli import main
from checker.report.markdown import code, plain

ROOT = Path(__file__).parent.parent
OURS = re.compile(r"<details><summary>[^<]*(<!-- -->[^<]*)*</summary>|</details>|<!-- -->")

HOSTILE = [
    "<script>alert(1)</script>",
    "]]> --> <!-- `` ``` ~~~ | a | b |",
    "![x](https://example.org/x.png) [y](javascript:alert(1)) <https://example.org>",
    "# heading\n\n- item\n1. item\n> quote\n---\n===",
    "@somebody #1 GH-1 :tada: $x$ **bold** _it_ ~~gone~~ \\` &lt;b&gt;",
    "\x1b[31m \u202e \u2066 \x00 \r\n",
    "n" * 10_000,
]


def parsed(text: str) -> list[Token]:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def report(folder: Path, *paths: Path | str) -> str:
    output = folder / "report.md"
    main([*map(str, paths), "--output", str(output)])
    return output.read_text(encoding="utf-8")


def test_helium_is_told_with_both_sides_and_every_way_out(tmp_path: Path) -> None:
    """Both radii, five steps, six claims and three ways out stand in tables, as the JSON report has them."""
    text = report(tmp_path, ROOT / "scenarios/helium.yaml")
    tables = [block for block in text.split("\n\n") if block.startswith("|")]
    cells = [[row.strip("| ").split(" | ") for row in table.splitlines()[2:]] for table in tables]
    sides, steps, claims, _, ways, _ = cells
    assert [side[1] for side in sides] == ["**31 pm**", "**7.560 pm = a₀/7**"]
    assert len(steps) == 5
    assert steps[-1][1] == "`r = a₀/7 = 7.560 pm`"
    assert {claim[0] for claim in claims} > {"`quantum-per-system`", "`two-electron-atom`", "`helium.radius`"}
    assert [way[0] for way in ways] == ["`quantum-per-system`", "`helium.radius`", "`two-electron-atom`"]
    assert "2.03 ħ" in ways[0][1]


def test_every_scenario_is_told_in_valid_tables(tmp_path: Path) -> None:
    """All rows have as many cells as their table's head; all HTML is the report's own, and all closes."""
    text = report(tmp_path, ROOT / "scenarios")
    for block in text.split("\n\n"):
        if block.startswith("|"):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(widths) == 1, block
    foreign = [
        token.content
        for token in parsed(text)
        if token.type in ("html_block", "html_inline") and OURS.sub("", token.content).strip()
    ]
    assert foreign == []
    assert text.count("<details>") == text.count("</details>")


def test_what_the_json_report_names_is_in_the_markdown(tmp_path: Path) -> None:
    """Of each scenario alone, the premises of every way out and the status of every claim are told."""
    for path in sorted((ROOT / "scenarios/gallery").glob("*.yaml")):
        text = report(tmp_path, path)
        main([str(path), "--output", str(tmp_path / "report.json")])
        (entry,) = json.loads((tmp_path / "report.json").read_text())["scenarios"]
        assert entry["verdict"].upper() in text
        for way in entry["ways_out"][:10]:
            assert all(code(id_) in text for id_ in way["give_up"]), path


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_and_not_obeyed(tmp_path: Path, hostile: str) -> None:
    """A title, a source and a reason that try to be markup are text: no HTML, link, picture or heading."""
    quoted = json.dumps(hostile)
    path = tmp_path / "rod.yaml"
    path.write_text(
        f"scenario: {quoted}\nsource: {quoted}\nquantities: {{length: {{unit: m}}}}\nkinds: {{rod: {{}}}}\n"
        "systems: {rod: {is: rod}}\ngiven:\n  rod.length:\n    - {name: b, value: 2 m}\n"
        f"    - {{name: a, value: 1 m, source: {quoted}}}\n",
        encoding="utf-8",
    )
    for paths in ((path,), (path, ROOT / "scenarios/helium.yaml")):
        text = report(tmp_path, *paths)
        tokens = parsed(text)
        assert not {"link_open", "image", "s_open", "hr", "blockquote_open", "ordered_list_open"} & {
            token.type for token in tokens
        }
        foreign = [t.content for t in tokens if t.type.startswith("html") and OURS.sub("", t.content).strip()]
        assert foreign == []
        # GitHub looks for mentions in each run of text, and a comment ends one
        shown = "".join({"text": t.content, "html_inline": "\0"}.get(t.type, "") for t in tokens)
        assert not re.search(r"(?<!\w)@\w|(?<!\w)#\d|:tada:", shown)
        assert all(c.isprintable() or c == "\n" for c in text)
        assert len(text) < 40_000


@given(st.text(max_size=60))
def test_plain_text_reads_as_itself(text: str) -> None:
    """Whatever is escaped, the parser reads the words that were put in, as one paragraph of plain text."""
    tokens = parsed(plain(text))
    words = " ".join(text.split())
    assert {token.type for token in tokens} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "text_special",
        "html_inline",
    }
    inline = [token for token in tokens if token.type in ("text", "text_special")]
    if words.isprintable():
        assert "".join(token.content for token in inline) == words


@given(st.text(alphabet="`|ab \\<", min_size=1, max_size=30))
def test_code_reads_as_itself(text: str) -> None:
    """A code span in a table shows its text, back-ticks and bars too."""
    words = " ".join(text.split())
    if not words:
        return
    tokens = parsed(f"| a |\n| --- |\n| {code(text)} |")
    spans = [token.content for token in tokens if token.type == "code_inline"]
    assert spans == [words]


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    """The mistake, its place and what would help are listed."""
    path = tmp_path / "rod.yaml"
    path.write_text("scenario: Rod\nkinds: {rod: {}}\nsystems: {rod: {is: rot}}\n")
    text = report(tmp_path, path)
    assert "could not be checked" in text
    assert f"`{path}:3:21`" in text
    assert "did you mean 'rod'?" in text
