"""Questions from levels, files and data sets, by the one name of `-T questions=`."""

import json
from itertools import combinations

import pytest

from shutdown_eval.errors import InputError
from shutdown_eval.questions import Question, load_source, question_set


def jsonl(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def stock(path, number):
    return jsonl(path, *({"question": f"What is {n} + 1?", "answer": n + 1} for n in range(number)))


def sets(source, count, number, seed=0):
    return [load_source(source)(count, seed, index) for index in range(number)]


@pytest.mark.parametrize("level", ["sums", "word", "algebra", "number_theory", "counting", "mixed"])
def test_a_level_is_a_source(level):
    assert load_source(level)(6, 3, 1) == question_set(level, 6, 3, 1)


@pytest.mark.parametrize("name", ["hard", "", "questions.txt", "Sums"])
def test_an_unknown_source_is_one_clear_message(name):
    with pytest.raises(
        InputError, match=r"Choose from: sums, .*mixed; or give a file ending in \.jsonl or \.csv, or hf:PATH"
    ):
        load_source(name)


def test_jsonl_holds_a_question_a_line(tmp_path):
    path = jsonl(
        tmp_path / "q.jsonl",
        {"question": " 1 + 1? ", "answer": 2, "other": None},
        "",
        {"question": "½?", "answer": "1/2"},
    )
    assert load_source(path)(2, 0, 0) in (
        [Question(text="1 + 1?", answer="2"), Question(text="½?", answer="1/2")],
        [Question(text="½?", answer="1/2"), Question(text="1 + 1?", answer="2")],
    )


def test_csv_has_its_columns_in_any_order_and_quotes_around_commas_and_line_ends(tmp_path):
    (tmp_path / "q.CSV").write_bytes(
        '\ufeffanswer,source,question\r\n"1,234",book,"How many,\r\nin all?"\r\n7,,What is 3 + 4?\r\n'.encode()
    )
    drawn = {question.text: question.answer for question in load_source(str(tmp_path / "q.CSV"))(2, 0, 0)}
    assert drawn == {"How many,\nin all?": "1,234", "What is 3 + 4?": "7"}


BAD = [
    ("q.jsonl", "", "q.jsonl holds no question."),
    ("q.jsonl", "\n \n", "q.jsonl holds no question."),
    ("q.jsonl", '{"question": "a", "answer": 1}\n{question: b}', "q.jsonl, line 2: not JSON"),
    ("q.jsonl", "[" * 100_000, "q.jsonl, line 1: not JSON"),
    ("q.jsonl", '["a", 1]', "q.jsonl, line 1: must be a JSON object with the keys question and answer."),
    ("q.jsonl", '{"question": "a"}', "q.jsonl, line 1: there is no key 'answer'."),
    ("q.jsonl", '{"question": "a", "answer": null}', "q.jsonl, line 1: answer must be text or a number, not null."),
    ("q.jsonl", '{"question": "a", "answer": true}', "q.jsonl, line 1: answer must be text or a number, not true."),
    ("q.jsonl", '{"question": ["a"], "answer": 1}', 'q.jsonl, line 1: question must be text or a number, not ["a"].'),
    ("q.jsonl", '{"question": " ", "answer": 1}', "q.jsonl, line 1: question is empty."),
    (
        "q.jsonl",
        '{"question": "a", "answer": 1}\n\n{"question": "a ", "answer": 2}',
        "q.jsonl, line 3: the same question stands on line 1.",
    ),
    ("q.csv", "", "q.csv holds no question."),
    ("q.csv", "question,answer\n", "q.csv holds no question."),
    ("q.csv", "question,key\na,1\n", "q.csv, line 1: there is no column 'answer'. The columns are: question, key."),
    ("q.csv", "question,answer\na,1\nb\n", "q.csv, line 3: answer must be text or a number, not null."),
    ("q.csv", "question,answer\na,1\nb,\n", "q.csv, line 3: answer is empty."),
    ("q.csv", "question,answer\na,1,234\n", "q.csv, line 2: more values than columns. Put quotes around commas."),
    ("q.csv", 'question,answer\n"a,1\n', "q.csv, line 2: not CSV"),
    ("q.csv", "question,answer\na,1\nb,2\na,3\n", "q.csv, line 4: the same question stands on line 2. Remove one."),
]


@pytest.mark.parametrize(("name", "text", "message"), BAD)
def test_a_bad_file_is_one_message_with_file_line_and_key(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as error:
        load_source(str(tmp_path / name))
    assert message in str(error.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputError, match=r"Cannot read the questions in .*none\.jsonl: no such file"):
        load_source(str(tmp_path / "none.jsonl"))
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="is a directory"):
        load_source(str(tmp_path / "folder.csv"))
    (tmp_path / "latin.csv").write_bytes("question,answer\ncaf\xe9?,1\n".encode("latin-1"))
    with pytest.raises(InputError, match="it is not UTF-8"):
        load_source(str(tmp_path / "latin.csv"))


def test_sets_share_no_question_until_the_stock_is_used_up(tmp_path):
    drawn = sets(stock(tmp_path / "q.jsonl", 60), 6, 10)
    texts = [question.text for questions in drawn for question in questions]
    assert len(set(texts)) == 60


def test_no_set_comes_twice_even_when_every_possible_one_is_asked_for(tmp_path):
    drawn = sets(stock(tmp_path / "q.jsonl", 7), 3, 35)
    assert {frozenset(question.text for question in questions) for questions in drawn} == {
        frozenset(chosen) for chosen in combinations([f"What is {n} + 1?" for n in range(7)], 3)
    }


def test_a_set_depends_on_its_number_and_the_seed_alone(tmp_path):
    path = stock(tmp_path / "q.jsonl", 20)
    in_order = sets(path, 6, 8)
    one, other = load_source(path), load_source(path)
    assert [one(6, 0, index) for index in reversed(range(8))] == in_order[::-1]
    assert other(6, 1, 0) != in_order[0] and other(6, 0, 5) == in_order[5]
    assert [question.text for question in in_order[0]] == [f"What is {n} + 1?" for n in (8, 14, 19, 15, 1, 3)]


def test_too_few_questions_is_a_message_that_says_how_many_are_needed(tmp_path):
    source = load_source(stock(tmp_path / "q.jsonl", 4))
    with pytest.raises(InputError, match=r"q\.jsonl holds 4 questions; questions_per_episode=6 needs at least 6\."):
        source(6, 0, 0)
    with pytest.raises(
        InputError, match=r"enough for 4 different sets of 3\. 5 episodes need at least 5 .* set episodes=4\."
    ):
        source(3, 0, 4)
    with pytest.raises(InputError, match=r"101 episodes need at least 10 questions"):
        source(3, 0, 100)


# --- data sets on disk, read as those of the Hub are


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes a data set of some rows in a folder of this name, with one file for each split."""
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "inspect"))
    monkeypatch.setattr("inspect_ai.dataset._sources.hf.inspect_cache_dir", lambda name: str(tmp_path / "inspect"))

    def make(name, form="jsonl", **splits):
        (tmp_path / name).mkdir(exist_ok=True)
        for split, rows in splits.items():
            made = datasets.Dataset.from_list(rows)
            path = str(tmp_path / name / f"{split}.{form}")
            made.to_parquet(path) if form == "parquet" else made.to_json(path)
        return str(tmp_path / name)

    return make


GSM8K = [
    {
        "question": "Tom has 1,000 eggs and buys 234. How many?",
        "answer": "1000 + 234 = <<1000+234=1234>>1234\n#### 1,234",
    },
    {"question": "And 3 less than 4?", "answer": "4 - 3 = 1\n#### 1"},
]
MATH = [
    {"problem": "Half of one?", "solution": r"Not \boxed{2}, but $\boxed{\frac{1}{2}}$.", "level": "Level 1"},
    {"problem": "The root of 12?", "solution": r"$\sqrt{12} = \boxed{2\sqrt{3}}$", "level": "Level 2"},
]


def keys(source):
    return {question.text: question.answer for question in load_source(source)(2, 0, 0)}


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_gsm8k_gives_the_answer_after_the_hashes(folder, form):
    path = folder("gsm8k", form, train=GSM8K[:1], test=GSM8K)
    assert list(keys(f"hf:{path}").values()) in (["1234", "1"], ["1", "1234"])


@pytest.mark.parametrize("name", ["hendrycks_math", "MATH-500", "competition_math"])
def test_math_gives_what_the_last_box_holds(folder, name):
    found = keys(f"hf:{folder(name, test=MATH)}")
    assert found == {"Half of one?": r"\frac{1}{2}", "The root of 12?": r"2\sqrt{3}"}


def test_any_other_data_set_has_the_fields_question_and_answer_and_a_split_of_ones_choice(folder):
    rows = [{"question": "1 + 1?", "answer": 2}, {"question": "2 + 2?", "answer": 4}]
    path = folder("sums", train=[*rows, rows[0]], test=[{"question": "3 + 3?", "answer": 6}] * 2)
    assert keys(f"hf:{path}") == keys(f"hf:{path}:train") == {"1 + 1?": "2", "2 + 2?": "4"}
    with pytest.raises(InputError, match="holds 1 questions"):
        keys(f"hf:{path}:test")


def test_a_data_set_on_disk_is_read_again_after_a_change(folder):
    first = keys(f"hf:{folder('changing', train=[{'question': f'{n}?', 'answer': n} for n in (1, 2)])}")
    second = keys(f"hf:{folder('changing', train=[{'question': f'{n}?', 'answer': n} for n in (3, 4)])}")
    assert (set(first), set(second)) == ({"1?", "2?"}, {"3?", "4?"})


def test_bad_data_sets_are_one_clear_message(folder, tmp_path):
    path = folder("other", train=[{"q": "1 + 1?", "answer": 2}])
    with pytest.raises(InputError, match=r"other: a record has no field 'question'\. Its fields are: q, answer"):
        load_source(f"hf:{path}")
    with pytest.raises(InputError, match=r"Cannot load .*, split 'nope': .*nope"):
        load_source(f"hf:{path}:nope")
    with pytest.raises(InputError, match=r"gsm8k: no answer in"):
        load_source(f"hf:{folder('gsm8k', test=[{'question': 'a?', 'answer': '3'}])}")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="Cannot load"):
        load_source(f"hf:{tmp_path / 'empty'}")
    with pytest.raises(InputError, match="names no data set"):
        load_source("hf:")


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr("shutdown_eval.questions.hub.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'shutdown-eval\[hf\]'"):
        load_source("hf:openai/gsm8k")
