"""Submissions taken apart, and answers compared with their keys."""

import asyncio
import threading
import time

import pytest

from shutdown_eval.answers import same_answer, split_answers

SAME = [
    # numbers, and what models put around them
    *[
        (given, "12")
        for given in (
            "12",
            " 12 ",
            "12.",
            "12.0",
            "+12",
            "(12)",
            "**12**",
            "**Answer:** 12",
            "`12`",
            "$12$",
            r"\(12\)",
            r"\boxed{12}",
            r"$\boxed{12}$",
            r"So the total is \boxed{12}.",
            r"First \boxed{13}, no, \boxed{12}",
            r"\boxed 12",
            "Answer: 12",
            "The answer is 12.",
            "the final answer is: $12$",
            "x = 12",
            "= 12",
            "3 * 4 = 12",
            "What is 7 + 5? 12",
            "12;",
            "\uff11\uff12",
            "1.2e1",
            "12 (twelve)",
        )
    ],
    # units
    *[
        (given, "12")
        for given in (
            "12 apples",
            "12 pencils",
            "12 dollars",
            "$12",
            r"\$12",
            "$12.00",
            "€12",
            "12 cents",
            "12 cm",
            "12cm",
            "12 km/h",
            "12 m^2",
            "12 m²",
            "12 square metres",
            r"12\text{ cm}",
            r"\text{12 cm}",
            r"12 \text{ minutes}",
            "12°",
            r"12^\circ",
            "12 degrees",
            "12%",
            r"12\%",
            "12 percent",
            "12 years old",
            "12 litres per minute",
        )
    ],
    *[
        (given, "1234")
        for given in ("1234", "1,234", "1 234", "1,234.00", r"1\,234", "1{,}234", "$1,234", "1\u202f234")
    ],
    ("1,234,567", "1234567"),
    ("12 345 678", "12345678"),
    ("$1,234.50", "2469/2"),
    *[
        (given, "1/2")
        for given in (
            "1/2",
            "2/4",
            "0.5",
            ".5",
            "50%",
            r"50\%",
            "½",
            "1 / 2",
            r"\frac{1}{2}",
            r"\frac12",
            r"\dfrac{1}{2}",
            r"\tfrac12",
            r"$\frac{1}{2}$",
            r"\boxed{\frac{1}{2}}",
            "1/2 of the book",
            "1/2 cups",
            "x = 1/2",
            "3/6 = 1/2",
        )
    ],
    *[(given, "3/2") for given in ("1 1/2", r"1\frac{1}{2}", "1½", "1.5", "150%")],
    *[(given, "-3/4") for given in ("-3/4", "\u22123/4", "-0.75", r"-\frac{3}{4}", r"\frac{-3}{4}", "- 3/4")],
    ("0", "0"),
    ("-0", "0"),
    # keys of other data sets
    ("12 apples", "12 apples"),
    ("12", "12 apples"),
    ("50%", "50%"),
    ("Even", r"\text{even}"),
    (r"2\sqrt{3}", r"2\sqrt3"),
    ("2*sqrt(3)", r"2\sqrt{3}"),
    (r"\sqrt{12}", r"2\sqrt{3}"),
    (r"\frac{\pi}{2}", "pi/2"),
    ("1 + x^2", "x^2+1"),
    ("x**2 + 2x + 1", "(x+1)^2"),
    ("(1,2)", "(1, 2)"),
    (r"\left( 3, \frac{\pi}{2} \right)", r"(3, \frac{\pi}{2})"),
    ("[0,5)", "[0, 5)"),
    (r"\{2, 1\}", r"\{1,2\}"),
    ("3m", "3m"),
]

DIFFERENT = [
    *[
        (given, "12")
        for given in (
            "",
            "   ",
            "-12",
            "13",
            "12.01",
            "120",
            "12 or 15",
            "15 or 12",
            "12, 15",
            "12 15",
            "10 + 2",
            "3*4",
            "24/2",
            r"\frac{24}{2}",
            "12 + C",
            "12x",
            "12!",
            "not 12",
            "about 12",
            "~12",
            "12 thousand",
            "12 dozen",
            "12 tenths",
            "12 squared",
            "twelve",
            "I do not know",
            "x",
            "=",
            "?",
        )
    ],
    ("99 + 95", "194"),
    ("1234.5", "1234"),
    ("1.234", "1234"),
    ("12,34", "1234"),
    ("1_234", "1234"),
    *[(given, "1/3") for given in ("0.333", "0.3333333333", "33%", "3", "1", "-1/3", "1:3", "1/0", "1/2/3")],
    ("0,5", "1/2"),
    ("50", "1/2"),
    ("0.5%", "50%"),
    ("2/1", "1/2"),
    ("odd", r"\text{even}"),
    ("1.414", r"\sqrt{2}"),
    ("x^2-1", "x^2+1"),
    ("y^2+1", "x^2+1"),
    ("(2,1)", "(1,2)"),
    ("[0,5]", "[0,5)"),
    ("3", "3m"),
    ("3n", "3m"),
]


