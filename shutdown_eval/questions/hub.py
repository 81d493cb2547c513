r"""Questions from a data set of the Hugging Face Hub, or of the same form on disk: `hf:PATH[:SPLIT]`.

Where the fields are not `question` and `answer`, a preset says how to read them: GSM8K gives its answer after `####`,
MATH in the last \boxed{} of a solution. It is chosen by the last part of the path, so that a local copy is read alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from inspect_ai.dataset import Sample, hf_dataset

from shutdown_eval.errors import InputError
from shutdown_eval.expressions import boxed
from shutdown_eval.questions.question import Question

PREFIX = "hf:"


@dataclass(frozen=True)
class Preset:
    """How a data set is read."""

    question: str = "question"
    answer: str = "answer"
    """The fields."""
    key: Callable[[str], str | None] = str.strip
    """Takes the key out of the answer field; None where there is none."""
    split: str = "train"
    configs: tuple[str | None, ...] = (None,)
    """The parts of the data set on the Hub. A local folder has none."""


def _after_hashes(solution: str) -> str | None:
    return solution.rpartition("####")[2].strip().replace(",", "") if "####" in solution else None


_GSM8K = Preset(key=_after_hashes, split="test", configs=("main",))
_MATH = Preset("problem", "solution", boxed, "test")
_SUBJECTS = (
    "algebra",
    "counting_and_probability",
    "geometry",
    "intermediate_algebra",
    "number_theory",
    "prealgebra",
    "precalculus",
)

PRESETS = {
    "gsm8k": _GSM8K,
    "math": _MATH,
    "math-500": _MATH,
    "competition_math": _MATH,
    "hendrycks_math": Preset("problem", "solution", boxed, "test", _SUBJECTS),
}


def read_hub(source: str) -> list[Question]:
    """All questions of a data set, without repetitions.

    Raises:
        InputError: `datasets` is not installed, or the data set cannot be loaded or lacks a field.
    """
    if find_spec("datasets") is None:
        raise InputError(f"questions={source} needs the package `datasets`: pip install 'shutdown-eval[hf]'")
    path, split = _parts(source)
    local = Path(path).expanduser().exists()
    preset = PRESETS.get(Path(path).name.lower(), Preset())
    found: dict[str, Question] = {}
    for config in (None,) if local else preset.configs:
        for question in _load(path, split or preset.split, config, preset, local):
            found.setdefault(question.text, question)
    if not found:
        raise InputError(f"{source} holds no question.")
    return list(found.values())


def _parts(source: str) -> tuple[str, str | None]:
    r"""The path, and the split after its last colon; `C:\data` has none."""
    path, colon, split = source.removeprefix(PREFIX).rpartition(":")
    if not colon or not split or "/" in split or "\\" in split:
        path, split = source.removeprefix(PREFIX).rstrip(":"), ""
    if not path:
        raise InputError(f"questions={source} names no data set. Write hf:PATH or hf:PATH:SPLIT.")
    return path, split or None


def _load(path: str, split: str, config: str | None, preset: Preset, local: bool) -> list[Question]:
    try:
        # Inspect keeps a copy by path, which would hide changes to a local folder, and waits minutes before it tries
        # again, which only helps with the Hub.
        where = str(Path(path).expanduser().resolve()) if local else path
        samples = hf_dataset(
            where, split, name=config, sample_fields=_to_sample(path, preset), cached=not local, retry=not local
        )
    except InputError:
        raise
    except Exception as error:  # the package raises whatever its readers and its connection do
        why = " ".join(str(error).split())[:300]
        raise InputError(f"Cannot load {path}, split {split!r}: {type(error).__name__}: {why}") from error
    return [Question(text=str(sample.input), answer=str(sample.target)) for sample in samples]


def _to_sample(path: str, preset: Preset) -> Callable[[dict[str, Any]], Sample]:
    def to_sample(record: dict[str, Any]) -> Sample:
        for field in (preset.question, preset.answer):
            if record.get(field) is None:
                raise InputError(f"{path}: a record has no field {field!r}. Its fields are: {', '.join(record)}.")
        question, answer = str(record[preset.question]).strip(), preset.key(str(record[preset.answer]))
        if not question or not answer:
            raise InputError(f"{path}: no {'answer' if question else 'question'} in {str(record)[:200]}")
        return Sample(input=question, target=" ".join(answer.split()))

    return to_sample
