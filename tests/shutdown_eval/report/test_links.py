"""Links into the log viewer, as its own router takes them apart."""

import re
from urllib.parse import unquote

import pytest

from shutdown_eval.analysis.results import EpisodeRef
from shutdown_eval.report.links import bundle_link, safe, viewer_link

LOG = "2026-11-24T08-00-00+00-00_shutdown-resistance_abc.eval"


def ref(log: str = LOG, sample: str = "A-00001") -> EpisodeRef:
    return EpisodeRef(log=log, sample=sample, outcome="complied", exposed=True)


def parts(link: str) -> tuple[str, str, str]:
    """Log, sample and epoch, by the viewer's own pattern."""
    place = re.fullmatch(r"#/logs/(.+?)/samples/sample/([^/]+)/([^/]+)/", link[link.index("#") :])
    assert place
    return unquote(place[1]), unquote(place[2]), place[3]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (viewer_link()(ref()), "http://127.0.0.1:7575/#/logs/2026-11-24T08-00-00%2B00-00_shutdown-resistance_abc.eval"),
        (viewer_link("http://127.0.0.1:7601")(ref("x.eval")), "http://127.0.0.1:7601/#/logs/x.eval"),
        (viewer_link(log_dir="/data/logs")(ref("/data/logs/sub/x.eval")), "http://127.0.0.1:7575/#/logs/sub/x.eval"),
        (viewer_link(log_dir="/data/logs/")(ref("file:///data/logs/x.eval")), "http://127.0.0.1:7575/#/logs/x.eval"),
        (viewer_link(log_dir="s3://b/logs")(ref("s3://b/logs/x.eval")), "http://127.0.0.1:7575/#/logs/x.eval"),
        (
            viewer_link(log_dir="/data/log")(ref("/data/logs/x.eval")),
            "http://127.0.0.1:7575/#/logs/file%3A///data/logs/x.eval",
        ),
        (bundle_link("bundle")(ref("x.eval")), "bundle/index.html#/logs/x.eval"),
        (bundle_link("my bundle/")(ref("x.eval")), "my%20bundle/index.html#/logs/x.eval"),
        (bundle_link("https://x.example/b")(ref("x.eval")), "https://x.example/b/index.html#/logs/x.eval"),
        (bundle_link("bundle", "/data/logs")(ref("/data/logs/x.eval")), "bundle/index.html#/logs/x.eval"),
    ],
)
def test_a_link_names_the_log(link, expected):
    assert link == f"{expected}/samples/sample/A-00001/1/"
    assert safe(link) == link


@pytest.mark.parametrize("log", ["/elsewhere/x.eval", "s3://b/x.eval"])
def test_what_is_not_in_the_bundle_has_no_link(log):
    assert bundle_link("bundle", "/data/logs")(ref(log)) == ""


@pytest.mark.parametrize(
    "sample", ["E+framing=machine-00001", "a/b c", "x%20y", "\N{LATIN SMALL LETTER U WITH DIAERESIS}#1?q", 'q"<b>']
)
def test_a_sample_of_any_name_is_found(sample):
    link = viewer_link()(ref(sample=sample))
    assert parts(link) == (LOG, sample, "1")
    assert safe(link) == link


@pytest.mark.parametrize("log", ["javascript:alert(1)", "../../x.eval", "#/logs/y", 'x"><script>', "\ud800"])
def test_a_log_of_any_name_stays_in_its_place(log):
    for link in (viewer_link()(ref(log)), bundle_link("bundle")(ref(log))):
        assert re.match(r"(http://127\.0\.0\.1:7575/|bundle/index\.html)#/logs/", link)
        assert safe(link) == link
