"""The page in a browser: nothing is fetched, nothing is wider than the screen, and everything is reached with the keyboard."""

import re

import pytest

from shutdown_eval.report.links import viewer_link
from shutdown_eval.report.page import render
from tests.shutdown_eval.report.analyses import TWENTY, large, medium, nothing, tiny
from tests.shutdown_eval.report.chromium import chromium
from tests.shutdown_eval.report.test_page import HOSTILE, hostile

pytestmark = pytest.mark.browser

PAGES = {
    "tiny": tiny,
    "medium": medium,
    "large": lambda: large(TWENTY, 60),
    "nothing": nothing,
    "hostile": lambda: hostile(HOSTILE["attribute"] + HOSTILE["script"] + HOSTILE["long"]),
}
WIDTHS = (1280, 400)
SCHEMES = ("light", "dark")
FOCUSABLE = "a[href], summary, [tabindex='0']"


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def sources():
    return {name: render(make(), viewer_link()) for name, make in PAGES.items()}


@pytest.fixture(scope="module")
def screenshots(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("screenshots")
    with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        print(f"\nscreenshots: {folder}")
    return folder


@pytest.fixture
def opened(browser, sources, tmp_path):
    """Opens a page from the disk, and notes what it fetches and complains of."""
    contexts = []

    def open_page(name, width=1280, scheme="light"):
        file = tmp_path / f"{name}.html"
        file.write_text(sources[name], encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page, heard = context.new_page(), []
        page.on("request", lambda request: heard.append(f"request {request.url}"))
        page.on("console", lambda message: heard.append(f"console {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error {error}"))
        page.on("dialog", lambda dialog: (heard.append("dialog"), dialog.dismiss()))
        page.goto(file.as_uri())
        return page, heard

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_stands_alone_and_fits(name, width, scheme, opened, tmp_path, screenshots):
    page, heard = opened(name, width, scheme)
    page.screenshot(path=screenshots / f"{name}-{width}-{scheme}.png", full_page=name not in ("large", "hostile"))
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert heard == [f"request {(tmp_path / f'{name}.html').as_uri()}"]
    shown = page.evaluate("[...document.querySelectorAll('svg')].filter(each => each.getClientRects().length).length")
    assert shown == page.locator(f"figure .{'wide' if width > 900 else 'narrow'} svg").count()


@pytest.mark.parametrize("width", WIDTHS)
def test_tab_reaches_everything_in_order(width, opened):
    page, _ = opened("tiny", width)
    expected = page.evaluate(
        f"[...document.querySelectorAll({FOCUSABLE!r})].filter(each => each.checkVisibility()).map(each => each.outerHTML)"
    )
    assert len(expected) > 15
    reached = []
    for _ in expected:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.outerHTML"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
    assert reached == expected
    assert reached[0].startswith('<a class="skip"')


def test_the_skip_link_leads_to_the_summary(opened):
    page, _ = opened("tiny")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "What the arms are"


@pytest.mark.parametrize("name", ["medium", "large"])
def test_letters_of_plots_are_legible_on_a_narrow_screen(name, opened):
    page, _ = opened(name, 400)
    smallest = page.evaluate(
        """Math.min(...[...document.querySelectorAll('.narrow svg text')].map(each =>
            parseFloat(getComputedStyle(each).fontSize) * each.ownerSVGElement.getScreenCTM().a))"""
    )
    assert smallest >= 11


@pytest.mark.parametrize("scheme", SCHEMES)
def test_plots_have_the_colours_of_the_scheme(scheme, opened):
    page, _ = opened("medium", 1280, scheme)
    ink, text = (
        page.evaluate("getComputedStyle(document.querySelector('.wide svg text')).fill"),
        page.evaluate("getComputedStyle(document.body).color"),
    )
    brightness = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (ink, text)]
    assert [value > 380 for value in brightness] == [scheme == "dark"] * 2


def test_on_paper_everything_is_open_and_light(opened, screenshots):
    page, _ = opened("medium", 1280, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    hidden = page.evaluate(
        "[...document.querySelectorAll('details li')].filter(each => !each.checkVisibility()).length"
    )
    assert hidden == 0
    assert page.evaluate("document.querySelector('.narrow').checkVisibility()") is False
    page.pdf(path=screenshots / "medium.pdf", format="A4")
