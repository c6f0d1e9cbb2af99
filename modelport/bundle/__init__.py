"""The bundle: one file that holds a model in every format, with the evidence that they agree.

A `.mport` file is a ZIP archive that any tool can list. Its members are stored, not compressed: the same models give
the same bytes with every zlib, and no small file can unfold into a large one.
"""

from modelport.bundle.building import Bundle, build
from modelport.bundle.checking import CheckReport, GoldenRun, check
from modelport.bundle.inspecting import inspect
from modelport.bundle.manifest import Manifest

__all__ = ["Bundle", "CheckReport", "GoldenRun", "Manifest", "build", "check", "inspect"]
