"""Pmml: a whole document, typed. https://dmg.org/pmml/v4-4-1/GeneralStructure.html"""

from dataclasses import dataclass
from typing import ClassVar

from modelport_pmml.reader.element import Element, text
from modelport_pmml.reader.elements.dictionary import DataDictionary, DataField
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.transformations import TransformationDictionary


@dataclass(frozen=True, kw_only=True)
class Application(Element):
    name: str | None = None
    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class Timestamp(Element):
    content: str = text()


@dataclass(frozen=True, kw_only=True)
class Header(Element):
    copyright: str | None = None
    description: str | None = None
    model_version: str | None = None
    application: Application | None = None
    timestamp: Timestamp | None = None


@dataclass(frozen=True, kw_only=True)
class Pmml(Element):
    """A document.

    Attributes:
        models: in document order; the first that is scorable is the one that answers.
    """

    TAG: ClassVar[str] = "PMML"

    version: str
    header: Header | None = None
    data_dictionary: DataDictionary
    transformations: TransformationDictionary | None = None
    models: tuple[Model, ...] = ()

    @property
    def model(self) -> Model:
        """The first scorable model.

        Raises:
            InputError: there is none.
        """
        for item in self.models:
            if item.is_scorable:
                return item
        if self.unknown:
            raise self.refuse(f"the document has no model of a known kind, but <{self.unknown[-1].name}>")
        raise self.bad("the document holds no model that can be scored")

    @property
    def fields(self) -> dict[str, DataField]:
        """Data fields by name."""
        return {item.name: item for item in self.data_dictionary.fields}
