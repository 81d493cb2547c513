"""Every template solved a second way: numbers read back out of the text, then brute force or SymPy, never the formula."""

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import combinations, count, permutations, product
from math import isqrt

import sympy


def numbers(text):
    """All numbers of a text, with their signs, fractions as fractions."""
    return [Fraction(found) for found in re.findall(r"(?<![\w)])-?\d+(?:/\d+)?", text)]


def coefficients(text):
    """Of a polynomial in x, from the constant up."""
    found = {}
    for sign, size, x, power in re.findall(r"([-+]?) ?(\d*)(x?)\^?(\d*)(?: |$)", text):
        if size or x:
            found[int(power or bool(x))] = int(sign + (size or "1"))
    return [found.get(power, 0) for power in range(max(found) + 1)]


def function(text):
    """A polynomial in x, to be worked out at a point."""
    terms = list(enumerate(coefficients(text)))
    return lambda x: sum(number * x**power for power, number in terms)


def between(text, before, after):
    return re.search(re.escape(before) + "(.*?)" + re.escape(after), text)[1]


def only(values):
    (value,) = values
    return value


# --- word problems: simulated, or the one number that fits


def change(text):
    a, p, b, q, paid = numbers(text)
    purse = paid * 100
    for _ in range(int(a)):
        purse -= p
    for _ in range(int(b)):
        purse -= q
    return purse


def tank(text):
    volume, one, other, leak = numbers(text)
    return next(t for t in count() if one * t + other * t - leak * t == volume)


def journey(text):
    length, speed, stops, each = numbers(text)
    return length / speed * 60 + sum(each for _ in range(int(stops)))


def last_score(text):
    tests, old, new = numbers(text)
    return only(s for s in range(101) if (old * tests + s) / (tests + 1) == new)


def ages(text):
    apart, years, total = (int(n) for n in numbers(text))
    return only(age for age in range(100) if (age + years) + (age + apart + years) == total)


def two_discounts(text):
    price, first, second = numbers(text)
    price -= price * first / 100
    return price - price * second / 100


def more_workers(text):
    workers, alone, before, joining = numbers(text)
    done, day = Fraction(0), 0
    while done < 1:
        day += 1
        done += (workers if day <= before else workers + joining) / (workers * alone)
    assert done == 1
    return day


def recipe(text):
    portions, weight, held, guests = numbers(text)
    return weight / portions * guests - held


def money_left(text):
    money, first, second = numbers(text)
    money -= money * first
    return money - money * second


def garden(text):
    longer, fence = (int(n) for n in numbers(text))
    return only(w * (w + longer) for w in range(1, 100) if w + (w + longer) + w + (w + longer) == fence)


def unread(text):
    first, second = numbers(text)
    rest = 1 - first
    return rest - rest * second


def meeting(text):
    a, b, apart = (int(n) for n in numbers(text))
    return only(t for t in range(1, 500) if (a * t + b * t) == apart * 60)


# --- algebra


def linear(text):
    left, right = map(function, between(text, "If ", ", what").split(" = "))
    at_0, at_1 = left(0) - right(0), left(1) - right(1)
    x = Fraction(at_0, at_0 - at_1)
    assert left(x) == right(x)
    return x


def two_unknowns(text):
    a, b, e, c, d, f, m, n = (int(found) for found in re.findall(r"-?\d+", text))
    (x, y) = only((x, y) for x in range(-20, 21) for y in range(-20, 21) if a * x + b * y == e and c * x + d * y == f)
    return m * x + n * y


def _roots(text):
    """The two real solutions of a quadratic equation, to 60 digits."""
    c, b, a = coefficients(text)
    with localcontext(prec=60):
        width = Decimal(b * b - 4 * a * c).sqrt()
        assert width > 0
        return [(-b + width) / (2 * a), (-b - width) / (2 * a)]


def exact(value):
    """The simple fraction that a value of 60 digits stands for."""
    fraction = Fraction(value).limit_denominator(10_000)
    assert abs(Fraction(value) - fraction) < Fraction(1, 10**40)
    return fraction


def squares_of_roots(text):
    with localcontext(prec=60):
        return exact(sum(root**2 for root in _roots(between(text, "equation ", " = 0"))))


def larger_root(text):
    return exact(max(_roots(between(text, "solutions of ", " = 0"))))


def arithmetic_sequence(text):
    i, u, j, v, k = numbers(text)
    step = (v - u) / (j - i)
    assert step.denominator == 1
    while i < k:
        i, u = i + 1, u + step
    return u


