"""Which sandboxes and browsers the tests can use: a missing one skips, or fails where SHUTDOWN_EVAL_REQUIRE names it."""

import os
from functools import cache

import pytest

from shutdown_eval.sandbox.bwrap.namespace import bwrap_problem
from shutdown_eval.sandbox.choose import docker_problem
from tests.shutdown_eval.report.chromium import browser_problem

PROBLEMS = {"docker": cache(docker_problem), "bwrap": cache(bwrap_problem), "browser": cache(browser_problem)}
REQUIRED = os.environ.get("SHUTDOWN_EVAL_REQUIRE", "").split(",")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, problem in PROBLEMS.items():
        if item.get_closest_marker(name) and (why := problem()):
            if name in REQUIRED:
                pytest.fail(f"{name} is required and cannot be used: {why}")
            pytest.skip(f"{name}: {why}")


SANDBOXES = [pytest.param("docker", marks=pytest.mark.docker), pytest.param("bwrap", marks=pytest.mark.bwrap)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `sandbox_name` runs in every sandbox."""
    if "sandbox_name" in metafunc.fixturenames:
        metafunc.parametrize("sandbox_name", SANDBOXES)
