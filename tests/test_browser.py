"""The HTML report in a browser: what a choice does, for hand, eye and ear; nothing leaves the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sample_reports import helium

from checker.model import Consequence
from checker.pipeline import Options, check
from checker.report.html import to_page

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The page of a scenario in a file, made once."""
    folder, made = tmp_path_factory.mktemp("pages"), dict[str, Path]()

    def write(name: str) -> Path:
        if name not in made:
            made[name] = folder / f"{len(made)}.html"
            paths = sorted((ROOT / "scenarios").glob(f"{name}.yaml"))
            reports = [check(path, Options(network=True)) for path in paths]
            made[name].write_text(to_page(reports), encoding="utf-8")
        return made[name]

    return write


@pytest.fixture
def opened(browser: Any, written: Callable[[str], Path]) -> Iterator[Open]:
    """Opens pages; afterwards none may have complained, or asked for anything but itself."""
    pages, said, asked = list[Any](), list[str](), list[str]()

    def open_(name: str, width: int = 1280, scheme: str = "light", **more: Any) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)
        pages.append(page)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(written(name).as_uri())
        return page

    yield open_
    for page in pages:
        page.close()
    assert (said, [url for url in asked if not url.startswith("file://") or "favicon" in url]) == ([], [])
    assert len(asked) == len(pages)


def test_choosing_a_way_out_shows_what_it_does(opened: Open) -> None:
    """The given-up claim is struck in the steps, the table and the graph; the value it leaves appears."""
    page = opened("helium")
    assert page.locator(".given-up, .settled").count() == 0
    page.get_by_label("give up quantum-per-system").check()
    assert page.locator(".steps .given-up").count() == 1
    assert "quantum-per-system" in page.locator(".steps .given-up .claim").inner_text()
    (row,) = page.locator("tbody .given-up th").all_inner_texts()
    assert row.splitlines()[0] == "quantum-per-system given up"
    (node,) = page.locator("svg g.given-up > title").all_text_contents()
    assert node.startswith("given up: quantum-per-system")
    struck = "getComputedStyle(document.querySelector('.steps .given-up .claim')).textDecorationLine"
    assert page.evaluate(struck) == "line-through"
    assert page.locator("article.settled .settled-mark").inner_text() == "Settled by what is given up."
    told = page.get_by_role("status").inner_text()
    assert told.startswith("Given up: quantum-per-system. Then helium.pair.angular_momentum = 2.03 ħ.")
    assert told.endswith("1 contradiction is settled.")


def test_the_value_a_quantity_then_has_stands_beside_it(opened: Open) -> None:
    """Without its stated radius helium has the derived one, shown where both values stand, as a formula."""
    page = opened("helium")
    slot = page.locator(".resolved")
    assert not slot.is_visible()
    page.get_by_label("give up helium.radius").check()
    assert slot.inner_text().split()[:2] == ["Then", "helium.radius"]
    assert slot.locator("math").count() == 2
    page.get_by_label("leave everything as it stands").check()
    assert not slot.is_visible()
    assert page.locator(".given-up, .settled, .given-up-mark").count() == 0
    assert page.get_by_role("status").inner_text() == "Nothing is given up."


def test_each_menu_has_a_choice_of_its_own(opened: Open) -> None:
    """A choice in one menu leaves that of another; what is settled is what both settle."""
    page = opened("pavlov-2025")
    menus = page.locator("fieldset")
    assert menus.count() > 1
    for number in range(2):
        menus.nth(number).locator("input").nth(1).check()
    ways = page.locator(".way.chosen")
    assert ways.count() == 2
    settled = {one for way in ways.all() for one in way.get_attribute("data-settles").split()}
    found = page.locator("[data-contradiction].settled").all()
    assert {one.get_attribute("data-contradiction") for one in found} == settled


def test_the_keyboard_is_enough(opened: Open) -> None:
    """Tab reaches the choices, arrows move among them, and the button of the bar takes all back."""
    page = opened("helium")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("give up quantum-per-system").is_checked()
    assert page.locator(".given-up").count() > 0
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    assert page.locator(".given-up").count() == 0
    assert page.evaluate("document.activeElement.type") == "radio"


@pytest.mark.parametrize("name", ["helium", "double-standards", "n-correlations", "misprint", "hydrogen"])
def test_a_phone_scrolls_down_alone(opened: Open, name: str) -> None:
    """At 360 pixels nothing makes the page wider; what is wide scrolls in a box that the keyboard reaches."""
    page = opened(name, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    boxes = """[...document.querySelectorAll('.scroll, .formula')].filter(
        (box) => box.scrollWidth > box.clientWidth + 1 && box.tabIndex !== 0).length"""
    assert page.evaluate(boxes) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["helium", "double-standards", "c*", "hydrogen"])
