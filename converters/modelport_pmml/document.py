"""PmmlDocument: the live model of the format `pmml`, immutable: its bytes, and the tree they stand for."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from modelport.errors import InputError
from modelport.formats import Policy
from modelport_pmml.reader.prolog import check_prolog
from modelport_pmml.safe_xml import child, children, local, parse, read_bytes

MODELS = (
    "AnomalyDetectionModel", "AssociationModel", "BaselineModel", "BayesianNetworkModel", "ClusteringModel",
    "GaussianProcessModel", "GeneralRegressionModel", "MiningModel", "NaiveBayesModel", "NearestNeighborModel",
    "NeuralNetwork", "RegressionModel", "RuleSetModel", "Scorecard", "SequenceModel", "SupportVectorMachineModel",
    "TextModel", "TimeSeriesModel", "TreeModel",
)  # fmt: skip
"""The model elements of PMML 4.4 (https://dmg.org/pmml/v4-4-1/GeneralStructure.html)."""


LARGE = 128 << 20
"""Bytes of a document whose tree (ten times its size) is made only where it is asked for; the typed reader streams."""


Part = bytes | str | Callable[[], str]
"""Of a document: its text, or what makes it, the same each time."""


@dataclass(frozen=True, slots=True, eq=False)
class PmmlDocument:
    """A PMML document. Two documents are equal if their bytes are.

    Attributes:
        parts: its text in parts. Those of a forest are made when they are asked for: it may be larger than memory.
        held: its tree, once somebody looked at it.
    """

    parts: list[Part] = field(repr=False)
    held: list[etree._Element] = field(default_factory=list, repr=False)

    @property
    def data(self) -> bytes:
        """Its bytes, as read or written; once somebody asked, they are kept."""
        if len(self.parts) != 1 or not isinstance(self.parts[0], bytes):
            joined = io.BytesIO()
            joined.writelines(self.chunks())
            self.parts[:] = [joined.getvalue()]
        found = self.parts[0]
        assert isinstance(found, bytes), "joined above"
        return found

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, part by part."""
        for part in self.parts:
            text = part() if callable(part) else part
            yield text if isinstance(text, bytes) else text.encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PmmlDocument) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    @property
    def root(self) -> etree._Element:
        """The parsed `PMML` element; to be looked at, never changed (`etree.fromstring(data)` gives one's own)."""
        if not self.held:
            self.held.append(_parsed(self.data, None))
        return self.held[0]

    def __reduce__(self) -> tuple[object, ...]:
        return document, (self.data,)

    @property
    def version(self) -> str:
        """`4.4`, as the document says."""
        return self.root.get("version", "")

    @property
    def application(self) -> str | None:
        """Name and version of the program that wrote it, from the header."""
        header = child(self.root, "Header")
        found = None if header is None else child(header, "Application")
        if found is None:
            return None
        return " ".join(part for part in (found.get("name"), found.get("version")) if part) or None

    @property
    def timestamp(self) -> str | None:
        header = child(self.root, "Header")
        found = None if header is None else child(header, "Timestamp")
        return None if found is None else (found.text or "").strip() or None

    @property
    def model(self) -> etree._Element:
        """The model that scores: the first that is scorable (`isScorable`), as evaluators take it.

        Raises:
            InputError: the document holds no model.
        """
        found = [item for item in self.root if local(item) in MODELS]
        scorable = [item for item in found if item.get("isScorable", "true") == "true"]
        if not scorable:
            raise InputError(
                "this PMML document holds no model that can be scored", where=f"line {self.root.sourceline}, PMML",
                hint="it may be a transformation only",
            )  # fmt: skip
        return scorable[0]

    @property
    def fields(self) -> dict[str, etree._Element]:
        """The data dictionary: field name → `DataField`."""
        dictionary = child(self.root, "DataDictionary")
        items = [] if dictionary is None else children(dictionary, "DataField")
        return {item.get("name", ""): item for item in items}


def document(data: bytes, where: str | None = None) -> PmmlDocument:
    """A document from its bytes.

    Raises:
        Unsafe: see `safe_xml.parse`.
        InputError: no XML, or XML of another kind.
    """
    if len(data) <= LARGE:
        return PmmlDocument([data], [_parsed(data, where)])
    check_prolog(io.BytesIO(data), where or "the document")
    return PmmlDocument([data])


def _parsed(data: bytes, where: str | None) -> etree._Element:
    root = parse(data, where)
    place = f"{where or 'PMML'}, line {root.sourceline}"
    if local(root) != "PMML":
        raise InputError(f"this is XML, but not PMML: its root is <{local(root)}>", where=place)
    if not root.get("version"):
        raise InputError("this PMML document does not say its version", where=place, hint='add version="4.4" to <PMML>')
    return root


def read(path: Path, policy: Policy) -> PmmlDocument:
    """Reads a file; see `document`. Nothing outside the file is looked at."""
    return document(read_bytes(path, policy.max_bytes), str(path))


def write(model: PmmlDocument, path: Path) -> None:
    """Writes the document's bytes, unchanged."""
    with path.open("wb") as file:
        file.writelines(model.chunks())
