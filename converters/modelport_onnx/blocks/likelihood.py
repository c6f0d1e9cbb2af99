"""From joint log-likelihoods to posterior probabilities."""

from spox import Var

from modelport_onnx.blocks.constant import ints
from modelport_onnx.ops import op


def log_normaliser(scores: Var) -> Var:
    """`max + log(sum(exp(x - max)))` of each row: [N, K] → [N, 1]."""
    top = op.reduce_max(scores, ints(1))
    return op.add(op.log(op.reduce_sum(op.exp(op.sub(scores, top)), ints(1))), top)


def posterior(scores: Var) -> Var:
    """`exp(x - logsumexp(x))` of each row.

    Not a softmax: where the scores are large (1e12 for a variance near zero) the normaliser is rounded to their
    scale, and scikit-learn's probabilities show that rounding.
    Source: `sklearn.naive_bayes._BaseNB.predict_log_proba` (1.9).
    """
    return op.exp(op.sub(scores, log_normaliser(scores)))