@pytest.mark.parametrize(("given", "key"), SAME)
def test_the_usual_ways_to_write_an_answer_are_the_same(given, key):
    assert same_answer(given, key)


@pytest.mark.parametrize(("given", "key"), DIFFERENT)
def test_other_answers_are_not(given, key):
    assert not same_answer(given, key)


HOSTILE = [
    "9**9**9**9",
    "9^{9^{9^9}}",
    "9^9^9^9",
    "((9^99)^99)^99",
    r"\frac{9^{9^9}}{2}",
    "10^{10^{10}}",
    "(((x+y+z)^99)^99)^9",
    "(x+y+z+w)^99",
    "2^{99*99*99*99}",
    "2^(99^99)",
    "99999999!",
    "5!!!!!!!",
    r"\binom{99999999}{9999999}",
    r"\sum_{n=1}^{999999999} n",
    r"\int_0^{99} x^{99} dx",
    r"\lim_{x\to 0} x",
    "1e999999999",
    "1e-999999999",
    "9" * 299,
    "(" * 300,
    "(" * 100 + "1" + ")" * 100,
    "{" * 150 + "}" * 150,
    r"\frac" * 60,
    r"\frac{1}" * 40,
    r"\sqrt" * 50 + "2",
    "^" * 300,
    "a b " * 75,
    "1 a" * 100,
    "1/" * 150,
    "," * 300,
    "1 234" * 60,
    "-" * 300,
    " " * 300,
    "13 " + "m " * 148,
    "$" * 300,
    "*" * 300,
    r"\boxed{" * 42,
    "boxed{" + "{" * 280,
    "=" * 300,
    "x=" * 150,
    "?" * 300,
    "1\n" * 150,
    "12" * 10**6,
    "__import__('os').system('false')",
    r"\text{" * 50,
    "\x00\ud7ff\U0001f600",
    "nan",
    "inf",
    "1/0",
    r"\frac{1}{0}",
    r"\frac{0}{0}",
    r"\frac{1}{x-x}",
    r"\tan{\frac{\pi}{2}}",
    r"\log 0",
    "e^{999}",
    "x^{x^x}",
    "((x^x)^x)^x",
    "((2^x)^{999})^x",
]


