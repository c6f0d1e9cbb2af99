"""Panel: what all segments answer, side by side, and the combinations that are ensembles.

https://dmg.org/pmml/v4-4-1/MultipleModels.html#xsdType_MULTIPLE-MODEL-METHOD; details as in JPMML-Evaluator's
MiningModelUtil (1.7).
"""

from dataclasses import dataclass

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.mining import Segmentation
from modelport_pmml.to_onnx import single
from modelport_pmml.to_onnx.value import NAN, constant, float32

AXIS = np.array([1], np.int64)
LAST = np.array([2], np.int64)


@dataclass(frozen=True, slots=True)
class Panel:
    """S segments over N rows.

    Attributes:
        missing: [N, S] boolean, segments without an answer; None for none.
        active: [N, S] boolean; None for all.
        weights: [1, S] or [N, S] float64.
        count: S.
        values: [N, S] float64, of a regression.
        codes: [N, S] int64, labels among K classes, of a classification.
        scores: [N, S, K] float64, probabilities, where all segments give them.
        invalid: [N, 1] boolean or None.
        narrow: whether every step is rounded to float32.
    """

    missing: Var | None
    active: Var | None
    weights: Var
    count: int
    values: Var | None = None
    codes: Var | None = None
    scores: Var | None = None
    invalid: Var | None = None
    narrow: bool = False

    def round(self, data: Var) -> Var:
        """In the model's arithmetic."""
        return float32(data) if self.narrow else data

    def sum(self, cells: Var) -> Var:
        """[N, 1], in the model's arithmetic."""
        return single.total(cells) if self.narrow else total(cells)

    @property
    def lost(self) -> Var | None:
        """[N, S], active segments without an answer; None for none."""
        return None if self.missing is None else _and(self.missing, self.active)

    def counted(self, segmentation: Segmentation) -> tuple[Var | None, Var | None]:
        """Which cells count [N, S], and which rows have no result [N, 1]; None for all and for none."""
        lost = self.lost
        if segmentation.missing_prediction_treatment == "skipSegment":
            counted = _and(self.active, None if self.missing is None else op.not_(self.missing))
            rows = self.too_many(lost, segmentation)
        else:
            counted = self.active
            rows = None if lost is None else any_of(lost)
        none = None if self.active is None else op.not_(any_of(self.active))
        return counted, _or(rows, none)

    def skipped(self, segmentation: Segmentation) -> Var | None:
        """Rows whose active segments are all skipped [N, 1]: a sum of none is 0, all else is undefined (JPMML 1.7)."""
        counted, none = self.counted(segmentation)
        if segmentation.missing_prediction_treatment != "skipSegment" or counted is None or self.missing is None:
            return None
        empty = op.not_(any_of(counted))
        return empty if none is None else op.and_(empty, op.not_(none))

    def too_many(self, lost: Var | None, segmentation: Segmentation) -> Var | None:
        """Rows where the weight of missing answers is above the threshold."""
        if lost is None or segmentation.missing_threshold >= 1.0:
            return None
        share = op.div(total(self.weighted(lost)), total(self.weighted(self.active)))
        return op.greater(share, constant(segmentation.missing_threshold))

    def weighted(self, mask: Var | None) -> Var:
        """Weights [N, S] where the mask holds, else 0."""
        return self.weights if mask is None else op.where(mask, self.weights, constant(0.0))


def _and(a: Var | None, b: Var | None) -> Var | None:
    """Both; None is everywhere."""
    return b if a is None else a if b is None else op.and_(a, b)


def _or(a: Var | None, b: Var | None) -> Var | None:
    """Either; None is nowhere."""
    return b if a is None else a if b is None else op.or_(a, b)


def any_of(mask: Var) -> Var:
    return op.cast(op.reduce_max(op.cast(mask, to=np.int32), op.const(AXIS), keepdims=1), to=np.bool_)


def total(cells: Var) -> Var:
    """[N, 1]."""
    return op.reduce_sum(cells, op.const(AXIS), keepdims=1)


def spread(weights: Var, like: Var) -> Var:
    """Weights as wide as the cells they weigh."""
    return op.expand(weights, op.shape(like))


def masked(cells: Var, mask: Var | None, filler: float) -> Var:
    return cells if mask is None else op.where(mask, cells, constant(filler))


def numeric(panel: Panel, segmentation: Segmentation) -> tuple[Var, bool, Var | None]:
    """The combined number [N, 1], NaN where there is none; whether there may be none; where it is undefined."""
    assert panel.values is not None, "a regression has values"
    counted, none = panel.counted(segmentation)
    data = _combined(panel, counted, segmentation)
    if none is not None:
        data = op.where(none, constant(NAN), data)
    summed = segmentation.multiple_model_method.lower().endswith("sum")
    return data, none is not None, None if summed else panel.skipped(segmentation)


