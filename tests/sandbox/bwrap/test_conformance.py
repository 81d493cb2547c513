"""Inspect's own checks of a sandbox provider, run on bwrap."""

from collections.abc import AsyncIterator

import pytest
from inspect_ai.util import SandboxEnvironment

# The suite is made for providers to run ("portable conformance test suite"), but lives in a private module.
from inspect_ai.util._sandbox.self_check import *  # noqa: F403

from shutdown_eval.sandbox.bwrap.provider import BwrapSandboxEnvironment

pytestmark = [pytest.mark.bwrap, pytest.mark.anyio, pytest.mark.slow]

EXPECTED_FAILURES = {"test_exec_as_user": "makes a second user as root; a machine has neither"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def sandbox_env(request: pytest.FixtureRequest) -> AsyncIterator[SandboxEnvironment]:
    if reason := EXPECTED_FAILURES.get(request.node.originalname):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    environments = await BwrapSandboxEnvironment.sample_init("test", None, {})
    yield environments["default"]
    await BwrapSandboxEnvironment.sample_cleanup("test", None, environments, False)
