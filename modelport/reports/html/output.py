"""One output of one candidate over all kinds of rows, and its plots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modelport.parity.pieces import ColumnReport, StratumReport
from modelport.parity.report import ParityReport
from modelport.parity.summary import INFINITE, ColumnSummary, Point
from modelport.reports.html.figures.histogram import Bars, histogram
from modelport.reports.html.figures.scatter import scatter, shown
from modelport.reports.html.markup import Html, el, name
from modelport.reports.html.page import Page
from modelport.reports.html.tables import table
from modelport.reports.html.words import cell, count, number

_SIZE = (340, 280)
_FLIPS = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """An output of a candidate.

    Attributes:
        strata: that it was compared on; `parts`: the output in each of them.
    """

    subject: str
    output: str
    strata: tuple[StratumReport, ...]
    parts: tuple[ColumnReport, ...]

    @property
    def number(self) -> bool:
        return any(part.kind == "number" for part in self.parts)

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def different(self) -> int:
        return sum(part.different for part in self.parts)

    @property
    def near_ties(self) -> int:
        return sum(part.near_ties for part in self.parts)

    @property
    def one_side(self) -> int:
        return sum(part.nan_one_side + part.null_one_side for part in self.parts)

    @property
    def max_abs(self) -> float:
        return max((part.max_abs for part in self.parts), default=0.0)

    @property
    def max_rel(self) -> float:
        return max((part.max_rel for part in self.parts), default=0.0)

    @property
    def max_ulps(self) -> float:
        return max((part.max_ulps for part in self.parts), default=0.0)

    @property
    def rank(self) -> tuple[bool, float, float]:
        """What puts it before others: that it differs, by how much, on how many rows."""
        return self.different > 0, self.max_abs, float(self.different)

    @property
    def summaries(self) -> tuple[ColumnSummary, ...]:
        return tuple(s.summaries[self.output] for s in self.strata if self.output in s.summaries)

    @property
    def drawable(self) -> bool:
        return bool(self.summaries)


def seen_of(report: ParityReport, output: str) -> list[Seen]:
    """Every candidate on an output, the one that is farthest first."""
    found = []
    for pair in report.official:
        held = [(s, c) for s in pair.strata for c in s.columns if c.name == output]
        if held:
            subject = report.subjects[pair.second].name
            found.append(Seen(subject, output, tuple(s for s, _ in held), tuple(c for _, c in held)))
    return sorted(found, key=lambda item: item.rank, reverse=True)


def plots(page: Page, seen: Seen) -> Html:
    """Scatter and both histograms of a number, or which labels became which; nothing where there is no summary."""
    if not seen.drawable:
        return Html()
    if not seen.number:
        return _flips(seen)
    same = all(not item.distances and not item.one_side for item in seen.summaries)
    made = [_scatter(page, seen), *([_identical(seen)] if same else _histograms(page, seen))]
    if not any(made):
        return el("p", "Not drawn: the page holds as many plots as it can.", class_="note")
    return el("div", made, class_="plots")


def _identical(seen: Seen) -> Html:
    rows = _identical_rows(seen)
    return el("p", el("b", "No difference to draw. "), f"All {count(rows, 'row')} are identical.", class_="same")


def _scatter(page: Page, seen: Seen) -> Html:
    points, left = _points(seen)
    if not points:
        return Html()
    bad = sum(point.different for point in points)
    title = f"{seen.output}: reference against candidate, {count(len(points), 'sampled row')}, {bad:,} of them differ"
    caption = [el("b", "Reference against candidate. "), f"{count(len(points), 'sampled row')}{left}; ", _marks(bad)]
    extreme = sorted(points, key=lambda p: (not p.different, -abs(p.candidate - p.reference), p.reference))[:10]
    rows = [(cell(p.reference), cell(p.candidate), number(abs(p.candidate - p.reference))) for p in extreme]
    numbers = table(("reference", "candidate", "|d|"), rows, caption="Sampled rows that are farthest apart", right=(2,))
    return page.figure(scatter(points), title, caption, numbers, size=_SIZE)


def _marks(bad: int) -> Html:
    return el("span", "✕ differs", class_="key bad") if bad else el("span", "none differs", class_="key")


def _points(seen: Seen) -> tuple[list[Point], str]:
    """Sampled rows of all kinds; special ones, whose size would hide the others, only where there are no others."""
    kinds = {s.name: shown(s.summaries[seen.output].points) for s in seen.strata if seen.output in s.summaries}
    usual = [point for kind, points in kinds.items() if kind != "special" for point in points]
    if usual:
        return usual, ", special rows left out" if kinds.get("special") else ""
    return [point for points in kinds.values() for point in points], ""


def difference_bars(seen: Seen, tolerance: float | None = None) -> Bars:
    """Rows by the size of the difference, over all kinds of rows."""
    distances, beyond = _added(seen.summaries, "distances"), _added(seen.summaries, "beyond")
    apart = sum(item.one_side for item in seen.summaries) + distances.get(INFINITE, 0)
    return Bars(distances, beyond, _identical_rows(seen), apart, "|candidate − reference|", tolerance)


def step_bars(seen: Seen) -> Bars:
    """Rows by the floats that lie between the two sides, over all kinds of rows."""
    steps = _added(seen.summaries, "steps")
    apart = sum(item.one_side for item in seen.summaries) + steps.get(INFINITE, 0)
    return Bars(steps, {}, _identical_rows(seen), apart, "floating-point steps (ulps)")


def _identical_rows(seen: Seen) -> int:
    return sum(item.identical for item in seen.summaries)


def _histograms(page: Page, seen: Seen) -> Iterator[Html]:
    identical = _identical_rows(seen)
    tolerance = page.report.settings.tolerance(seen.output).atol
    for what, bars in (("Difference", difference_bars(seen, tolerance)), ("Floats apart", step_bars(seen))):
        title = f"{seen.output}: {what.lower()}, rows by size, on logarithmic scales; {identical:,} rows are identical"
        caption = [el("b", f"{what}. "), f"{identical:,} of {seen.rows:,} rows identical", _beyond(bars)]
        yield page.figure(histogram(bars), title, caption, _bins(bars, what), size=_SIZE)


def _beyond(bars: Bars) -> list[object] | None:
    rows = sum(bars.beyond.values())
    return ["; ", el("span", f"■ {rows:,} beyond the tolerance", class_="key bad")] if rows else None


def _added(summaries: Sequence[ColumnSummary], what: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for summary in summaries:
        for power, rows in getattr(summary, what).items():
            found[power] = found.get(power, 0) + rows
    return dict(sorted(found.items()))


def _bins(bars: Bars, what: str) -> Html:
    rows = [("none", f"{bars.identical:,}")] if bars.identical else []
    rows += [
        (f"{number(2.0**k)} to {number(2.0 ** (k + 1))}", f"{n:,}") for k, n in bars.counts.items() if k != INFINITE
    ]
    rows += [("infinite, or missing on one side", f"{bars.apart:,}")] if bars.apart else []
    return table((what.lower(), "rows"), rows, caption=f"{what}: rows by size", right=(1,))


def _flips(seen: Seen) -> Html:
    """Which labels became which."""
    found: dict[tuple[str | None, str | None], int] = {}
    for first, second, rows in (flip for summary in seen.summaries for flip in summary.flips):
        found[first, second] = found.get((first, second), 0) + rows
    if not found:
        return Html()
    ordered = sorted(found.items(), key=lambda item: (item[0] == (None, None), -item[1], str(item[0])))
    rows_ = [(_label(a), _label(b), f"{n:,}") for (a, b), n in ordered[:_FLIPS]]
    return table(("reference", "candidate", "rows"), rows_, caption="Labels that became others", right=(2,))


def _label(text: str | None) -> Html:
    return el("i", "others") if text is None else name(text)