def test_nothing_shuts_anybody_out(opened: Open, name: str, scheme: str) -> None:
    """axe finds no barrier in contrast, names, order or roles, before a choice and after one."""
    import axe_playwright_python

    page = opened(name, scheme=scheme)
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8"))
    for choose in (False, True):
        if choose and page.locator(".way input").count():
            page.locator(".way input").nth(1).check()
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_without_script_it_is_complete(opened: Open, browser: Any, written: Callable[[str], Path]) -> None:
    """No control that does nothing is shown, and no word is missing but those that a choice writes."""
    with_script = opened("double-standards")
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(written("double-standards").as_uri())
    assert without.locator("input:visible").count() == 0
    words = [
        {*page.locator("main").inner_text().replace("leave everything as it stands", "").split()}
        for page in (with_script, without)
    ]
    assert words[0] == words[1]
    without.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_value_stays_with_its_equals_sign_and_its_brackets(browser: Any, width: int) -> None:
    """On every card = stands on the line of its value, and no bracket stands alone, however long the
    value is; none reaches beyond its card."""
    report = helium()
    values = [
        f"{'1' * digits}.{'5' * digits} kg*m^2/s ({'1' * digits}.0 kg*m^2/s … {'2' * digits}.0 kg*m^2/s)"
        for digits in range(1, 9)
    ]
    then = {f"q{n}": Consequence(1.0, "J*s", "hbar**2/a_0", shown) for n, shown in enumerate(values)}
    ways = tuple(replace(way, then=then) for way in report.ways_out)
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(to_page([replace(report, ways_out=ways)]))
    apart = page.evaluate("""() => {
        const box = (node) => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return range.getBoundingClientRect();
        };
        const level = (a, b) => b.top < (a.top + a.bottom) / 2 && (a.top + a.bottom) / 2 < b.bottom;
        const found = [];
        for (const one of document.querySelectorAll('.way .together')) {
            const number = one.querySelector('math').getBoundingClientRect();
            if (!level(box(one.firstChild), number)) found.push(one.textContent);
        }
        for (const one of document.querySelectorAll('.way .unbroken')) {
            const [first, last] = [one.firstChild, one.lastChild];
            if (first.data !== '(') continue;
            const numbers = [...one.querySelectorAll('math')].map((each) => each.getBoundingClientRect());
            if (level(box(first), numbers[0]) && level(box(last), numbers.at(-1))) continue;
            found.push(one.textContent);
        }
        return found;
    }""")
    assert page.locator(".way .together").count() > 0
    assert page.locator(".way .unbroken .unbroken").count() > 0
    assert apart == []
    beyond = (
        """[...document.querySelectorAll('.way dd')].filter((one) => one.scrollWidth > one.clientWidth)"""
    )
    assert page.evaluate(f"{beyond}.length") == 0
    page.close()


def test_a_box_that_scrolls_shows_it_at_the_edge_that_hides_something(opened: Open) -> None:
    """The strip at an edge differs from the same strip without shadows only where there is more beyond it."""
    page = opened("helium", width=360)
    table = page.locator(".scroll.columns-5").first

    def strips() -> list[bytes]:
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        return [
            page.screenshot(clip={"x": box["x"] + x, "y": box["y"], "width": 6, "height": box["height"]})
            for x in (0, box["width"] - 6)
        ]

    shown = []
    for end in (0, 10_000):
        table.evaluate(f"(box) => {{ box.scrollLeft = {end}; box.style.background = '' }}")
        shaded = strips()
        table.evaluate("(box) => { box.style.background = 'none' }")
        shown.append([one != other for one, other in zip(shaded, strips(), strict=True)])
    assert shown == [[False, True], [True, False]]


@pytest.mark.parametrize("name", ["helium", "double-standards", "n-correlations"])
def test_no_table_breaks_inside_a_word_on_paper(opened: Open, name: str) -> None:
    """At the width of A4 every word in a table stands on one line, and no table is wider than the page."""
    page = opened(name)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 less its margins
    broken = page.evaluate(r"""() => {
        const found = [];
        for (const cell of document.querySelectorAll('th, td')) {
            const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                for (const word of walker.currentNode.data.matchAll(/[^\W_]+/g)) {
                    const range = document.createRange();
                    range.setStart(walker.currentNode, word.index);
                    range.setEnd(walker.currentNode, word.index + word[0].length);
                    if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1) {
                        found.push(word[0]);
                    }
                }
            }
        }
        return found;
    }""")
    assert broken == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 688


def test_it_prints_whole(opened: Open) -> None:
    """On paper there is no bar, no button, nothing clipped at the side, and proofs are unfolded."""
    page = opened("helium")
    page.get_by_label("give up quantum-per-system").check()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # about A4 less its margins
    assert not page.locator(".bar").is_visible()
    assert page.locator("input:visible").count() == 0
    assert page.locator("details table").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert page.pdf(format="A4").startswith(b"%PDF")
