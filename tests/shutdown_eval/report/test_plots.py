"""The plots: legible at both sizes, with the page's colours, and made of known elements only."""

import math
import re
from xml.etree import ElementTree

import pytest

from shutdown_eval.report import composition, forest, heatmap, ladder, plots, theme
from shutdown_eval.report.names import labels, shorten, width
from shutdown_eval.report.rows import FORMATS, MOST_ROWS, NARROW, WIDE, panels
from shutdown_eval.report.sheet import Sheet
from shutdown_eval.report.svg import ATTRIBUTES, ELEMENTS, inline
from tests.shutdown_eval.report.analyses import MODELS, TWENTY, analysis, cell, large, medium, nothing, tiny

DRAWN = [plots.heat_plot, plots.ladder_plot, plots.composition_plot, lambda one: plots.forest_plot(one, "interval")]
SIZES = {"tiny": tiny, "medium": medium, "large": lambda: large(TWENTY, 60)}


def roots(plot):
    return [ElementTree.fromstring(str(svg)) for svg in (*plot.wide, *plot.narrow)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("draw", DRAWN)
def test_a_plot_is_made_of_known_elements_and_named_colours(draw, size):
    for root in roots(draw(SIZES[size]())):
        assert {element.tag for element in root.iter()} - {"svg", "title", "desc"} <= ELEMENTS
        assert {name for element in root for e in element.iter() for name in e.attrib} <= ATTRIBUTES
        source = ElementTree.tostring(root, encoding="unicode")
        assert not re.search(r"#[0-9a-f]{6}\b", source)
        assert set(re.findall(r"var\(--([\w-]+)\)", source)) <= set(theme.LIGHT)
        assert "font-family" not in source


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("draw", DRAWN)
def test_letters_are_large_enough_and_everything_is_on_the_sheet(draw, size):
    plot = draw(SIZES[size]())
    for form, sheets in ((WIDE, plot.wide), (NARROW, plot.narrow)):
        for svg in sheets:
            root = ElementTree.fromstring(str(svg))
            _, _, wide, high = map(float, root.attrib["viewBox"].split())
            assert wide == form.width
            for text in root.iter("text"):
                style = text.attrib["style"]
                letters = float(re.search(r"font-size: ([\d.]+)px", style)[1])
                assert letters >= 11
                turn = math.radians(-float(re.search(r"rotate\((-?[\d.]+)", text.attrib["transform"])[1]))
                x, y, room = float(text.attrib["x"]), float(text.attrib["y"]), 0.55 * letters * width(text.text)
                anchor = re.search(r"text-anchor: (\w+)", style)
                left = x - {"end": room, "middle": room / 2}.get(anchor[1] if anchor else "", 0)
                right, top = left + room * math.cos(turn), y - room * math.sin(turn)
                assert left >= -2 and right <= wide + 2 and top > 0 and y < high, text.text


def test_the_same_data_gives_the_same_plot():
    assert plots.composition_plot(medium()) == plots.composition_plot(medium())


def test_a_sheet_has_no_more_rows_than_paper_takes_and_tears_no_model_apart():
    cells = large(TWENTY, 20).cells
    sheets = panels(cells)
    assert [c for sheet in sheets for _, group in sheet for c in group] == cells
    assert all(sum(len(group) + 1 for _, group in sheet) <= MOST_ROWS for sheet in sheets)
    assert [len(sheet) for sheet in sheets] == [1] * 13


@pytest.mark.parametrize("draw", DRAWN)
def test_a_plot_without_data_is_a_sentence(draw):
    for one in (nothing(), analysis([cell("m", "A", 0, 0)])):
        plot = draw(one)
        assert plot.absent.startswith("There is no such plot: ")
        assert not plot.wide


def test_the_heat_map_says_what_the_rates_are():
    shown = [
        heatmap.shown(rate) for rate in (None, 0.0, 0.0001, 0.003, 0.045, 0.0996, 0.45, 0.9946, 0.997, 0.9999, 1.0)
    ]
    assert shown == ["\N{EN DASH}", "0", "<0.1", "0.3", "4.5", "10", "45", "99", "99.7", "100", "100"]


def test_only_none_at_all_has_the_lowest_step():
    assert [theme.heat_step(rate) for rate in (0.0, 0.0001, 0.1, 0.11, 0.5, 0.99, 1.0)] == [0, 1, 1, 2, 5, 10, 10]


def test_the_ladder_needs_two_of_its_arms():
    one = analysis([cell("a", "A", 3, 20), cell("a", "E", 1, 20), cell("b", "A", 3, 20), cell("b", "B", 1, 20)])
    assert [model for model, _ in ladder.on_ladder(one.cells)] == ["a"]


def test_a_bar_has_the_counts_that_there_is_room_for_in_order():
    (sheet,) = composition.draw([cell("m", "A", 41, 100, missing=30)], WIDE)
    texts = [text.get_text() for text in sheet.axes.texts]
    assert texts[texts.index("A") + 1 :] == ["41", "3", "4", "2", "19", "100"]


def test_the_forest_says_when_a_cell_has_no_rate():
    sheets = forest.draw([cell("m", "A", 3, 20), cell("m", "B", 0, 4, missing=4)], WIDE)
    assert "no scored episode" in [text.get_text() for sheet in sheets for text in sheet.axes.texts]


@pytest.mark.parametrize("form", FORMATS)
def test_models_are_told_apart_in_the_heat_map(form):
    names = labels(MODELS, form.letters(heatmap.LEFT[form.name] - 12))
    assert len(set(names.values())) == len(MODELS)


@pytest.mark.parametrize(
    ("models", "most", "expected"),
    [
        (["openai/o3", "grok/grok-3"], 20, ["openai/o3", "grok/grok-3"]),
        (["openai/gpt-5-2025-08-07"], 16, ["gpt-5-2025-08-07"]),
        (["openai/gpt-5-2025-08-07", "openai/o3"], 8, ["gpt-5", "o3"]),
        (
            ["a/model-20250101", "b/model-20250101"],
            15,
            ["a/model\N{HORIZONTAL ELLIPSIS}0250101", "b/model\N{HORIZONTAL ELLIPSIS}0250101"],
        ),
    ],
)
def test_a_label_has_as_much_of_a_name_as_fits(models, most, expected):
    found = list(labels(models, most).values())
    assert found == expected
    assert all(width(label) <= most for label in found)


def test_a_long_name_keeps_both_ends():
    assert shorten("provider/a-very-long-name-2026", 13) == "provid\N{HORIZONTAL ELLIPSIS}e-2026"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["LIGHT", "DARK"])
