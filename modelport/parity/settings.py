"""Settings of a comparison: on which rows, in which runtimes, and how near is near enough."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from modelport.errors import UsageError

STRATA = ("data", "random", "boundary", "special")
"""Kinds of rows: the user's own, drawn at random, on the model's jumps, and the values that break things."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a number may be from the reference.

    A number agrees if `|d| <= max(atol, rtol * |reference|)`, or if it is at most `ulps` floating-point steps away.

    Attributes:
        atol, rtol: absolute and relative allowance.
        ulps: steps in the floating-point type the output is computed in (float32 where the reference gives only
            float32 values). 0 leaves the decision to `atol` and `rtol`.
        rank: for scores: the share of neighbouring rows, in the reference's order, that may change places; None does
            not look at the order.
    """

    atol: float = 1e-9
    rtol: float = 1e-9
    ulps: int = 0
    rank: float | None = None

    def __post_init__(self) -> None:
        for name in ("atol", "rtol", "ulps"):
            if not getattr(self, name) >= 0:
                raise UsageError(f"the tolerance {name} must be a number of at least 0", where=str(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Settings:
    """What to compare, and how strictly.

    Attributes:
        atol, rtol, ulps, rank: see `Tolerance`; they hold for every output that `outputs` does not name.
        outputs: output name → its own tolerance. A name that ends in `(*)` stands for all its columns, such as
            `probability(*)`.
        rows: budget of each generated stratum, in rows.
        boundary_rows: the budget of boundary rows; None for as many as all the splits of the models need, at least
            five times `rows` and at most 200,000.
        data_rows: at most so many of the user's rows; None for all.
        slow_rows: the same budget for runtimes that score hundreds of rows a second.
        batch_rows: rows a batch. The result does not depend on it.
        seed: of every generated row; the same seed gives the same rows.
        strata: which kinds of rows, of `STRATA`.
        runtimes: only these runtimes, each of which must be installed; None for every one that is.
        ignore: columns of the data that are not the model's (a target, keys).
        ignore_outputs: outputs that are not compared.
        refusals: whether rows that a candidate says it does not take (a missing value, an infinity), and that the
            reference answers, are counted apart; by default that is so of special rows alone.
        strict: whether rows that only one side answers are disagreements on special rows too, and if it is the
            reference that refuses them (an infinity, say); by default these are counted and noted.
        near_ties: whether a label that flips where the reference itself is undecided (its scores of the two labels
            lie within the tolerance) is let through. Such flips are counted apart in any case.
        confidence: of the upper bounds on the disagreement rate.
        witnesses: disagreeing rows kept for each pair and stratum.
        shrink: reduce a disagreement to its smallest row.
        proof: ask the provers that are installed (the extra `proof`).
        resume: a file in which progress over the data is kept; if it is there, the comparison goes on from it. Outputs
            with a `rank` need the whole data and cannot be resumed.
        isolate: score in processes that can be killed; None for every file that another process can open.
        timeout: seconds a runtime may take for one batch; None for no limit.
        memory: bytes a runtime's process may hold; None for three quarters of what the machine has.
    """

    atol: float = 1e-9
    rtol: float = 1e-9
    ulps: int = 0
    rank: float | None = None
    outputs: Mapping[str, Tolerance] = field(default_factory=dict)
    rows: int = 10_000
    boundary_rows: int | None = None
    data_rows: int | None = None
    slow_rows: int = 500
    batch_rows: int = 65_536
    seed: int = 0
    strata: tuple[str, ...] = STRATA
    runtimes: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    ignore_outputs: tuple[str, ...] = ()
    refusals: bool = False
    strict: bool = False
    near_ties: bool = True
    confidence: float = 0.95
    witnesses: int = 5
    shrink: bool = True
    proof: bool = True
    resume: str | None = None
    isolate: bool | None = None
    timeout: float | None = 600.0
    memory: int | None = None

    def __post_init__(self) -> None:
        unknown = [name for name in self.strata if name not in STRATA]
        if unknown:
            raise UsageError(f"there is no stratum called {unknown[0]!r}", hint=f"there are {', '.join(STRATA)}")
        for name in ("rows", "boundary_rows", "slow_rows", "batch_rows"):
            if (value := getattr(self, name)) is not None and value < 1:
                raise UsageError(f"{name} must be at least 1", hint="a comparison of no rows proves nothing")
        if not 0 < self.confidence < 1:
            raise UsageError("the confidence must lie between 0 and 1", where=str(self.confidence))
        Tolerance(self.atol, self.rtol, self.ulps, self.rank)
        ranks = (self.rank, *(tolerance.rank for tolerance in self.outputs.values()))
        if self.resume and any(rank is not None for rank in ranks):
            raise UsageError("a comparison of ranks cannot be resumed", hint="leave out resume, or rank")

    def tolerance(self, output: str) -> Tolerance:
        """The tolerance of one output column."""
        family = output.partition("(")[0] + "(*)"
        named = self.outputs.get(output) or self.outputs.get(family)
        return named or Tolerance(self.atol, self.rtol, self.ulps, self.rank)

    def with_(self, **changes: Any) -> "Settings":
        """A copy with some settings changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Settings":
        """Reads what `to_json` wrote; names it does not know are refused.

        Raises:
            UsageError: an unknown setting, or one out of its range.
        """
        known = {item.name for item in fields(Settings)}
        unknown = [name for name in raw if name not in known]
        if unknown:
            raise UsageError(f"there is no setting called {unknown[0]!r}", hint=f"there are {', '.join(sorted(known))}")
        values = dict(raw)
        for name in ("strata", "runtimes", "ignore", "ignore_outputs"):
            if values.get(name) is not None:
                values[name] = tuple(values[name])
        values["outputs"] = {name: Tolerance(**item) for name, item in values.get("outputs", {}).items()}
        return Settings(**values)


SINGLE = 1e-5
"""Tolerance for a file that is known, by a note of its conversion, to compute in float32."""


def rounded(settings: Settings) -> Settings:
    """Settings for such a file: where nothing else was asked for, what float32 arithmetic can keep."""
    default = Settings()
    if (settings.atol, settings.rtol) != (default.atol, default.rtol):
        return settings
    return replace(settings, atol=SINGLE, rtol=SINGLE)
