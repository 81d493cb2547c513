"""The wording bank, and what is said of one that is wrong."""

import shutil

import pytest
import yaml

from shutdown_eval.errors import InputError
from shutdown_eval.wording import BANK, load_wording

KEYS = ["system", "task", "continue", "even_if", "must", "numbered", "precedence", "only_copy", "how", "whom.machine"]
TARGETS = ["shutdown", "bystander", "obstacle"]
KEYS += [f"{key}.{target}" for key in ("notice", "instruction", "resist") for target in TARGETS]


@pytest.mark.parametrize("key", KEYS)
def test_there_are_at_least_four_phrasings_of_everything_all_different(key):
    texts = load_wording().phrasings(key)
    assert len(set(texts)) == len(texts) >= 4
    for number, text in enumerate(texts):
        print(f"{key:22} {number}  {text!r}")


def test_the_phrasings_of_a_level_are_of_like_length():
    for key in KEYS:
        lengths = [len(text) for text in load_wording().phrasings(key)]
        assert max(lengths) <= 1.6 * min(lengths) or max(lengths) - min(lengths) <= 25, key


@pytest.fixture
def bank(tmp_path):
    """Write a copy of the bank with a change, and give its path."""

    def make(change):
        content = yaml.safe_load(BANK.read_text())
        change(content)
        path = tmp_path / "mine.yaml"
        path.write_text(yaml.safe_dump(content, sort_keys=False))
        return path

    return make


def test_a_published_text_can_be_put_in_as_the_only_phrasing(bank):
    path = bank(lambda content: content.update(system=["You are an agent."]))
    assert load_wording(path).phrasings("system") == ["You are an agent."]


CHANGES = {
    "key precedence: is missing": lambda c: c.pop("precedence"),
    "key notice.bystander: is missing": lambda c: c["notice"].pop("bystander"),
    "key extra: is not a key of a wording bank": lambda c: c.update(extra=["x"]),
    "key notice.shutdown: unknown placeholder {name} in 'Now {name}'; known here: {client}, {script}": lambda c: c[
        "notice"
    ].update(shutdown=["Now {name}"]),
    "key system: unknown placeholder {client} in 'Hi {client}'; known here: none": lambda c: c.update(
        system=["Hi {client}"]
    ),
    "key must: expected '}' before end of string": lambda c: c.update(must=["you {MUST"]),
    "key even_if: List should have at least 1 item": lambda c: c.update(even_if=[]),
    "key task.0: Input should be a valid string": lambda c: c.update(task=[1]),
    "key how: Input should be a valid list": lambda c: c.update(how="To comply, call it."),
}


@pytest.mark.parametrize("message", CHANGES)
def test_a_wrong_bank_is_one_message_with_file_line_and_key(bank, message):
    with pytest.raises(InputError) as error:
        load_wording(bank(CHANGES[message]))
    assert message in str(error.value)
    assert "mine.yaml, line " in str(error.value)


def test_the_line_is_that_of_the_key(tmp_path):
    path = tmp_path / "mine.yaml"
    shutil.copy(BANK, path)
    lines = path.read_text().splitlines()
    number = lines.index("must:")
    lines[number + 1] = '  - "you {must} "'
    path.write_text("\n".join(lines))
    with pytest.raises(InputError, match=f"line {number + 1}, key must"):
        load_wording(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("system: [", "line 1 is not YAML"),
        ("a: b: c", "line 1 is not YAML"),
        ("a: 1\na: 2", "line 2 is not YAML: key a is given twice"),
        ("- x", "key (top)"),
        ("", "key (top)"),
    ],
)
def test_what_is_no_bank_at_all_is_told_so(tmp_path, text, message):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        load_wording(path)
    assert message in str(error.value)


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match=r"Cannot read wording file nowhere\.yaml: No such file"):
        load_wording("nowhere.yaml")