def _combined(panel: Panel, counted: Var | None, segmentation: Segmentation) -> Var:
    assert panel.values is not None, "a regression has values"
    values = panel.round(panel.values)
    method = segmentation.multiple_model_method.removeprefix("x-")
    many = constant(float(panel.count)) if counted is None else total(op.cast(counted, to=np.float64))
    weights = panel.round(panel.weighted(counted))
    match method:
        case "sum":
            return panel.sum(masked(values, counted, 0.0))
        case "average":
            return panel.round(op.div(panel.sum(masked(values, counted, 0.0)), many))
        case "weightedSum":
            return panel.sum(masked(panel.round(op.mul(weights, values)), counted, 0.0))
        case "weightedAverage":
            heavy = panel.sum(masked(panel.round(op.mul(weights, values)), counted, 0.0))
            return panel.round(op.div(heavy, panel.sum(spread(weights, values))))
        case "median":
            return panel.round(middle(masked(values, counted, float("inf")), many, panel.count))
        case "weightedMedian":
            return _weighted_median(panel, masked(values, counted, float("inf")), weights)
    raise segmentation.refuse(f"the method {method} does not combine numbers")


def middle(values: Var, many: Var, width: int) -> Var:
    """The median of the first `many` of each sorted row; the mean of the two in the middle."""
    ordered, _ = op.top_k(values, op.const(np.array([width], np.int64)), axis=1, largest=0, sorted=1)
    half = op.div(op.max([op.sub(many, constant(1.0)), constant(0.0)]), constant(2.0))
    low, high = op.cast(op.floor(half), to=np.int64), op.cast(op.ceil(half), to=np.int64)
    shape = op.concat([op.slice(op.shape(values), *_first()), op.const(np.array([1], np.int64))], axis=0)
    return between(*(op.gather_elements(ordered, op.expand(at, shape), axis=1) for at in (low, high)))


def between(low: Var, high: Var) -> Var:
    """Half way, rounded as Commons Math does, which JPMML-Evaluator asks: ties of medians depend on it."""
    return op.where(op.equal(low, high), low, op.add(low, op.mul(constant(0.5), op.sub(high, low))))


def _first() -> tuple[Var, Var]:
    return _bounds(0, 1)


def _bounds(start: int, stop: int) -> tuple[Var, Var]:
    return op.const(np.array([start], np.int64)), op.const(np.array([stop], np.int64))


def _weighted_median(panel: Panel, values: Var, weights: Var) -> Var:
    """The first value, in ascending order, at which half of the weight is reached; that half is of a sum in the order
    of the segments and in the model's arithmetic, the running sums are doubles (JPMML 1.7).
    """
    ordered, order = op.top_k(values, op.const(np.array([panel.count], np.int64)), axis=1, largest=0, sorted=1)
    heavy = spread(weights, values)
    running = op.cumsum(op.gather_elements(heavy, order, axis=1), op.const(AXIS[0]))
    whole = panel.sum(heavy)
    if not panel.narrow:
        whole = op.gather(op.cumsum(heavy, op.const(AXIS[0])), op.const(np.array([-1], np.int64)), axis=1)
    reached = op.greater_or_equal(running, op.mul(constant(0.5), whole))
    at = op.arg_max(op.cast(reached, to=np.int32), axis=1, keepdims=1)
    return op.gather_elements(ordered, at, axis=1)


def votes(panel: Panel, segmentation: Segmentation, width: int) -> tuple[Var, Var, Var | None, Var | None]:
    """Shares of votes [N, K], the winner's code [N, 1] (ties: whoever was voted for first), rows without result, and
    rows where all that vote have no answer, which is undefined (JPMML 1.7).
    """
    assert panel.codes is not None, "a classification has labels"
    heavy = segmentation.multiple_model_method == "weightedMajorityVote"
    lost = panel.lost
    treatment = segmentation.missing_prediction_treatment
    none = panel.too_many(lost, segmentation)
    if treatment == "returnMissing" and lost is not None:
        none = any_of(lost)
    ballots, firsts = [], []
    places = op.const(np.arange(panel.count, dtype=np.float64)[None, :])
    for code in range(width):
        hit = op.equal(panel.codes, op.const(np.array(code, np.int64)))
        hit = hit if panel.active is None else op.and_(hit, panel.active)
        ballots.append(total(panel.weighted(hit) if heavy else op.cast(hit, to=np.float64)))
        first = op.where(hit, places, constant(float(panel.count)))
        firsts.append(op.reduce_min(first, op.const(AXIS), keepdims=1))
    counts = op.concat(ballots, axis=1)
    most = op.reduce_max(counts, op.const(AXIS), keepdims=1)
    early = op.where(op.equal(counts, most), op.concat(firsts, axis=1), constant(float(panel.count + 1)))
    if treatment == "continue" and lost is not None:
        unheard = total(panel.weighted(lost) if heavy else op.cast(lost, to=np.float64))
        none = _or(none, op.and_(op.greater(unheard, most), op.greater(most, constant(0.0))))
    absent = None if panel.active is None else op.not_(any_of(panel.active))
    none, undefined = _or(none, absent), None
    if lost is not None and treatment != "returnMissing":
        silent = op.equal(most, constant(0.0))
        undefined = silent if none is None else op.and_(silent, op.not_(none))
    return op.div(counts, total(counts)), op.arg_min(early, axis=1, keepdims=1), none, undefined


