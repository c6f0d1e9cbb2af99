"""Exports: a checked bundle as what a place of deployment takes."""

from modelport.exports.exporting import Exported, export
from modelport.exports.table import TARGETS, Target

__all__ = ["TARGETS", "Exported", "Target", "export"]