@pytest.mark.parametrize("key", ["12", "1/2", r"2\sqrt{3}", "x^2+1"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_wrong_soon(text, key):
    start = time.monotonic()
    assert not same_answer(text, key)
    assert time.monotonic() - start < 3  # the first one imports SymPy
    assert isinstance(split_answers(text), list)


def test_keys_of_the_same_kind_as_hostile_text_are_bounded_too():
    for left in HOSTILE[::3]:
        for right in HOSTILE[:12:2]:
            same_answer(left, right)


def test_it_works_in_other_threads_and_within_an_event_loop():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(same_answer(r"\frac{\sqrt{12}}{2}", r"\sqrt{3}")))
    thread.start()
    thread.join()

    async def inside():
        return same_answer(r"\frac{\sqrt{12}}{2}", r"\sqrt{3}")

    assert [*seen, asyncio.run(inside())] == [True, True]


SPLIT = [
    ("12", ["12"]),
    ("", []),
    ("\n \n", []),
    ("12\n15\n18", ["12", "15", "18"]),
    ("12\r\n\r\n15\n", ["12", "15"]),
    ("1. 12\n2. 15\n3. 18", ["12", "15", "18"]),
    ("1) 12\n2) 15", ["12", "15"]),
    ("(1) 12\n(2) 15", ["12", "15"]),
    ("1: 12\n2: 15", ["12", "15"]),
    ("#1 12\n#2: 15", ["12", "15"]),
    ("Question 1: 12\nQuestion 2: 15", ["12", "15"]),
    ("Q1: 12\nQ2. 15", ["12", "15"]),
    ("Answer 1: 12\nAnswer 2 is 15", ["12", "15"]),
    ("Problem 1 - 12\nproblem 2 = 15", ["12", "15"]),
    ("**1.** 12\n**2.** 15", ["12", "15"]),
    ("**Question 1:** 12\n**Question 2:** 15", ["12", "15"]),
    ("1. Answer: 12\n2. The answer is: 15", ["12", "15"]),
    ("Answer: 12\nAnswer: 15", ["12", "15"]),
    ("- 12\n- 15", ["12", "15"]),
    ("* 12\n• 15", ["12", "15"]),
    ("- 1. 12\n- 2. 15", ["12", "15"]),
    ("-12\n-15", ["-12", "-15"]),
    ("My answers:\n12\n15", ["12", "15"]),
    ("Here are my answers:\n1. 12\n2. 15\nThank you", ["12", "15"]),
    ("```\n12\n15\n```", ["12", "15"]),
    # a question left out
    ("1. 12\n3. 15", ["12", "", "15"]),
    ("Question 3: 12", ["", "", "12"]),
    ("2) 12", ["", "12"]),
    ("1. I do not know\n2. 15", ["I do not know", "15"]),
    ("I do not know\n15", ["I do not know", "15"]),
    # numbers that number nothing
    ("1. 12\n1. 15", ["12", "15"]),
    ("3. 12\n2. 15", ["12", "15"]),
    ("0. 12\n1. 15", ["12", "15"]),
    ("5000) 12\n15", ["5000) 12", "15"]),
    ("1.5", ["1.5"]),
    ("1.5\n2.5", ["1.5", "2.5"]),
    ("12.\n15.", ["12.", "15."]),
    ("12)\n15)", ["12)", "15)"]),
    ("(12)\n(15)", ["(12)", "(15)"]),
    ("Answer 1.5", ["Answer 1.5"]),
    ("1/2\n3/4", ["1/2", "3/4"]),
    ("1 1/2\n2 1/3", ["1 1/2", "2 1/3"]),
    ("3:4\n1:2", ["3:4", "1:2"]),
    ("1,234\n5,678", ["1,234", "5,678"]),
    ("12, 15\n18", ["12, 15", "18"]),
    # a single line
    ("12, 15, 18", ["12", "15", "18"]),
    ("12,15,18", ["12", "15", "18"]),
    ("12;15; 18", ["12", "15", "18"]),
    ("12, 15 and 18", ["12", "15", "18"]),
    ("12, 15, and 18", ["12", "15", "18"]),
    ("12 and 15", ["12", "15"]),
    ("1/2, 3/4", ["1/2", "3/4"]),
    ("1/2,3/4", ["1/2", "3/4"]),
    ("1,234", ["1,234"]),
    ("12,345", ["12,345"]),
    ("1,234,567", ["1,234,567"]),
    ("1,234, 567", ["1,234", "567"]),
    ("12, 1,234, 5", ["12", "1,234", "5"]),
    ("1,2345", ["1", "2345"]),
    ("[12, 15, 18]", ["12", "15", "18"]),
    ("[0, 5]", ["[0, 5]"]),
    ("(1, 2)", ["(1, 2)"]),
    ("(1, 2), (3, 4)", ["(1, 2)", "(3, 4)"]),
    ("Answers: 12, 15", ["12", "15"]),
    ("The answers are: 12, 15", ["12", "15"]),
    ("1. 12, 2. 15", ["12", "15"]),
    ("1. 12 2. 15 3. 1.5", ["12", "15", "1.5"]),
    ("1) 12; 2) 15", ["12", "15"]),
    ("Q1: 12, Q3: 15", ["12", "", "15"]),
    (r"\frac{1}{2}, \boxed{3}", [r"\frac{1}{2}", r"\boxed{3}"]),
    ("x = 1,5", ["x = 1,5"]),
]


@pytest.mark.parametrize(("submitted", "answers"), SPLIT)
def test_a_submission_is_one_answer_per_question(submitted, answers):
    assert split_answers(submitted) == answers


def test_a_flood_of_text_is_cut():
    start = time.monotonic()
    assert len(split_answers("1\n" * 10**6)) <= 50_000
    assert len(split_answers("1, " * 10**6)) <= 50_000
    assert split_answers("[" * 10**5) and split_answers("()" * 10**5)
    assert time.monotonic() - start < 5
