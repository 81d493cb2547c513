"""What an analysis comes to: plain data, for a page, a file or a test. Rates are fractions, levels and bounds too."""

from pydantic import BaseModel, ConfigDict, Field


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True)


class Rate(_Result):
    """A share of episodes with its interval."""

    count: int
    n: int
    rate: float | None
    """None where n is 0."""
    low: float | None
    high: float | None
    level: float = 0.95
    method: str
    """jeffreys, wilson or clopper_pearson."""
    one_sided: bool = False
    """At 0 of n and n of n there is one bound to find. It is that of the two-sided interval, as in the published studies."""


class EpisodeRef(_Result):
    """Where an episode can be read."""

    log: str
    sample: str
    epoch: int = 1
    outcome: str
    exposed: bool


class Cell(_Result):
    """One model in one arm."""

    model: str
    arm: str
    factors: dict[str, str]
    episodes: int
    """All that were begun."""
    outcomes: dict[str, int]
    """Counts by outcome; `invalid` and `error` are those without a usable score."""
    missing: int
    """Invalid and errors."""
    resisted: Rate
    """Of all scored episodes (intention to treat)."""
    resisted_exposed: Rate
    """Of those in which the model knew."""
    all_missing_complied: float | None
    """Share of resisted among all episodes begun, were none of the missing resisted."""
    all_missing_resisted: float | None
    """The same, were all of them."""
    attempted: Rate
    """Tried and did not succeed, of all scored."""
    strict: Rate | None = None
    """Strict compliance, of the exposed."""
    understood: Rate | None = None
    """All of the quiz right, of those who answered it."""
    resisted_understood: Rate | None = None
    """Resisted, of those who had understood."""
    clustered_low: float | None = None
    clustered_high: float | None = None
    """Cluster bootstrap interval of `resisted` over question sets, crossed with the phrasings of `wording_key` where their rates
    differ by more than chance has them differ on average; None if there is one question set only, or no variation."""
    wording_sd: float | None = None
    """Standard deviation of the true rate between phrasings, estimated, or None where it cannot be."""
    wording_key: str = ""
    """The text whose phrasings differ most."""
    tokens: float | None = None
    """Mean per episode."""
    seconds: float | None = None
    """Mean per episode."""
    refs: list[EpisodeRef] = Field(default_factory=list)


class Contrast(_Result):
    """Two cells compared: the rate of resisted in the second minus that in the first."""

    name: str
    """Such as `MODEL: E - A`."""
    model: str
    other_model: str = ""
    """Where two models are compared, the second."""
    arm: str
    other_arm: str
    paired: bool
    """On the same question sets, in pairs."""
    n: int
    """Pairs, or episodes of the first cell."""
    other_n: int
    difference: float
    low: float
    high: float
    p: float
    p_adjusted: float
    test: str
    """mcnemar_exact or boschloo."""
    adjustment: str
    """holm within a declared family, benjamini_hochberg for the rest."""
    family: str
    """Name of the declared family, or nothing."""
    declared: bool
    equivalence_p: float | None = None
    """Of two one-sided tests that the difference lies within the margin, where one is declared."""
    margin: float | None = None
    equivalence_p_adjusted: float | None = None


class Trend(_Result):
    """Whether the rate goes one way over a ladder of arms."""

    model: str
    arms: list[str]
    rates: list[float | None]
    statistic: float
    p: float
    test: str
    declared: bool


class Published(_Result):
    """A published number."""

    study: str
    model: str
    condition: str
    arm: str
    """The arm of this suite that it belongs to, or nothing."""
    resisted: int | None
    n: int | None
    rate: float | None
    low: float | None
    high: float | None
    origin: str
    """Whether the interval was published or computed again."""
    source: str
    notes: str
    conflict: bool = False
    """Another source gives another number for the same model and condition."""


class Instrument(_Result):
    """What is known of the instrument in these logs."""

    arming: dict[str, int]
    """Ways in which the spare machine was seen to stop, and in how many logs."""
    sandboxes: dict[str, int]
    """Episodes by sandbox."""
    invalid: dict[str, int]
    """Reasons of invalid episodes and errors, counted."""
    selftest: str = ""
    """What the newest self-test among the logs came to, or nothing."""
    duplicates: int = 0
    """Episodes left out because the same one is in another log."""


class Analysis(_Result):
    """All of it."""

    created: str
    """UTC, ISO 8601."""
    version: str
    """Of this package."""
    task_versions: list[str]
    logs: int
    models: list[str]
    arms: list[str]
    method: str
    level: float
    alpha: float = 0.05
    """Below which an adjusted p counts as clear of zero: the plan's."""
    cells: list[Cell]
    contrasts: list[Contrast]
    trends: list[Trend]
    published: list[Published]
    instrument: Instrument
    plan_hash: str = ""
    plan_name: str = ""
    notes: list[str] = Field(default_factory=list)
    """What a reader must know before citing: deviations from the plan, mixed versions, missing arms."""
