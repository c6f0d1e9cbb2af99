"""The page in a real browser: it opens in peace, shows every plot, works by keyboard, on a phone, in the dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.modelport.reports.html.chromium import browser, chromium

pytestmark = pytest.mark.skipif(chromium() is None, reason="Chromium is not installed: apt-get install chromium")

AA, AA_LARGE = 4.5, 3.0
"""WCAG 2.2, success criterion 1.4.3: contrast of text, and of large text."""

CONTRASTS = """() => {
  const parse = (text) => {
    const found = text.match(/[\\d.]+(e-?\\d+)?/g).map(Number);
    const share = text.startsWith("color(") ? 255 : 1;
    return [found[0] * share, found[1] * share, found[2] * share, found.length > 3 ? found[3] : 1];
  };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("script, title, .hidden, caption")) continue;
    const style = getComputedStyle(element);
    const svg = element.namespaceURI.endsWith("svg");
    const below = ground(svg ? element.closest("figure") : element);
    const [a, b] = [light(over(parse(svg ? style.fill : style.color), below)), light(below)];
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push({ text: element.textContent.slice(0, 40), ratio, large });
  }
  return found;
}"""

REACHABLE = """() => [...document.querySelectorAll("a, summary, figure, .scroll")]
  .filter((element) => element.checkVisibility()).length"""
AT = """() => { const at = document.activeElement;
  if (!at || at === document.body) return null;
  at.dataset.seen ??= String(document.querySelectorAll("[data-seen]").length); return at.dataset.seen; }"""


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture(params=["hostile", "agreeing"])
def page(request: pytest.FixtureRequest, pages: dict[str, str], tmp_path: Path) -> Path:
    """A page as a file."""
    path = tmp_path / "parity.html"
    path.write_text(pages[request.param], encoding="utf-8")
    return path


def opened(chrome: Any, page: Path, width: int = 1280, **more: Any) -> Any:
    tab = chrome.new_page(viewport={"width": width, "height": 800}, **more)
    tab.goto(page.as_uri())
    return tab


def test_it_opens_without_a_word_and_without_a_request(chrome: Any, page: Path) -> None:
    tab = chrome.new_page()
    told: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: told.append(message.text))
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.on("dialog", lambda dialog: told.append(dialog.message))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    tab.wait_for_load_state("networkidle")
    assert told == []
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]


def test_every_plot_can_be_seen(chrome: Any, page: Path) -> None:
    tab = opened(chrome, page)
    tab.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    plots = tab.locator("svg.plot").all()
    assert len(plots) >= 3
    for plot in plots:
        box = plot.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 90
        marks = plot.evaluate(
            "plot => [...plot.querySelectorAll('path, use')].filter((m) => m.getBBox().width > 0).length"
        )
        assert marks > 3
        texts = plot.evaluate(
            "plot => { const own = plot.getBoundingClientRect(); return [...plot.querySelectorAll('text')]"
            ".map((t) => t.getBoundingClientRect()).filter((t) => t.left < own.left - 2 || t.right > own.right + 2"
            " || t.bottom > own.bottom + 2 || t.top < own.top - 2).length }"
        )
        assert texts == 0, plot.get_attribute("aria-labelledby")


def test_the_keyboard_reaches_everything(chrome: Any, page: Path) -> None:
    tab = opened(chrome, page)
    wanted = tab.evaluate(REACHABLE)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    seen = {tab.evaluate(AT)}
    for _ in range(wanted + 5):
        tab.keyboard.press("Tab")
        at = tab.evaluate(AT)
        if at is None:
            break
        seen.add(at)
    assert len(seen) == wanted


def test_the_skip_link_and_folds_work_by_keyboard(chrome: Any, page: Path) -> None:
    tab = opened(chrome, page)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "findings"
    fold = tab.locator("details > summary").first
    fold.focus()
    tab.keyboard.press("Enter")
    assert fold.evaluate("summary => summary.parentElement.open")
    assert fold.evaluate("summary => getComputedStyle(summary).outlineStyle") == "solid"


def test_a_phone_needs_no_sideways_scrolling(chrome: Any, page: Path) -> None:
    tab = opened(chrome, page, 360)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    tab.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out(chrome: Any, page: Path, scheme: str) -> None:
    tab = opened(chrome, page, color_scheme=scheme)
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(18, 20, 23)") == (scheme == "dark")
    found = tab.evaluate(CONTRASTS)
    assert len(found) > 80
    assert [item for item in found if item["ratio"] < (AA_LARGE if item["large"] else AA)] == []


def test_paper_is_light_and_shows_what_is_folded(chrome: Any, page: Path) -> None:
    tab = opened(chrome, page, color_scheme="dark")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not tab.locator("nav").is_visible()
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate("[...document.querySelectorAll('details')].every((fold) => fold.open)")
    assert len(tab.pdf(format="A4")) > 10_000


def test_nothing_is_cut_off_on_paper(chrome: Any, page: Path) -> None:
    tab = opened(chrome, page, 690)  # A4 without its margins, in CSS pixels
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 690
