"""Parity: do models in several formats and runtimes give the same answers, where do they not, and what is proved."""

from modelport.parity.engine import compare
from modelport.parity.report import ParityReport
from modelport.parity.settings import Settings

__all__ = ["ParityReport", "Settings", "compare"]
