"""Value: a field of a document on its way through the graph, with its missing and invalid cells.

Numbers, booleans (0 and 1) and dates are float64 [N, 1] (or [1, 1] where they do not depend on the row), NaN
where missing. A result that PMML calls NaN cannot be confused with that: evaluators take NaN for an error, so it is
`invalid`.

Text is a code [N, 1] int64: the position in `words`, then one code for any other text, then one for missing.
A table of `len(words) + 2` cells therefore answers any question about a text in one lookup.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from spox import Var

from modelport.errors import CannotConvert
from modelport_onnx.ops import ml5 as ml
from modelport_onnx.ops import op

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Value:
    """One field.

    Attributes:
        data: see above.
        type: PMML data type.
        nullable: whether a cell may be missing; where False nobody need look.
        invalid: [N, 1] boolean, the cells whose use makes the row's result invalid; None for none.
        words: the texts a code may stand for; None for what is not text.
        raw: text [N, 1], where cells may hold other texts than `words`; None where they cannot.
        constant: the value where it is the same for all rows, as text or number.
        optype: PMML optype.
        order: valid values in their declared order, for ordinal fields.
        checked: whether cells are known to be valid values of their data field.
        irregular: [N, 1] boolean, cells that are not valid and were let through (`asIs`); None for none.
        wrong: [N, 1] boolean, results of a function that are no value (NaN, overflow), before the treatment that its
            `Apply` asks for; None for none.
        opaque: where a number became text whose letters are not known, only whether it is one of `words`; None for
            all other text.
    """

    data: Var
    type: str
    nullable: bool = True
    invalid: Var | None = None
    words: tuple[str, ...] | None = None
    raw: Var | None = None
    constant: str | float | None = None
    optype: str | None = None
    order: tuple[str, ...] = ()
    checked: bool = False
    irregular: Var | None = None
    wrong: Var | None = None
    opaque: str | None = None

    @property
    def is_text(self) -> bool:
        return self.words is not None

    def with_invalid(self, *flags: Var | None) -> "Value":
        return replace(self, invalid=either(self.invalid, *flags))


def numbers(data: Var, kind: str = "double", *, nullable: bool = True, invalid: Var | None = None) -> Value:
    """A numeric value."""
    return Value(data, kind, nullable, invalid, optype="continuous")


def number(value: float, kind: str = "double") -> Value:
    """A numeric constant; NaN is the missing value."""
    return Value(constant(value), kind, value != value, constant=value, optype="continuous")


def text(value: str, kind: str = "string") -> Value:
    """A text constant."""
    return Value(
        op.const(np.zeros((1, 1), np.int64)), kind, False, words=(value,), constant=value, optype="categorical"
    )


def missing_text() -> Value:
    return Value(op.const(np.ones((1, 1), np.int64)), "string", True, words=(), optype="categorical")


def constant(value: float) -> Var:
    """A float64 [1, 1]."""
    return op.const(np.array([[value]], np.float64))


def row(values: Iterable[float]) -> Var:
    """A float64 [1, K]."""
    return op.const(np.array([list(values)], np.float64))


def flag(value: bool) -> Var:
    return op.const(np.array([[value]]))


def either(*flags: Var | None) -> Var | None:
    """Whether any holds; None stands for never."""
    found: Var | None = None
    for item in flags:
        if item is not None and item is not found:
            found = item if found is None else _joined(found, item)
    return found


_MADE: dict[tuple[int, ...], tuple[Var, tuple[Var, ...]]] = {}
"""Flags by the identities of what they are made of, with these, which must live as long as their identities count."""

_PARTS: dict[int, frozenset[int]] = {}
"""Identity of a flag → those of the flags that it joins."""


MOST_PARTS = 64
"""Parts that are told apart; a flag of more is one of its own, lest long chains take memory by the square."""


def forget() -> None:
    """Drops the flags of one compilation."""
    _MADE.clear()
    _PARTS.clear()


def _joined(first: Var, second: Var) -> Var:
    """`first or second`, written once: in long chains of derived fields the same flags meet again and again."""
    own, other = _parts(first), _parts(second)
    if other <= own:
        return first
    known = _MADE.get((id(first), id(second)))
    if known is None:
        made = op.or_(first, second)
        known = _MADE[id(first), id(second)] = (made, (first, second))
        if len(own) + len(other) <= MOST_PARTS:
            _PARTS[id(made)] = own | other
    return known[0]


def _parts(flag_: Var) -> frozenset[int]:
    return _PARTS.get(id(flag_)) or frozenset((id(flag_),))


def lookup(value: Value, table: Sequence[float] | Sequence[bool]) -> Var:
    """A cell of `table` [words + 2] for each code."""
    cells = np.asarray(table)
    assert value.words is not None, "only text is looked up"
    assert len(cells) == len(value.words) + 2, "a table has two cells more than there are words"
    return op.gather(op.const(cells.astype(np.bool_ if cells.dtype == np.bool_ else np.float64)), value.data)


def table(value: Value, of_word: Callable[[str], float], other: float = NAN, missing: float = NAN) -> Var:
    """What a function makes of each word, [N, 1] float64."""
    return lookup(value, [*(of_word(word) for word in value.words or ()), other, missing])


def is_missing(value: Value) -> Var | None:
    """[N, 1] boolean, or None where nothing is ever missing."""
    if not value.nullable:
        return None
    if value.is_text:
        assert value.words is not None
        return op.equal(value.data, op.const(np.array(len(value.words) + 1, np.int64)))
    known = _MADE.get((id(value.data),))
    if known is None:
        known = _MADE[(id(value.data),)] = (op.isnan(value.data), (value.data,))
    return known[0]


def any_missing(values: Iterable[Value]) -> Var | None:
    return either(*(is_missing(value) for value in values))


def any_invalid(values: Iterable[Value]) -> Var | None:
    return either(*(value.invalid for value in values))


def in_turn(values: Iterable[tuple[Value, bool]]) -> tuple[Var | None, Var | None]:
    """Where a model that looks at values in turn finds none, and where it meets an invalid one before that.

    Args:
        values: each with whether the model stops where it is missing.
    """
    gone: Var | None = None
    found: Var | None = None
    for value, stops in values:
        wrong = value.invalid
        if wrong is not None and gone is not None:
            wrong = op.and_(wrong, op.not_(gone))
        found = either(found, wrong)
        if stops:
            lost = is_missing(value)
            lost = lost if lost is None or value.invalid is None else op.and_(lost, op.not_(value.invalid))
            gone = either(gone, lost)
    return gone, found


def equals(value: Value, word: str) -> Var:
    """[N, 1] boolean: the text is `word`; False where it is missing."""
    assert value.words is not None, "only text is compared with text"
    _letters(value, {word})
    if word in value.words or value.raw is None:
        return lookup(value, [*(item == word for item in value.words), False, False])
    return op.equal(value.raw, op.const(np.array([[word]], np.str_)))


def among(value: Value, words: Iterable[str]) -> Var:
    """[N, 1] boolean: the text is one of `words`; False where it is missing."""
    wanted = set(words)
    assert value.words is not None, "only text is compared with text"
    _letters(value, wanted)
    found = lookup(value, [*(item in wanted for item in value.words), False, False])
    if value.raw is not None:
        for word in sorted(wanted - set(value.words)):
            found = op.or_(found, op.equal(value.raw, op.const(np.array([[word]], np.str_))))
    return found


def _numeral(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _letters(value: Value, wanted: set[str] | None = None) -> None:
    """Raises where the letters of a text matter and are not known."""
    if value.opaque is None:
        return
    if wanted is None or any(_numeral(word) for word in wanted - set(value.words or ())):
        raise CannotConvert(
            "a number becomes text, and evaluators write its digits in Java's way", where=value.opaque,
            hint="keep it a number, or make it an integer",
        )  # fmt: skip


def recode(value: Value, words: tuple[str, ...]) -> Var:
    """The text's codes in another vocabulary, which must hold every one of its words."""
    assert value.words is not None
    if value.raw is not None and set(words) > set(value.words):  # what was another text may be one of the new words
        return coded(value.raw, words)
    at = {word: i for i, word in enumerate(words)}
    codes = [*(at[word] for word in value.words), len(words), len(words) + 1]
    return op.gather(op.const(np.array(codes, np.int64)), value.data)


