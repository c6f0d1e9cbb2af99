"""One pass over the document. Tree nodes and table rows become compact as they end; the rest is small enough to keep.

libxml2 would need ten bytes of memory for each byte of a document. What makes documents large are tree nodes and
the rows of inline tables, so these two never pile up: each is reduced and cleared at its end tag, and what they
were reduced to is bound later in place of a placeholder whose name is a random token.
"""

from array import array
from collections.abc import Mapping
from typing import Any, BinaryIO
from uuid import uuid4

from lxml import etree

from modelport.errors import InputError, Unsafe
from modelport_pmml.reader.bind import IGNORED, bind, line_of, local
from modelport_pmml.reader.element import Location, Predicate, Unknown
from modelport_pmml.reader.elements import predicates
from modelport_pmml.reader.limits import MAX_NODE_DEPTH
from modelport_pmml.reader.nodes import (
    DEFAULT,
    FALSE,
    FIELD,
    IDENT,
    KIND,
    LINE,
    OPERATOR,
    OTHER,
    SCORE,
    SIMPLE,
    TRUE,
    VALUE,
    WIDTH,
    NodesBuilder,
)
from modelport_pmml.reader.prolog import not_xml
from modelport_pmml.reader.scalars import number

Xml = etree._Element
_OPERATORS: dict[str, int] = {name: i for i, name in enumerate(predicates.OPERATORS)}
_CONSTANT = {"True": TRUE, "False": FALSE}
_COMPOUND = {"SimpleSetPredicate": predicates.SimpleSetPredicate, "CompoundPredicate": predicates.CompoundPredicate}


def parse(stream: BinaryIO, where: str) -> tuple[Xml, dict[str, Any]]:
    """The document's tree with placeholders, and what they stand for.

    Raises:
        InputError: it is not well-formed, or a tree node or table row is malformed.
        Unsafe: it has a DOCTYPE, or is nested too deeply.
    """
    held: dict[str, Any] = {}
    work = _Compactor(held)
    events = etree.iterparse(
        stream, events=("start", "end"), tag=("{*}PMML", "PMML", "{*}Node", "Node", "{*}InlineTable", "InlineTable",
                                              "{*}row", "row"),
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for event, xml in events:
            work.step(event, xml)
    except etree.XMLSyntaxError as error:
        raise _syntax(error, where) from error
    root: Xml = events.root
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unsafe("the document has a DOCTYPE", where=where, hint="PMML needs none: remove it")
    return root, held


def _syntax(error: etree.XMLSyntaxError, where: str) -> InputError | Unsafe:
    reason = str(error.msg or error).split(", line")[0]
    line = error.lineno or 0
    if "depth" in reason.lower():
        return Unsafe("elements are nested too deeply", where=f"{where}, line {line}")
    return not_xml(reason, where, line)


class _Compactor:
    """Reduces nodes and rows as their tags end."""

    def __init__(self, held: dict[str, Any]) -> None:
        self.held = held
        self.open: list[int] = []
        self.nodes = NodesBuilder()
        self.rows: list[Mapping[str, str]] = []

    def step(self, event: str, xml: Xml) -> None:
        tag = local(xml)
        if tag == "Node":
            if event == "start":
                self._open(xml)
            else:
                self._close(xml)
        elif event == "end" and tag == "row":
            self.rows.append({local(cell): cell.text or "" for cell in xml if local(cell)})
            xml.clear()
        elif event == "end" and tag == "InlineTable":
            self._table(xml)

    def _table(self, xml: Xml) -> None:
        token = f"t{uuid4().hex}"
        self.held[token], self.rows = tuple(self.rows), []
        xml.clear()
        etree.SubElement(xml, token)

    def _open(self, xml: Xml) -> None:
        if len(self.open) >= MAX_NODE_DEPTH:
            raise Unsafe(f"tree nodes are nested more than {MAX_NODE_DEPTH} deep", where=f"line {xml.sourceline}")
        if not self.open:
            self.nodes = NodesBuilder()
        self.open.append(self.nodes.add(self.open[-1] if self.open else -1, line_of(xml)))

    def _close(self, xml: Xml) -> None:
        node, build = self.open.pop(), self.nodes
        ints, at, get = build.ints, node * WIDTH, xml.get
        ints[at + SCORE] = build.name(get("score"))
        ints[at + IDENT] = build.name(get("id"))
        ints[at + DEFAULT] = build.name(get("defaultChild"))
        count = get("recordCount")
        if count is not None:
            build.record_count[node] = number(count, "recordCount", _at(xml))
        for child in xml:
            self._part(node, child)
        if ints[at + KIND] < 0:
            raise InputError("a tree node has no predicate", where=str(_at(xml)))
        xml.clear()
        if not self.open:
            token = f"n{uuid4().hex}"
            self.held[token] = build.build(at=Location("Node", ints[LINE]))
            xml.tag = token

    def _part(self, node: int, xml: Xml) -> None:
        tag, ints, at = local(xml), self.nodes.ints, node * WIDTH
        if tag in ("Node", ""):
            return
        if tag == "ScoreDistribution":
            self._distribution(node, xml)
        elif tag == "SimplePredicate":
            self._simple(node, xml)
        elif tag in _CONSTANT:
            ints[at + KIND] = _CONSTANT[tag]
        elif tag in _COMPOUND:
            found: Predicate = bind(xml, _COMPOUND[tag], Location("Node", ints[at + LINE]), {})
            ints[at + KIND], ints[at + FIELD] = OTHER, len(self.nodes.others)
            self.nodes.others.append(found)
        elif tag not in IGNORED:
            self.nodes.unknown.append(Unknown(tag, _at(xml)))

    def _simple(self, node: int, xml: Xml) -> None:
        ints, build, at = self.nodes.ints, self.nodes, node * WIDTH
        field, operator, value = xml.get("field"), xml.get("operator"), xml.get("value")
        if field is None or operator not in _OPERATORS:
            bind(xml, predicates.SimplePredicate, None, {})  # says what is wrong
        ints[at + KIND] = SIMPLE
        ints[at + FIELD] = build.name(field)
        ints[at + OPERATOR] = _OPERATORS[operator or ""]
        ints[at + VALUE] = build.name(value)

    def _distribution(self, node: int, xml: Xml) -> None:
        value = xml.get("value")
        if value is None:
            raise InputError("a ScoreDistribution needs the attribute value", where=str(_at(xml)))
        values, floats = self.nodes.distributions.setdefault(node, (array("i"), array("d")))
        values.append(self.nodes.name(value))
        for name in ("recordCount", "confidence", "probability"):
            text = xml.get(name)
            floats.append(float("nan") if text is None else number(text, name, _at(xml)))


def _at(xml: Xml) -> Location:
    return Location(local(xml), line_of(xml))
