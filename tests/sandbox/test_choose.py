"""Which sandbox `-T sandbox=` means, and what is said where it cannot be had."""

import os
from pathlib import Path

import pytest

from shutdown_eval.errors import InputError
from shutdown_eval.sandbox import choose
from shutdown_eval.sandbox.choose import COMPOSE, choose_sandbox, docker_problem


@pytest.fixture
def docker_says(tmp_path, monkeypatch):
    """Put a docker command first in PATH that answers so for the engine and for compose."""

    def make(engine, compose):
        command = tmp_path / "docker"
        command.write_text(f"#!/bin/sh\nif [ $1 = version ]; then {engine}; else {compose}; fi\n")
        command.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return make


def says(version, key="version"):
    return (
        f'echo \'{{"{key}": "{version}"}}\''
        if key == "version"
        else f'echo \'{{"Server": {{"Version": "{version}"}}}}\''
    )


GOOD_ENGINE, GOOD_COMPOSE = says("26.1.5+dfsg1", "engine"), says("v2.21.0")


@pytest.mark.parametrize(
    ("engine", "compose", "problem"),
    [
        (GOOD_ENGINE, GOOD_COMPOSE, None),
        (says("20.10.24", "engine"), GOOD_COMPOSE, "its engine 20.10.24 is older than 24.0.6"),
        ("echo 'cannot connect' >&2; exit 1", GOOD_COMPOSE, "the Docker Engine does not answer (cannot connect)"),
        ("echo not json", GOOD_COMPOSE, "the Docker Engine does not answer (no version)"),
        (GOOD_ENGINE, "exit 1", "its compose plugin is missing"),
        (GOOD_ENGINE, says("2.20.3"), "its compose plugin 2.20.3 is older than 2.21.0"),
    ],
)
def test_docker_is_asked_for_its_versions(docker_says, engine, compose, problem):
    docker_says(engine, compose)
    found = docker_problem()
    assert found == problem or found.startswith(problem)


def test_auto_takes_docker_if_an_engine_answers_and_bwrap_if_not(monkeypatch):
    monkeypatch.setattr(choose, "bwrap_problem", lambda: None)
    monkeypatch.setattr(choose, "docker_problem", lambda: None)
    assert choose_sandbox("auto") == ("docker", str(COMPOSE))
    monkeypatch.setattr(choose, "docker_problem", lambda: "it is down.")
    assert choose_sandbox("auto") == ("bwrap", None)


def test_where_nothing_works_both_reasons_are_told(monkeypatch):
    monkeypatch.setattr(choose, "docker_problem", lambda: "it is down.")
    monkeypatch.setattr(choose, "bwrap_problem", lambda: "namespaces are refused.")
    for sandbox, told in (
        ("auto", "docker: it is down. bwrap: namespaces are refused."),
        ("docker", "it is down."),
        ("bwrap", "ref"),
    ):
        with pytest.raises(InputError, match=told):
            choose_sandbox(sandbox)


def test_another_provider_comes_with_its_file(tmp_path):
    file = tmp_path / "compose.yaml"
    file.touch()
    assert choose_sandbox(f"docker:{file}") == ("docker", str(file))
    for provider, told in (("vm", "type 'vm' not recognized"), ("k8s", "install the 'inspect-k8s-sandbox' package")):
        with pytest.raises(InputError, match=told):
            choose_sandbox(f"{provider}:{file}")


def test_the_image_is_named_and_built_and_nothing_is_granted():
    text = Path(COMPOSE).read_text()
    for needed in (
        "image:",
        "build: .",
        "network_mode: none",
        "cap_drop: [ALL]",
        "no-new-privileges:true",
        "pids_limit",
        "mem_limit",
    ):
        assert needed in text
    for refused in ("init:", "restart:", "privileged:", "volumes:", "cap_add:"):
        assert refused not in text