def coded(raw: Var, words: Sequence[str]) -> Var:
    """Codes of texts [N, 1] that are as they arrive."""
    keys, codes = [*words, ""], [*range(len(words)), len(words) + 1]
    return ml.label_encoder(raw, keys_strings=keys, values_int64s=codes, default_int64=len(words))


def choose(condition: Var, first: Value, second: Value) -> Value:
    """`first` where the condition holds, else `second`; of one kind."""
    invalid = _chosen_flag(condition, first.invalid, second.invalid)
    irregular = _chosen_flag(condition, first.irregular, second.irregular)
    nullable = first.nullable or second.nullable
    if first.is_text and second.is_text:
        assert first.words is not None
        assert second.words is not None
        words = tuple(dict.fromkeys((*first.words, *second.words)))
        data = op.where(condition, recode(first, words), recode(second, words))
        raw, opaque = None, first.opaque or second.opaque
        if opaque is None and (first.raw is not None or second.raw is not None):
            raw = op.where(condition, spelled(first), spelled(second))
        return Value(
            data, "string", nullable, invalid, words, raw, optype="categorical", irregular=irregular, opaque=opaque
        )
    kind = wider(first.type, second.type)
    data = op.where(condition, first.data, second.data)
    return Value(data, kind, nullable, invalid, optype=first.optype, irregular=irregular)


def _chosen_flag(condition: Var, first: Var | None, second: Var | None) -> Var | None:
    return either(
        None if first is None else op.and_(condition, first),
        None if second is None else op.and_(op.not_(condition), second),
    )


def spelled(value: Value) -> Var:
    """The text itself, [N, 1]; "" where missing.

    Raises:
        CannotConvert: its letters are not known.
    """
    _letters(value)
    if value.raw is not None:
        return value.raw
    assert value.words is not None
    return op.gather(op.const(np.array([*value.words, "", ""], np.str_)), value.data)


_WIDTH = {"integer": 0, "float": 1, "double": 2}


def wider(first: str, second: str) -> str:
    """The type two numbers are computed in (JPMML: integer, then float, then double)."""
    if first in _WIDTH and second in _WIDTH:
        return first if _WIDTH[first] >= _WIDTH[second] else second
    return first


def float32(data: Var) -> Var:
    """Float64 numbers rounded to what a float holds."""
    return op.cast(op.cast(data, to=np.float32), to=np.float64)
