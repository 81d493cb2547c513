"""The page: complete, accessible, the same every time, and never made of anything that stands in the data."""

import re
from itertools import pairwise

import pytest

from shutdown_eval.analysis.results import Analysis, EpisodeRef, Instrument, Rate
from shutdown_eval.report.episodes import MOST, chosen
from shutdown_eval.report.links import viewer_link
from shutdown_eval.report.names import REPLACEMENT, printable
from shutdown_eval.report.numbers import bounds, count, decimal, interval, of, percent
from shutdown_eval.report.page import render
from shutdown_eval.report.theme import OUTCOMES
from tests.shutdown_eval.report.analyses import PAPER, analysis, cell, contrast, large, medium, nothing, tiny
from tests.shutdown_eval.report.markup import Page

SIZES = {"nothing": nothing, "tiny": tiny, "medium": medium}
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "cdata": "]]><svg onload=alert(1)>",
    "comment": "--><b>",
    "entity": "&lt;b&gt;&amp;amp;&#x3c;",
    "style": "</style><style>*{display:none}",
    "title": "</title></desc></svg><a href=javascript:alert(1)>",
    "template": "{{ 7 * 7 }}{% raw %}",
    "formula": "$x_1$ \\frac{1}{2}",
    "direction": "safe\N{RIGHT-TO-LEFT OVERRIDE}live\N{POP DIRECTIONAL FORMATTING}",
    "control": "a\x00b\x0bc\ud800\ufffe",
    "lines": "one\ntwo\N{LINE SEPARATOR}three",
    "long": "m" * 200,
    "wide": "\N{CJK UNIFIED IDEOGRAPH-6F22}" * 40,
    "nothing": "",
}


def page(one: Analysis, links=None) -> Page:
    return Page(render(one, links or viewer_link()))


def test_the_same_analysis_gives_the_same_page():
    assert render(medium(), viewer_link()) == render(medium(), viewer_link())


def test_the_page_has_every_section_in_its_order():
    heads = [head.text for head in page(medium()).all("h2")]
    assert heads == [
        "Contents",
        "Summary",
        "Rates by model and arm",
        "Models by arms",
        "The ladder of instructions",
        "What became of the episodes",
        "All cells",
        "Differences",
        "Trend",
        "Phrasings",
        "Missing data",
        "The instrument",
        "Published numbers",
        "Methods and limits",
        "Episodes",
    ]


