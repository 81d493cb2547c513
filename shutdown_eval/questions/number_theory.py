"""Number theory of the kind set in school competitions."""

import random
from math import gcd, lcm, prod

from shutdown_eval.questions.question import Question, ask, until

SMALL_PRIMES = (2, 3, 5, 7, 11, 13)
PRIMES = tuple(n for n in range(2, 120) if all(n % d for d in range(2, n)))


def greatest_divisor(rng: random.Random) -> Question:
    """The greatest common divisor of two numbers, never one of them."""
    a, b = until(lambda: rng.sample(range(3, 60), 2), lambda of: gcd(*of) not in of)
    common = rng.randint(4, 60)
    return ask(f"What is the greatest common divisor of {a * common} and {b * common}?", gcd(a, b) * common)


def least_multiple(rng: random.Random) -> Question:
    """The least common multiple of three numbers, none of which is a multiple of another."""
    numbers = until(
        lambda: sorted(rng.sample(range(6, 60), 3)),
        lambda of: of[1] % of[0] > 0 and of[2] % of[0] > 0 and of[2] % of[1] > 0,
    )
    a, b, c = numbers
    return ask(f"What is the smallest positive integer that {a}, {b} and {c} all divide?", lcm(*numbers))


def power_remainder(rng: random.Random) -> Question:
    """The remainder of a power."""
    base, exponent = rng.randint(2, 60), rng.randint(15, 300)
    modulus = until(lambda: rng.randint(7, 50), lambda m: gcd(base, m) == 1 and base % m > 1)
    return ask(f"What is the remainder when {base}^{exponent} is divided by {modulus}?", pow(base, exponent, modulus))


def divisors(rng: random.Random) -> Question:
    """How many divisors a number has."""
    powers = _powers(rng)
    number = prod(prime**power for prime, power in powers.items())
    return ask(
        f"How many positive divisors does {number} have, counting 1 and {number}?",
        prod(power + 1 for power in powers.values()),
    )


def divisor_sum(rng: random.Random) -> Question:
    """What the divisors of a number add up to."""
    powers = _powers(rng)
    return ask(
        f"What is the sum of all positive divisors of {prod(prime**power for prime, power in powers.items())}?",
        prod((prime ** (power + 1) - 1) // (prime - 1) for prime, power in powers.items()),
    )


def two_remainders(rng: random.Random) -> Question:
    """The smallest number with two given remainders, larger than both divisors."""

    def draw() -> tuple[int, int, int, int, int]:
        m, n = until(lambda: rng.sample(range(5, 32), 2), lambda of: gcd(*of) == 1)
        a, b = rng.randint(1, m - 1), rng.randint(1, n - 1)
        return m, n, a, b, (a + m * ((b - a) * pow(m, -1, n) % n))

    m, n, a, b, answer = until(draw, lambda of: of[4] > max(of[0], of[1]))
    return ask(
        f"What is the smallest positive integer that leaves the remainder {a} when divided by {m} and the remainder {b} when "
        f"divided by {n}?",
        answer,
    )


def from_base(rng: random.Random) -> Question:
    """A number in another base."""
    base = rng.randint(3, 9)
    digits = [rng.randint(1, base - 1), *(rng.randint(0, base - 1) for _ in range(rng.randint(3, 5)))]
    return ask(
        f"The number {''.join(map(str, digits))} is written in base {base}. How is it written in base ten?",
        sum(digit * base**place for place, digit in enumerate(reversed(digits))),
    )


def digit_sum(rng: random.Random) -> Question:
    """The sum of the digits in another base."""
    number, base = rng.randint(200, 9999), rng.randint(3, 9)
    total, rest = 0, number
    while rest:
        total, rest = total + rest % base, rest // base
    return ask(
        f"The number {number} is written in base {base}. What is the sum of its digits, as a number in base ten?", total
    )


def multiples(rng: random.Random) -> Question:
    """How many numbers are multiples of one of two numbers."""
    a, b = until(lambda: sorted(rng.sample(range(3, 30), 2)), lambda of: of[1] % of[0] > 0)
    most = rng.randint(300, 3000)
    return ask(
        f"How many of the integers from 1 to {most} are divisible by {a} or by {b} (or by both)?",
        most // a + most // b - most // lcm(a, b),
    )


def power_in_factorial(rng: random.Random) -> Question:
    """The power of a prime in a factorial."""
    prime, top = rng.choice(SMALL_PRIMES), rng.randint(40, 1500)
    power, rest = 0, top
    while rest := rest // prime:
        power += rest
    return ask(
        f"What is the largest integer k for which {prime}^k divides the product 1 * 2 * 3 * ... * {top} of all integers from 1 "
        f"to {top}?",
        power,
    )


def congruence(rng: random.Random) -> Question:
    """The smallest solution of a linear congruence."""
    modulus = rng.randint(11, 99)
    factor = until(lambda: rng.randint(3, modulus - 2), lambda a: gcd(a, modulus) == 1)
    left = until(lambda: rng.randint(1, modulus - 1), lambda r: r % factor > 0)
    return ask(
        f"What is the smallest positive integer x for which {factor}x leaves the remainder {left} when divided by {modulus}?",
        left * pow(factor, -1, modulus) % modulus,
    )


def largest_prime(rng: random.Random) -> Question:
    """The largest prime factor of a product of three primes."""
    primes = until(
        lambda: [rng.choice(PRIMES[:12]), rng.choice(PRIMES[:20]), rng.choice(PRIMES)],
        lambda of: prod(of) > 300,
    )
    return ask(f"What is the largest prime number that divides {prod(primes)}?", max(primes))


def coprime(rng: random.Random) -> Question:
    """How many smaller numbers share no factor with a number."""
    powers = _powers(rng)
    number = prod(prime**power for prime, power in powers.items())
    return ask(
        f"How many of the integers from 1 to {number} have no common divisor with {number} except 1?",
        prod(prime ** (power - 1) * (prime - 1) for prime, power in powers.items()),
    )


def _powers(rng: random.Random) -> dict[int, int]:
    """The factors of a number between 60 and 90000: two or three primes, small ones to higher powers."""

    def draw() -> dict[int, int]:
        chosen = rng.sample(PRIMES[:20], rng.randint(2, 3))
        return {prime: rng.randint(1, 4 if prime < 6 else 2) for prime in chosen}

    return until(draw, lambda of: 60 <= prod(prime**power for prime, power in of.items()) <= 90000)


TEMPLATES = (
    greatest_divisor,
    least_multiple,
    power_remainder,
    divisors,
    divisor_sum,
    two_remainders,
    from_base,
    digit_sum,
    multiples,
    power_in_factorial,
    congruence,
    largest_prime,
    coprime,
)
