"""Which expressions become derived fields, and what they are called.

A field is made of what is used more than once, of what must be rounded to float32, of what a tree or a table asks
about, and of what would be nested too deeply; everything else is written where it is used.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence

from modelport_columnar.expression import Expr, Kind, unknown

NESTED = 12
"""Levels of functions inside one another, before a field is made."""

ARITHMETIC = frozenset(
    ("add", "sub", "mul", "div", "neg", "abs", "exp", "log", "sqrt", "pow", "sum", "product", "linear", "cast", "floor",
     "ceil", "round", "sin", "cos", "tan", "tanh", "sinh", "cosh", "asin", "acos", "atan", "erf", "mod")
)  # fmt: skip
CLOSED = frozenset(("input", "constant", "tree", "forest", "machine"))


class Names:
    """Names that no two fields share."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: Counter[str] = Counter()

    def unused(self, stem: str) -> str:
        """`stem`, or `stem` with the least number that makes it new."""
        name = stem
        while name in self._taken:
            self._next[stem] += 1
            name = f"{stem}.{self._next[stem]}"
        self._taken.add(name)
        return name


def made_fields(roots: Sequence[Expr], asked: Iterable[Expr], named: Container[int]) -> list[Expr]:
    """Expressions that become fields, each after those it uses.

    Args:
        roots: what is written out.
        asked: what elements outside of expressions refer to (tree features, predictors): fields in any case.
        named: numbers of the expressions that have a name already; what is inside of them does not count.
    """
    wanted = {expr.number for expr in asked}
    nodes = _open([*roots, *asked], named)
    uses = Counter(arg.number for node in nodes for arg in node.args)
    wanted |= {node.args[0].number for node in nodes if node.op == "encode" and node.args[0].kind is Kind.TEXT}
    chosen: set[int] = set()
    depth: dict[int, int] = {}
    for node in nodes:
        inner = max((depth.get(arg.number, 0) for arg in node.args), default=0) + 1
        if node.number in wanted or uses[node.number] > 1 or must_be_field(node) or inner > NESTED:
            chosen.add(node.number)
            inner = 0
        depth[node.number] = inner
    return [node for node in nodes if node.number in chosen]


def _open(roots: Sequence[Expr], named: Container[int]) -> list[Expr]:
    """Functions that the roots are written with, arguments first; atoms and what has a name are not among them."""
    found: dict[int, Expr] = {}
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node.number not in named and node.op not in CLOSED and node.number not in found:
            found[node.number] = node
            stack += node.args
    return [found[number] for number in sorted(found)]


def must_be_field(node: Expr) -> bool:
    """Whether only a field can hold it: what is rounded to float32, a change of type, and a table.

    PMML4S (1.5.8) takes no table inside an output field.
    """
    if node.op == "encode" and node.args[0].kind is Kind.TEXT:
        return True
    if node.kind is Kind.FLOAT32 and node.op in ARITHMETIC:
        return True
    return node.op == "cast" and node.kind is Kind.FLOAT64


class Stems:
    """What derived fields are named after: the one input they are made of, or what they do."""

    def __init__(self) -> None:
        self._input: dict[int, str | None] = {}

    def __call__(self, expr: Expr) -> str:
        name = self._of(expr)
        return f"{expr.op}({name})" if name else expr.op

    def _of(self, expr: Expr) -> str | None:
        """The name of the only input, "" where there is none, None where there are several."""
        for node in unknown(expr, self._input):
            self._input[node.number] = node.data if node.op == "input" else self._joined(node)
        return self._input[expr.number]

    def _joined(self, node: Expr) -> str | None:
        names = {self._input[arg.number] for arg in node.args} - {""}
        return "" if not names else names.pop() if len(names) == 1 else None
