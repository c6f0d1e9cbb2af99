"""Draft: a model on its way to PMML: simplified outputs, names of fields, and the pieces already written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from modelport.conversion import Context
from modelport.signature import Column, Signature, Task
from modelport_columnar.execute import Columns
from modelport_columnar.expression import Expr, Kind, unknown
from modelport_pmml.from_columnar.elements import mining_schema
from modelport_pmml.from_columnar.express import Expresser, apply
from modelport_pmml.from_columnar.fields import Names, Stems, made_fields
from modelport_pmml.from_columnar.mapping import DATA_TYPES
from modelport_pmml.from_columnar.markup import tag
from modelport_pmml.from_columnar.simplify import Simplifier
from modelport_pmml.types import pmml_type


@dataclass(slots=True)
class Draft:
    """Everything the writers of elements share.

    Attributes:
        signature: of the model.
        dictionary: derived fields that need inputs only; every segment may refer to them.
        outputs: the simplified expression of each of `signature.outputs`.
        target: name of the target field, which no input has.
        stem: what fields are named after.
        forests: what is a segment of its own: its name by the number of its expression.
    """

    signature: Signature
    context: Context
    simplifier: Simplifier
    outputs: list[Expr]
    names: Names
    write: Expresser
    target: str
    dictionary: list[str] = field(default_factory=list)
    forests: dict[int, str] = field(default_factory=dict)
    stem: Stems = field(default_factory=Stems)
    _local: set[int] = field(default_factory=set)
    _depends: dict[int, bool] = field(default_factory=dict)

    @property
    def inputs(self) -> list[Column]:
        """The inputs, with the values they are known to take."""
        strict = self.simplifier.strict
        return [
            replace(column, categories=strict[column.name]) if column.name in strict else column
            for column in self.signature.inputs
        ]

    def schema(self) -> str:
        """The mining schema of the whole model."""
        return mining_schema(self.inputs, self.target if has_target(self.signature) else None, self.simplifier.strict)

    def named(self, prefix: str) -> list[tuple[Column, Expr]]:
        """Outputs whose name begins so."""
        pairs = zip(self.signature.outputs, self.outputs, strict=True)
        return [(column, expr) for column, expr in pairs if column.name.startswith(prefix)]

    def output(self, name: str) -> Expr | None:
        return next((expr for column, expr in self.named(name) if column.name == name), None)

    def depends(self, expr: Expr) -> bool:
        """Whether an expression needs the result of a segment."""
        for node in unknown(expr, self._depends):
            inside = any(self._depends[arg.number] for arg in node.args)
            self._depends[node.number] = inside or node.op in ("tree", "forest", "machine")
        return self._depends[expr.number]

    def fields(self, roots: Sequence[Expr], asked: Iterable[Expr] = ()) -> str:
        """Derived fields for what the roots need, as far as they have no name yet.

        Those that need inputs only join the dictionary of the whole model; the text of the others is returned, and
        their names are good until `leave`.
        """
        local = []
        for expr in made_fields(roots, asked, self.write.names):
            text = self.derived(expr)
            if self.depends(expr):
                local.append(text)
                self._local.add(expr.number)
            else:
                self.dictionary.append(text)
        return "".join(local)

    def leave(self) -> None:
        """Ends a segment: names of its own fields are no longer known."""
        for number in self._local:
            del self.write.names[number]
        self._local.clear()

    def waiting(self, roots: Sequence[Expr]) -> list[Expr]:
        """What must be a field but needs the result of a segment; the rest joins the dictionary now."""
        found = []
        for expr in made_fields(roots, (), self.write.names):
            if self.depends(expr):
                found.append(expr)
            else:
                self.dictionary.append(self.derived(expr))
        return found

    def derived(self, expr: Expr) -> str:
        """A `DerivedField` for an expression, which has its name from now on."""
        written = self.write.written(expr)
        name = self.names.unused(self.stem(expr))
        self.write.names[expr.number] = name
        return derived_field(name, DATA_TYPES[expr.kind], written)

    def used(self, exprs: Iterable[Expr]) -> list[str]:
        """Names of the fields outside of the segment that expressions refer to: for its mining schema."""
        found: dict[str, None] = {}
        stack = list(exprs)[::-1]
        seen: set[int] = set()
        while stack:
            expr = stack.pop()
            if expr.number in seen:
                continue
            seen.add(expr.number)
            name = self.write.names.get(expr.number)
            if name is not None and expr.number not in self._local:
                found[name] = None
            else:
                stack += expr.args[::-1]
        return list(found)


def has_target(signature: Signature) -> bool:
    """Whether the model predicts one field: a classifier of one label, a regressor of one number."""
    if signature.task is Task.CLASSIFICATION:
        return any(column.name == "label" for column in signature.outputs)
    return signature.task is Task.REGRESSION and len(signature.outputs) == 1


def derived_field(name: str, data_type: str, written: str) -> str:
    kind = "categorical" if data_type in ("string", "boolean") else "continuous"
    return tag("DerivedField", [("name", name), ("optype", kind), ("dataType", data_type)], written)


def draft(columns: Columns, context: Context) -> Draft:
    """Simplifies a model and names its inputs.

    Raises:
        CannotConvert: an operation without an exact form in PMML.
    """
    signature = _in_vocabulary(columns.signature)
    simplifier = Simplifier({column.name: column.nullable for column in signature.inputs})
    outputs = simplifier(columns.outputs)
    names = Names(column.name for column in signature.inputs)
    made = Draft(
        signature,
        context,
        simplifier,
        outputs,
        names,
        Expresser(simplifier.missing, simplifier.undefined),
        names.unused("y"),
    )
    for column, expr in zip(signature.inputs, columns.inputs, strict=True):
        _name_input(made, column, simplifier.make("input", (), expr.kind, expr.data))
    return made


def _in_vocabulary(signature: Signature) -> Signature:
    """The signature with every column of a transformer called `out(<column>)`, which tells it from a prediction."""
    if signature.task is not Task.TRANSFORM:
        return signature
    names = [c.name if c.name.startswith("out(") else f"out({c.name})" for c in signature.outputs]
    return replace(
        signature, outputs=tuple(replace(c, name=name) for c, name in zip(signature.outputs, names, strict=True))
    )


def _name_input(made: Draft, column: Column, expr: Expr) -> None:
    """An input is its data field, where they are of one type; else a derived field in the type of the graph."""
    have, want = pmml_type(column.type), DATA_TYPES[expr.kind]
    if have == want and have != "boolean":
        made.write.names[expr.number] = column.name
        return
    reference = tag("FieldRef", [("field", column.name)])
    if have == "boolean" and expr.kind is Kind.BOOL:
        written = apply("equal", [reference, tag("Constant", [("dataType", "boolean")], "true")])
    elif have == "boolean":
        written = tag("NormDiscrete", [("field", column.name), ("value", "true")])
    else:
        written = reference
    name = made.names.unused(f"{want}({column.name})")
    made.dictionary.append(derived_field(name, want, written))
    made.write.names[expr.number] = name