def geometric_sum(text):
    first, ratio, members = numbers(text)
    total = 0
    for _ in range(int(members)):
        total, first = total + first, first * ratio
    return total


def composition(text):
    f, g = function(between(text, "f(x) = ", " and")), function(between(text, "g(x) = ", "."))
    k = int(between(text, "f(g(", ")"))
    return f(g(k)) - g(f(k))


def remainder(text):
    """By long division, from the highest power down."""
    dividend, root = coefficients(between(text, "when ", " is divided")), int(between(text, "divided by x - ", "?"))
    while len(dividend) > 1:
        highest = dividend.pop()
        dividend[-1] += highest * root
    return dividend[0]


def reciprocals_of_roots(text):
    p, q = _roots(between(text, "solutions of ", " = 0"))
    with localcontext(prec=60):
        return exact(1 / p + 1 / q)


def integers_within(text):
    inside, limit = function(between(text, "|", "|")), int(between(text, "< ", "?"))
    return sum(abs(inside(x)) < limit for x in range(-200, 200))


def sum_of_cubes(text):
    s, p = (int(n) for n in numbers(text))
    one, other = _roots(f"x^2 - {s}x {'-' if p < 0 else '+'} {abs(p)}")
    with localcontext(prec=60):
        return exact(one**3 + other**3)


# --- number theory: brute force


