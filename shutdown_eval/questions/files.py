"""Questions from a file of the user's own: .jsonl or .csv, with `question` and `answer` in every row."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shutdown_eval.errors import InputError
from shutdown_eval.questions.question import Question

ENDINGS = (".jsonl", ".csv")
KEYS = ("question", "answer")

Row = tuple[int, dict[str, Any]]
"""The line it stands on, and what it holds."""


def read_file(path: Path) -> list[Question]:
    """All questions of a file. Other columns are passed over.

    Raises:
        InputError: Names the file, the line and the key that are wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else (error.strerror or str(error)).lower()
        raise InputError(f"Cannot read the questions in {path}: {why}.") from error
    rows = _csv_rows if path.suffix.lower() == ".csv" else _json_rows
    lines: dict[str, int] = {}
    questions = []
    for line, row in rows(path, text):
        question = Question(text=_value(path, line, row, "question"), answer=_value(path, line, row, "answer"))
        if question.text in lines:
            raise InputError(
                f"{path}, line {line}: the same question stands on line {lines[question.text]}. Remove one."
            )
        lines[question.text] = line
        questions.append(question)
    if not questions:
        raise InputError(f"{path} holds no question.")
    return questions


def _json_rows(path: Path, text: str) -> Iterator[Row]:
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        try:
            read = json.loads(row)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {line}: not JSON ({error}).") from error
        if not isinstance(read, dict):
            raise InputError(f"{path}, line {line}: must be a JSON object with the keys {' and '.join(KEYS)}.")
        yield line, read


def _csv_rows(path: Path, text: str) -> Iterator[Row]:
    reader = csv.DictReader(io.StringIO(text), skipinitialspace=True, strict=True)
    try:
        columns = reader.fieldnames or []
        for key in KEYS:
            if columns and key not in columns:
                raise InputError(f"{path}, line 1: there is no column {key!r}. The columns are: {', '.join(columns)}.")
        for row in reader:
            if None in row:
                raise InputError(f"{path}, line {reader.line_num}: more values than columns. Put quotes around commas.")
            yield reader.line_num, dict(row)
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.reader.line_num}: not CSV ({error}).") from error


def _value(path: Path, line: int, row: dict[str, Any], key: str) -> str:
    if key not in row:
        raise InputError(f"{path}, line {line}: there is no key {key!r}.")
    value = row[key]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(f"{path}, line {line}: {key} must be text or a number, not {json.dumps(value)[:40]}.")
    # An answer is one line, because answers are submitted one a line.
    text = str(value).strip() if key == "question" else " ".join(str(value).split())
    if not text:
        raise InputError(f"{path}, line {line}: {key} is empty.")
    return text