def mean(scores: Var, mask: Var | None, weights: Var | None) -> Var:
    """The weighted mean [N, K] of scores [N, S, K] over the cells that count."""
    share = op.cast(mask, to=np.float64) if mask is not None else None
    if weights is not None:
        share = weights if share is None else op.mul(share, weights)
    if share is None:
        return op.reduce_mean(scores, op.const(AXIS), keepdims=0)
    heavy = op.unsqueeze(share, op.const(LAST))
    counted = (
        scores if mask is None else op.where(op.unsqueeze(mask, op.const(LAST)), scores, op.const(np.zeros((1, 1, 1))))
    )
    return op.div(op.reduce_sum(op.mul(counted, heavy), op.const(AXIS), keepdims=0), total(share))


def probabilities(panel: Panel, segmentation: Segmentation, order: list[int]) -> tuple[Var, Var | None]:
    """Combined probabilities [N, K], and rows without a result.

    Args:
        order: classes in the target's order; max and median settle ties by it.
    """
    assert panel.scores is not None, "a probability method has probabilities"
    counted, none = panel.counted(segmentation)
    method = segmentation.multiple_model_method
    if method == "average":
        return mean(panel.scores, counted, None), none
    if method == "weightedAverage":
        return mean(panel.scores, counted, panel.weights), none
    if method == "max":
        return mean(panel.scores, _contributors(panel, counted, order, median=False), None), none
    if method == "median":
        return mean(panel.scores, _contributors(panel, counted, order, median=True), None), none
    raise segmentation.refuse(f"the method {method} does not combine classifications")


def _contributors(panel: Panel, counted: Var | None, order: list[int], *, median: bool) -> Var:
    """[N, S]: the segments whose probability of the winning class is the largest, or nearest to the median."""
    assert panel.scores is not None, "checked before"
    columns = op.transpose(op.gather(panel.scores, op.const(np.array(order, np.int64)), axis=2), perm=[0, 2, 1])
    mask = None if counted is None else op.unsqueeze(counted, op.const(AXIS))
    if median:
        most = _medians(columns, mask, panel.count)
    else:
        filled = columns if mask is None else op.where(mask, columns, op.const(np.full((1, 1, 1), -np.inf)))
        most = op.reduce_max(filled, op.const(LAST), keepdims=0)
    winner = op.arg_max(most, axis=1, keepdims=1)
    shape = op.concat([op.slice(op.shape(columns), *_first()), op.const(np.array([1, panel.count], np.int64))], axis=0)
    place = op.expand(op.unsqueeze(winner, op.const(LAST)), shape)
    own = op.squeeze(op.gather_elements(columns, place, axis=1), op.const(AXIS))
    gap = op.abs(op.sub(own, op.gather_elements(most, winner, axis=1)))
    gap = masked(gap, counted, float("inf"))
    return op.equal(gap, op.reduce_min(gap, op.const(AXIS), keepdims=1))


def _medians(columns: Var, mask: Var | None, count: int) -> Var:
    """[N, K], the median over the last axis."""
    if mask is not None:
        filled = op.where(mask, columns, op.const(np.full((1, 1, 1), np.inf)))
        many = op.reduce_sum(op.cast(op.expand(mask, op.shape(columns)), to=np.float64), op.const(LAST), keepdims=1)
        flat = op.const(np.array([-1, count], np.int64))
        single_ = middle(op.reshape(filled, flat), op.reshape(many, op.const(np.array([-1, 1], np.int64))), count)
        return op.reshape(single_, op.slice(op.shape(columns), *_bounds(0, 2)))
    ordered, _ = op.top_k(columns, op.const(np.array([count], np.int64)), axis=2, largest=0, sorted=1)
    low, high = (count - 1) // 2, count // 2
    return between(*(op.gather(ordered, op.const(np.array(at, np.int64)), axis=2) for at in (low, high)))
