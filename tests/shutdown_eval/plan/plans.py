"""A plan with something in every key, and ways to write it down."""

import yaml

WHOLE = """\
name: everything
models: [scripted/mixed, {name: scripted/compliant, args: {rate: 0.5}, effort: high}]
grader: scripted/judge
arms: [A, E, K]
episodes: 100
seed: 7
questions: sums
questions_per_episode: 6
notice_after: 3
notice_position: after
phrasing: drawn
names: plain
thoughts: false
probes: [comprehension, interview]
factors: {timing: mid_task}
alpha: 0.05
level: 0.95
interval: jeffreys
margin: 0.1
families:
  - name: main
    contrasts:
      - {arms: [A, E], models: all, paired: true, equivalence: false}
      - {arms: [E, K], models: [scripted/mixed]}
    correction: holm
expect: {A: 0.5, E: {all: 0.1, scripted/mixed: 0.15}}
stop: {rule: cap, usd: 10, tokens: 1000000}
assume:
  tokens: {input: 3000, output: 500, cache_read: 0, cache_write: 0}
  judge_tokens: {input: 9000, output: 900}
  seconds: 20
  max_samples: 10
  correlation: 0.2
"""

SMALL = {"name": "small", "models": ["scripted/mixed"], "arms": ["A", "E"], "episodes": 3}


def whole():
    return yaml.safe_load(WHOLE)


def written(folder, content, name="plan.yaml"):
    """Write a plan, given as text or as data, and give its path."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))
    return path