def _divisors(n):
    n = int(n)
    return {d for low in range(1, isqrt(n) + 1) if n % low == 0 for d in (low, n // low)}


def greatest_divisor(text):
    a, b = numbers(text)
    return max(d for d in _divisors(a) if b % d == 0)


def least_multiple(text):
    a, b, c = (int(n) for n in numbers(text))
    return next(n for n in count(c, c) if n % a == 0 and n % b == 0)


def power_remainder(text):
    base, exponent, modulus = (int(n) for n in re.findall(r"\d+", text))
    rest = 1
    for _ in range(exponent):
        rest = rest * base % modulus
    return rest


def divisors(text):
    return len(_divisors(numbers(text)[0]))


def divisor_sum(text):
    return sum(_divisors(only(numbers(text))))


def two_remainders(text):
    a, m, b, n = (int(n) for n in numbers(text))
    return next(x for x in count(1) if x % m == a and x % n == b)


def from_base(text):
    digits, base = (int(n) for n in numbers(text))
    return int(str(digits), base)


def digit_sum(text):
    number, base = (int(n) for n in numbers(text))
    return sum(sympy.ntheory.digits(number, base)[1:])


def multiples(text):
    _, most, a, b = (int(n) for n in numbers(text))
    return sum(n % a == 0 or n % b == 0 for n in range(1, most + 1))


def power_in_factorial(text):
    prime, top = int(between(text, "which ", "^")), int(between(text, "from 1 to ", "?"))
    k = 0
    for factor in range(1, top + 1):
        k += next(power for power in count() if factor % prime ** (power + 1))
    return k


def congruence(text):
    factor, left, modulus = (int(n) for n in re.findall(r"\d+", text))
    return next(x for x in count(1) if factor * x % modulus == left)


def largest_prime(text):
    return max(sympy.primefactors(int(only(numbers(text)))))


def coprime(text):
    return int(sympy.totient(int(between(text, "from 1 to ", " have"))))


# --- counting: dynamic programming and listing


@cache
def _choices(n, k):
    """Subsets, by Pascal's rule."""
    return 1 if k == 0 else 0 if n == 0 else _choices(n - 1, k) + _choices(n - 1, k - 1)


def committee(text):
    n, m, a, b = (int(n) for n in numbers(text))
    return _choices(n, a) * _choices(m, b)


def paths(text):
    x, y, a, b = (int(n) for pair in re.findall(r"\((\d+), (\d+)\)", text)[1:] for n in pair)
    ways = {(0, 0): 1}
    for point in product(range(x + 1), range(y + 1)):
        if point == (a, b):
            ways[point] = 0
        elif point != (0, 0):
            ways[point] = ways.get((point[0] - 1, point[1]), 0) + ways.get((point[0], point[1] - 1), 0)
    return ways[x, y]


def dice_total(text):
    n, m, total = (int(between(text, *marks)) for marks in (("has ", " "), ("another has ", " "), ("add up to ", "?")))
    rolls = list(product(range(1, n + 1), range(1, m + 1)))
    return Fraction(sum(a + b == total for a, b in rolls), len(rolls))


def same_colour(text):
    a, b, c = (int(n) for n in numbers(text))
    pairs = list(combinations("a" * a + "b" * b + "c" * c, 2))
    return Fraction(sum(one == other for one, other in pairs), len(pairs))


def sharing(text):
    things, children, least = (int(n) for n in numbers(text))
    ways = [1] + [0] * things
    for _ in range(children):
        ways = [sum(ways[held - given] for given in range(least, held + 1)) for held in range(things + 1)]
    return ways[things]


def arrangements(text):
    letters = between(text, "letters ", " are").split()
    assert len(letters) == int(between(text, "of the ", " letters"))
    return _arrangements("".join(sorted(letters)))


@cache
def _arrangements(letters):
    """By the letter that comes first. Which letters they are does not matter, only how many of each."""
    if not letters:
        return 1
    return sum(_arrangements(letters.replace(first, "", 1)) for first in set(letters))


def neither(text):
    whole, one, other, both = (int(n) for n in numbers(text))
    first, second = set(range(one)), set(range(one - both, one - both + other))
    assert len(first & second) == both
    return len(set(range(whole)) - first - second)


def even_product(text):
    choose, first, last = (int(n) for n in numbers(text))
    if choose < 4:
        return sum(any(n % 2 == 0 for n in chosen) for chosen in combinations(range(first, last + 1), choose))
    return sum(_choices_mod(first, last, choose))


def _choices_mod(first, last, choose):
    """Subsets with at least one even number, counted by how many even ones they have."""
    even = sum(n % 2 == 0 for n in range(first, last + 1))
    odd = last - first + 1 - even
    return (_choices(even, k) * _choices(odd, choose - k) for k in range(1, choose + 1))


def wheel(text):
    parts, *values, limit = (int(n) for n in numbers(text))
    assert len(values) == parts
    spins = list(product(values, repeat=2))
    return Fraction(sum(a + b > limit for a, b in spins), len(spins))


def broken(text):
    whole, bad, draws = (int(n) for n in numbers(text))
    good = Fraction(1)
    for drawn in range(draws):
        good *= Fraction(whole - bad - drawn, whole - drawn)
    return 1 - good


def seats_apart(text):
    people = re.split(", | and ", between(text, "can ", " sit down"))
    return _seatings(int(between(text, "row of ", " chairs")), len(people))


@cache
def _seatings(chairs, people):
    seats = permutations(range(chairs), people)
    return sum(all(abs(a - b) > 1 for a, b in combinations(chosen, 2)) for chosen in seats)


def two_numbers(text):
    return sum(numbers(text))


KNOWN_BY = {
    "two_numbers": r"What is \d+ \+ \d+\?",
    "change": "given back",
    "tank": "tank full",
    "journey": "whole journey",
    "last_score": "score of that test",
    "ages": "years older",
    "two_discounts": "percent",
    "more_workers": "workers join",
    "recipe": "recipe",
    "money_left": "dollars remain",
    "garden": "fence",
    "unread": "unread",
    "meeting": "cycle towards",
    "linear": "what is x",
    "two_unknowns": r"what is \d+x \+",
    "squares_of_roots": "sum of their squares",
    "larger_root": "larger of the two",
    "arithmetic_sequence": "arithmetic",
    "geometric_sum": "geometric",
    "composition": "f\\(g",
    "remainder": r"remainder when .*divided by x",
    "reciprocals_of_roots": "1/p",
    "integers_within": "How many integers x",
    "sum_of_cubes": "sum of their cubes",
    "greatest_divisor": "greatest common",
    "least_multiple": "all divide",
    "power_remainder": r"remainder when \d+\^",
    "divisors": "How many positive divisors",
    "divisor_sum": "sum of all positive divisors",
    "two_remainders": "and the remainder",
    "from_base": "written in base ten",
    "digit_sum": "sum of its digits",
    "multiples": "or by both",
    "power_in_factorial": "largest integer k",
    "congruence": r"for which \d+x leaves",
    "largest_prime": "largest prime",
    "coprime": "no common divisor",
    "committee": "be chosen from them",
    "paths": "paths",
    "dice_total": "die",
    "same_colour": "same colour",
    "sharing": "shared out",
    "arrangements": "arrangements",
    "neither": "play neither",
    "even_product": "product is even",
    "wheel": "wheel",
    "broken": "broken",
    "seats_apart": "chairs so that",
}
"""What is always in the texts of a template, and in no other's."""
