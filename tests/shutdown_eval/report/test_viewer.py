"""Links opened in Inspect's own log viewer: they lead to the episode, whatever its name."""

import functools
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from inspect_ai.log import bundle_log_dir, read_eval_log, write_eval_log

from shutdown_eval.analysis.results import EpisodeRef
from shutdown_eval.report.links import bundle_link, viewer_link
from tests.shutdown_eval.report.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXAMPLE = Path(__file__).parents[3] / "logs" / "example.eval"
LOG = "sub/odd name+1.eval"
SAMPLES = ["A-00000", "E+framing=machine-00001", "a/b c", "x%20y", "#1?q"]
SECONDS = 60


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """A folder with a log in a folder, whose samples have odd names."""
    folder = tmp_path_factory.mktemp("viewer") / "logs"
    (folder / "sub").mkdir(parents=True)
    log = read_eval_log(EXAMPLE)
    for sample, name in zip(log.samples or [], SAMPLES, strict=False):
        sample.id = name
    write_eval_log(log, folder / LOG)
    return folder


@pytest.fixture(scope="module")
def viewer(logs):
    """A running `inspect view`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = shutil.which("inspect", path=str(Path(sys.executable).parent))
    command = [program, "view", "--log-dir", str(logs), "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.terminate()
        running.wait()


@pytest.fixture(scope="module")
def bundle(logs):
    """The same logs as a bundle, beside a page that a plain web server has."""
    bundle_log_dir(str(logs), str(logs.parent / "my bundle"))
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(logs.parent))
    handler.func.log_message = lambda *_: None
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


def opens(browser, address: str, sample: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_text("Transcript", exact=True).first.wait_for(timeout=1000 * SECONDS)
    page.get_by_text(f"Sample {sample} (Epoch 1)").first.wait_for(timeout=1000 * SECONDS)
    page.close()


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_link_opens_the_episode_in_a_running_viewer(sample, logs, viewer, browser):
    ref = EpisodeRef(log=str(logs / LOG), sample=sample, outcome="complied", exposed=True)
    opens(browser, viewer_link(viewer, str(logs))(ref), sample)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_link_opens_the_episode_in_a_bundle(sample, logs, bundle, browser):
    ref = EpisodeRef(log=str(logs / LOG), sample=sample, outcome="complied", exposed=True)
    opens(browser, bundle + bundle_link("my bundle", str(logs))(ref), sample)


def test_a_log_outside_of_the_viewer_s_folder_opens_too(logs, viewer, browser):
    ref = EpisodeRef(log=str(logs / LOG), sample=SAMPLES[0], outcome="complied", exposed=True)
    opens(browser, viewer_link(viewer, "/elsewhere")(ref), SAMPLES[0])
