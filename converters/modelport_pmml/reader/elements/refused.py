"""Models that are known by name and refused: they answer about sets of items, series or documents, not rows."""

from dataclasses import dataclass

from modelport_pmml.reader.elements.model import Model


@dataclass(frozen=True, kw_only=True)
class AssociationModel(Model):
    pass


@dataclass(frozen=True, kw_only=True)
class SequenceModel(Model):
    pass


@dataclass(frozen=True, kw_only=True)
class TimeSeriesModel(Model):
    pass


@dataclass(frozen=True, kw_only=True)
class TextModel(Model):
    pass