@pytest.mark.parametrize("size", SIZES)
def test_every_link_inside_the_page_leads_somewhere(size):
    one = page(SIZES[size]())
    ids = [element.attributes["id"] for element in one.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    references = {a.attributes["href"][1:] for a in one.all("a") if a.attributes["href"].startswith("#")}
    references |= {i for e in one.elements for i in e.attributes.get("aria-labelledby", "").split()}
    references |= {
        i for e in one.elements for value in e.attributes.values() for i in re.findall(r"url\(#([^)]*)\)", value)
    }
    references |= {use.attributes["href"][1:] for use in one.all("use")}
    assert references <= set(ids)


@pytest.mark.parametrize("size", SIZES)
def test_a_reader_who_does_not_see_it_finds_the_way(size):
    one = page(SIZES[size]())
    assert one.all("html")[0].attributes["lang"] == "en"
    assert [len(one.all(tag)) for tag in ("header", "nav", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
    levels = [int(element.tag[1]) for element in one.elements if re.fullmatch("h[1-6]", element.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert one.all("a")[0].text == "Skip to the summary"
    for table in one.all("table"):
        assert one.within(table.attributes["id"], "caption")
        scroll = table.around[-1].attributes
        assert (scroll["role"], scroll["tabindex"]) == ("region", "0")
        assert one.by_id(scroll["aria-labelledby"]).text
    for head in one.all("th"):
        assert head.attributes["scope"] in ("col", "row", "colgroup", "rowgroup")
    for svg in one.all("svg"):
        assert svg.attributes["role"] == "img"
        assert all(one.by_id(name).text for name in svg.attributes["aria-labelledby"].split())
    for figure in one.all("figure"):
        (link,) = one.within(figure.attributes["id"], "a")
        assert one.by_id(link.attributes["href"][1:]).tag == "table"


def test_the_page_needs_nothing_from_elsewhere():
    source = render(medium(), viewer_link())
    one = Page(source)
    assert not {"script", "link", "img", "iframe", "object", "form"} & {element.tag for element in one.elements}
    assert not any(name.startswith("on") for element in one.elements for name in element.attributes)
    assert "default-src 'none'" in one.all("meta")[4].attributes["content"]
    assert not re.search(r"@import|url\((?!#)", source)


def numbers_of(rate: Rate | None) -> list[str]:
    return [] if rate is None else [of(rate), percent(rate.rate), bounds(rate)]


def test_every_number_of_a_cell_stands_in_the_page():
    whole = medium()
    one = page(whole)
    tables = {name: iter(one.rows(name)) for name in ("rates", "outcomes", "understanding")}
    model = ""
    for c in whole.cells:
        if c.model != model:
            model = c.model
            assert all(next(rows) == [model] for rows in tables.values())
        rates, outcomes, understanding = (next(tables[name]) for name in tables)
        assert rates == [
            c.arm,
            *numbers_of(c.resisted),
            interval(c.clustered_low, c.clustered_high),
            interval(c.all_missing_complied, c.all_missing_resisted),
            *numbers_of(c.resisted_exposed),
            *numbers_of(c.attempted),
        ]
        found = [count(c.episodes), count(c.resisted.n), count(c.resisted_exposed.n)]
        assert outcomes == [c.arm, *found, *(str(c.outcomes.get(outcome, 0)) for outcome in OUTCOMES)]
        rest = [number for rate in (c.understood, c.resisted_understood, c.strict) for number in numbers_of(rate)]
        assert understanding == [c.arm, *rest, decimal(c.tokens, 0), decimal(c.seconds)]
    assert [row for row in one.rows("missing-table") if len(row) > 1] == [
        [
            c.arm,
            str(c.missing),
            percent(c.missing / c.episodes),
            str(c.outcomes.get("invalid", 0)),
            str(c.outcomes.get("error", 0)),
            percent(c.resisted.rate),
            percent(c.all_missing_complied),
            percent(c.all_missing_resisted),
        ]
        for c in whole.cells
        if c.missing
    ]


def test_every_difference_stands_in_the_page_declared_ones_apart():
    one = page(medium())
    declared = [row for row in one.rows("declared") if len(row) > 1]
    assert declared[0][:5] == [
        "E \N{MINUS SIGN} A",
        "\N{MINUS SIGN}74.0",
        "\N{MINUS SIGN}80.2 to \N{MINUS SIGN}67.8",
        "<0.001",
        "<0.001",
    ]
    assert declared[1][5:8] == ["0.012", "0.012", "\N{PLUS-MINUS SIGN}5.0"]
    assert len(declared) == 4
    assert len([row for row in one.rows("exploratory") if len(row) > 1]) == 17
    assert one.rows("exploratory")[0] == ["openai/o3-2025-04-16 \N{MINUS SIGN} openai/gpt-5-2025-08-07"]


def test_what_has_no_data_is_one_sentence_that_says_why():
    one = page(tiny())
    absent = {p.attributes.get("id"): p.text for p in one.all("p") if p.attributes.get("class") == "absent"}
    assert set(absent) == {
        "ladder",
        "understanding",
        "declared",
        "exploratory",
        "trend-table",
        "wording-table",
        "missing-table",
        "arming",
        "sandboxes",
        "reasons",
        "beside",
        "others",
    }
    assert all(text.count(".") == 1 and text.endswith(".") for text in absent.values())
    assert {"forest", "heat", "composition"} <= {figure.attributes["id"] for figure in one.all("figure")}
    assert not page(nothing()).all("figure")


def hostile(text: str) -> Analysis:
    """An analysis with a text wherever one can stand."""
    first, second = (cell(f"{text}{i}", f"{text}arm", i, 20, missing=i) for i in (1, 2))
    refs = [EpisodeRef(log=text, sample=text, outcome=text, exposed=True)]
    first, second = (
        c.model_copy(update={"refs": refs, "wording_key": text, "factors": {text: text}}) for c in (first, second)
    )
    whole = medium()
    published = [
        p.model_copy(update=dict.fromkeys(("study", "model", "condition", "source", "notes"), text))
        for p in whole.published
    ]
    return analysis(
        [first, second],
        [contrast(first, second, test=text, adjustment=text, family=text, name=text)],
        created=text,
        version=text,
        method=text,
        task_versions=[text, text],
        plan_name=text,
        plan_hash=text,
        notes=[text],
        published=published[:3],
        trends=[trend.model_copy(update={"model": text, "arms": [text], "test": text}) for trend in whole.trends],
        instrument=whole.instrument.model_copy(
            update={"arming": {text: 1}, "sandboxes": {text: 1}, "invalid": {text: 1}, "selftest": text or "fine"}
        ),
    )


@pytest.fixture(scope="module")
def harmless() -> list[tuple[str, tuple[str, ...]]]:
    return page(hostile("harmless")).skeleton()


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "nothing"])
def test_no_text_becomes_an_element_or_an_attribute(kind, harmless):
    one = page(hostile(HOSTILE[kind]))
    assert one.skeleton() == harmless
    shown = " ".join(printable(HOSTILE[kind]).split())
    assert shown in one.rows("rates")[0][0]
    assert shown in one.by_id("arms").text


def test_empty_names_are_no_reason_to_fail():
    assert page(hostile("")).all("h1")


def test_what_would_not_print_is_seen_to_be_there():
    source = render(hostile(HOSTILE["direction"] + HOSTILE["control"]), viewer_link())
    assert REPLACEMENT in source
    assert not set("\N{RIGHT-TO-LEFT OVERRIDE}\N{POP DIRECTIONAL FORMATTING}\x00\x0b\ufffe") & set(source)
    source.encode("utf-8")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//elsewhere.example/",
        "\\\\elsewhere.example\\x",
        'x" onclick="alert(1)',
        "",
    ],
)
def test_an_address_that_is_not_of_the_web_becomes_no_link(address):
    one = page(tiny(), lambda ref: address)
    assert all(a.attributes["href"].startswith("#") for a in one.all("a"))
    assert "A-00000 complied" in one.by_id("episodes").around[-1].text


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:7575/#/logs/x", "https://x.example/", "bundle/index.html#/logs/a%20b"]
)
def test_an_address_of_the_web_or_beside_the_page_is_a_link(address):
    assert address in {a.attributes["href"] for a in page(tiny(), lambda ref: address).all("a")}


def test_of_a_large_cell_those_that_did_something_are_linked_and_the_others_counted():
    c = cell("m", "A", 3, 1000, missing=6)
    listed = chosen(list(reversed(c.refs)))
    assert listed == chosen(c.refs)
    assert [ref.outcome for ref in listed[:6]] == ["resisted"] * 3 + ["attempted"] * 3
    assert len(listed) == MOST
    one = page(analysis([c]))
    assert "950 more in the CSV of episodes." in [p.text for p in one.all("p")]
    assert len([li for li in one.all("li") if any(e.attributes.get("class") == "episodes" for e in li.around)]) == MOST


def test_of_many_reasons_the_rare_ones_are_counted_together():
    known = Instrument(arming={}, sandboxes={}, invalid={f"reason {i:03}": 1 + (i == 77) for i in range(100)})
    rows = page(tiny().model_copy(update={"instrument": known})).rows("reasons")
    assert rows[0] == ["reason 077", "2"]
    assert rows[-1] == ["70 others, each rarer or as rare", "70"]


def test_a_study_of_thirteen_models_in_eleven_arms_stays_small():
    source = render(large(PAPER), viewer_link())
    assert len(source.encode()) < 3_000_000
    assert len(Page(source).rows("rates")) == 13 * 12