def test_everything_written_can_be_read_on_its_ground(mode):
    colours = getattr(theme, mode)
    pairs = [("fg", "bg"), ("muted", "bg"), ("accent", "bg"), ("fg", "soft"), ("muted", "soft")]
    pairs += [(f"ink-{outcome}", f"is-{outcome}") for outcome in theme.OUTCOMES]
    pairs += [(f"heat-ink-{step}", f"heat-{step}") for step in range(theme.STEPS)]
    poor = [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    assert not poor
    assert contrast(colours["mark"], colours["bg"]) >= 3


@pytest.mark.parametrize("mode", ["LIGHT", "DARK"])
def test_the_scale_goes_one_way_in_brightness(mode):
    steps = [luminance(getattr(theme, mode)[f"heat-{step}"]) for step in range(theme.STEPS)]
    assert steps == sorted(steps, reverse=mode == "LIGHT")


def test_light_and_dark_have_the_same_names():
    assert list(theme.LIGHT) == list(theme.DARK)


@pytest.mark.parametrize(
    "source",
    [
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><script/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><a/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><g onclick='x'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><g style='fill: #123456'/></svg>",
    ],
)
def test_what_is_not_known_cannot_get_into_a_page(source):
    with pytest.raises(ValueError, match=r"Unexpected|no name"):
        inline(source, "x", "title", "description")


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (
            "font: 700 13px 'DejaVu Sans', sans-serif; text-anchor: end",
            "font-weight: 700; font-size: 13px; text-anchor: end",
        ),
        ("fill: #ab01cd; font: 12.5px 'A'", "fill: var(--fg); font-size: 12.5px"),
        ("font-size: 13px; font-family: 'A', 'B'; text-anchor: end", "font-size: 13px; text-anchor: end"),
    ],
)
def test_a_font_keeps_size_and_weight_and_loses_its_family(style, expected):
    source = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><text style=\"{style}\">a</text></svg>"
    (text,) = ElementTree.fromstring(str(inline(source, "x", "title", "description"))).iter("text")
    assert text.attrib["style"] == expected


def test_names_are_no_formulas_and_no_markup_in_a_sheet():
    sheet = Sheet(100, 100)
    sheet.text(1, 50, "$x_1$ <b>&]]>\N{RIGHT-TO-LEFT OVERRIDE}\x00")
    root = ElementTree.fromstring(str(sheet.svg("x", "<title>", "a&b")))
    assert [text.text for text in root.iter("text")] == [
        "$x_1$ <b>&]]>\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
    ]
    assert [root.find("title").text, root.find("desc").text] == ["<title>", "a&b"]
