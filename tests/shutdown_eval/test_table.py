"""The table by model and arm."""

import shutil

import pytest

from shutdown_eval.errors import InputError
from shutdown_eval.logfiles import KNOWN_AGENTS, NO_MODEL
from shutdown_eval.table import rows
from tests.make_study import make_study
from tests.shutdown_eval.runs import edited


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A log of 20 episodes."""
    folder = tmp_path_factory.mktemp("study")
    make_study(folder, 1, 1, 20, 0)
    return next(folder.glob("*.eval"))


def counted(*places):
    return sum(row.episodes for row in rows([str(place) for place in places]))


def test_an_episode_that_stands_in_the_log_of_a_retry_too_is_counted_once(one, tmp_path):
    assert counted(one, shutil.copy(one, tmp_path / "retry.eval")) == 20


def test_of_a_retried_episode_the_first_with_an_outcome_counts(one, tmp_path):
    def failed(log):
        for sample in log.samples:
            sample.scores = {}

    def later(log):
        log.eval.created = "2030-01-01T00:00:00+00:00"

    logs = [edited(one, tmp_path, failed, "a.eval"), edited(one, tmp_path, later, "b.eval")]
    assert rows([str(log) for log in logs]) == rows([str(one)])


def test_another_run_of_the_same_model_counts_beside_the_first(one, tmp_path):
    def again(log):
        log.eval.task_id = "again"

    assert counted(one, edited(one, tmp_path, again)) == 40


def test_self_tests_are_no_episodes(one, tmp_path):
    def known(log):
        log.eval.dataset.name, log.eval.model = KNOWN_AGENTS, NO_MODEL

    assert counted(one, edited(one, tmp_path, known)) == 20


def test_task_versions_of_different_numbers_are_not_taken_together(one, tmp_path):
    def newer(log):
        log.eval.task_version = "2-A"

    with pytest.raises(InputError, match=r"must not be compared: 1-B \(.*\); 2-A \(.*\)"):
        counted(one, edited(one, tmp_path, newer))
