"""Scope: what a name means inside a model, and the state the whole compilation shares.

Order of meaning, as in JPMML-Evaluator's ModelEvaluationContext: a field of the model's own mining schema, its local
transformations, the document's transformations, then the model around it. https://dmg.org/pmml/v4-4-1/FieldScope.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spox import Var

from modelport.conversion import Context, NoteKind
from modelport.errors import InputError
from modelport_pmml.reader.document import Pmml
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.dictionary import DataField, MiningField
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.transformations import DefineFunction, DerivedField
from modelport_pmml.to_onnx.value import Value

TARGETS = ("target", "predicted")
SHOWN = 8
"""Names of a long circle that an error names."""


@dataclass(slots=True)
class Graph:
    """What all scopes of one compilation share.

    Attributes:
        rows: float64 [N, 1] of zeros: makes a constant as long as the batch.
        inputs: raw graph inputs [N, 1], by field.
        literals: field → texts the document compares it with; they become the words of open text fields.
        words: the words that TextIndex counts, by the text they are in and the separator between them.
    """

    document: Pmml
    context: Context
    rows: Var
    inputs: Mapping[str, Var]
    literals: Mapping[str, tuple[str, ...]]
    functions: dict[str, DefineFunction] = field(default_factory=dict)
    words: dict[tuple[int, str], tuple[Var, Var]] = field(default_factory=dict)

    def assume(self, element: Element, what: str) -> None:
        self.context.note(NoteKind.ASSUMED, str(element.at), what)


class Scope:
    """The names of one model (or function), resolved on demand and once."""

    def __init__(self, graph: Graph, model: Model | None, parent: "Scope | None" = None) -> None:
        self.graph, self.model, self.parent = graph, model, parent
        self.mining: dict[str, MiningField] = {}
        self.local: dict[str, DerivedField] = {}
        if model is not None:
            self.mining = {item.name: item for item in model.mining_schema.fields}
            items = model.local_transformations.fields if model.local_transformations else ()
            self.local = {item.name: item for item in items if item.name}
        transformations = graph.document.transformations
        self.shared = {item.name: item for item in (transformations.fields if transformations else ()) if item.name}
        self.values: dict[str, Value] = {}
        self.open: list[str] = []
        self.parts: dict[int, Value] = {}

    @property
    def float_math(self) -> bool:
        """Whether the model computes in float32 (`x-mathContext`)."""
        return self.model is not None and self.model.math == "float"

    def declare(self, name: str, value: Value) -> None:
        """Makes a value (an output field, a parameter) known by a name."""
        self.values[name] = value

    def resolve(self, name: str, where: Element) -> Value:
        """The value of a field.

        Raises:
            InputError: the name is declared nowhere, or a derived field depends on itself.
        """
        found = self.values.get(name)
        if found is not None:
            return found
        for before in self._before(name, where):
            self._resolve(before, where)
        return self._resolve(name, where)

    def _before(self, name: str, where: Element) -> list[str]:
        """Derived fields that a derived field goes back to and that are not known yet, each after those it needs."""
        order: list[str] = []
        path = dict.fromkeys([*self.open, name])
        seen, stack = set(path), [(name, iter(self._needs(name)))]
        while stack:
            here, rest = stack[-1]
            needed = next((item for item in rest if item in path or not (item in seen or item in self.values)), None)
            if needed is None:
                stack.pop()
                del path[here]
                if here != name and self._derived(here) is not None:
                    order.append(here)
            elif needed in path:
                raise _circular(list(path), needed, where)
            else:
                seen.add(needed)
                path[needed] = None
                stack.append((needed, iter(self._needs(needed))))
        return order

    def _needs(self, name: str) -> tuple[str, ...]:
        field = self._derived(name)
        return () if field is None else references(field.expression)

    def _derived(self, name: str) -> DerivedField | None:
        """The derived field that a name means here, if it means one."""
        if name in self.mining:
            return None
        if name in self.local:
            return self.local[name]
        return None if self.parent is not None and self.transparent else self.shared.get(name)

    def _resolve(self, name: str, where: Element) -> Value:
        """A field whose derived fields are known."""
        if name in self.open:
            raise _circular(self.open, name, where)
        self.open.append(name)
        try:
            found = self._find(name, where)
        finally:
            self.open.pop()
        if found is None:
            hint = f"add <MiningField name={name!r}/>" if name in self.graph.document.fields else None
            raise where.bad(f"the field {name!r} is declared nowhere the model can see", hint)
        self.values[name] = found
        return found

    def _find(self, name: str, where: Element) -> Value | None:
        from modelport_pmml.to_onnx.expression import derived
        from modelport_pmml.to_onnx.inputs import prepare_input, prepare_nested

        if name in self.mining:
            schema_field = self.mining[name]
            data_field = self.graph.document.fields.get(name)
            if self.parent is None:
                return prepare_input(schema_field, data_field, self) if name in self.graph.inputs else None
            return prepare_nested(schema_field, data_field, self.parent.resolve(name, schema_field), self)
        field_ = self._derived(name)
        if field_ is not None:
            return derived(field_, self)
        return self.parent.resolve(name, where) if self.parent is not None else None

    @property
    def transparent(self) -> bool:
        """Whether every field of the schema is handed on from the model around as it is."""
        return self.model is None or all(is_plain(item) for item in self.mining.values())

    def data_field(self, name: str) -> DataField | None:
        return self.graph.document.fields.get(name)

    def target(self, name: str | None = None) -> MiningField | None:
        """The first target of the schema, or that of a name."""
        found = self.targets
        return next((item for item in found if name in (None, item.name)), found[0] if found else None)

    @property
    def targets(self) -> tuple[MiningField, ...]:
        """The targets of the schema, in its order."""
        return tuple(item for item in self.mining.values() if item.usage_type in TARGETS)


def _circular(path: list[str], name: str, where: Element) -> InputError:
    chain = [*path[path.index(name) :], name]
    shown = chain if len(chain) <= SHOWN else [*chain[: SHOWN // 2], "…", *chain[-SHOWN // 2 :]]
    return where.bad(f"the derived field {name!r} depends on itself: {' → '.join(shown)}")


def references(expression: Element) -> tuple[str, ...]:
    """Names that an expression refers to."""
    found: dict[str, None] = {}
    for item in expression.walk():
        for attribute in ("field", "text_field"):
            name = getattr(item, attribute, None)
            if isinstance(name, str):
                found[name] = None
    return tuple(found)


def is_plain(item: MiningField) -> bool:
    """Whether a mining field asks for no treatment of its own; what it says of missing values in words counts only
    where another field asks (JPMML 1.7).
    """
    return item.usage_type not in ("active", "supplementary") or (
        item.outliers == "asIs"
        and item.missing_value_replacement is None
        and item.invalid_value_treatment == "returnInvalid"
        and item.optype is None
    )
