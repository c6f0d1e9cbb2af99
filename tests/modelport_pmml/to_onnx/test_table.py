"""The tables, and the documentation that repeats them."""

import re
from pathlib import Path

import pytest

from modelport_pmml.reader.catalogue import MODELS as KNOWN
from modelport_pmml.to_onnx import table

DOCS = Path(__file__).parents[3] / "docs" / "pmml.md"
CONVERTED = (table.MODELS, table.EXPRESSIONS, table.FUNCTIONS, table.FEATURES)
REFUSED = (table.REFUSED, table.REFUSED_EXPRESSIONS, table.REFUSED_FUNCTIONS, table.REFUSED_FEATURES)


def rows(kind: str) -> set[str]:
    return set(re.findall(rf"^\| `([^`]+)` \| {kind} \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_documentation_lists_what_is_exact() -> None:
    assert rows("exact") == {name for part in CONVERTED for name in part}


def test_the_documentation_lists_what_is_refused_and_why() -> None:
    assert rows("refused") == {name for part in REFUSED for name in part}
    text = DOCS.read_text(encoding="utf-8")
    lines = [f"| `{name}` | refused | {why} |" for part in REFUSED for name, why in part.items()]
    assert [line for line in lines if line not in text] == []


def test_every_model_element_is_converted_or_refused() -> None:
    assert {kind.__name__ for kind in KNOWN} == {*table.MODELS, *table.REFUSED}


ENTRIES = [entry for part in CONVERTED for entry in part.values()]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.target)
def test_every_entry_resolves(entry: table.Lazy) -> None:
    assert callable(entry.resolve())
