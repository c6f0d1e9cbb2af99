"""What the reader accepts at most. A real model stays far below; a hostile file must not exhaust the machine."""

MAX_DEPTH = 2048
"""Nested elements, tree nodes not counted: what libxml2 itself follows."""

MAX_NODE_DEPTH = 1500
"""Nested tree nodes; libxml2 itself stops at 2,048."""

MAX_NUMBER = 64
"""Characters of one number."""

VERSIONS = ("3.0", "3.1", "3.2", "4.0", "4.1", "4.2", "4.3", "4.4")
"""The versions of PMML whose semantics are known here; `4.2.1` and vendors' `4.3Ext` belong to 4.2 and 4.3."""
