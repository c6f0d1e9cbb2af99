from pathlib import Path

from modelport_pmml.document import PmmlDocument, write
from modelport_pmml.inspect import inspect


def test_a_document(tree: PmmlDocument, tmp_path: Path) -> None:
    write(tree, tmp_path / "a.pmml")
    found = inspect(tmp_path / "a.pmml")
    assert (found.format, found.kind, found.producer, found.size) == ("pmml", "TreeModel", "a person 1", len(tree.data))
    assert found.steps == (("Node", 3), ("TreeModel", 1))
    assert found.facts == {"version": "4.4", "fields": 4, "function": "classification", "golden rows": 0}
    assert found.signature is not None
    assert found.signature.classes == ("yes", "no")


def test_a_document_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "a.pmml").write_bytes(b'<PMML version="4.4"><Header/></PMML>')
    found = inspect(tmp_path / "a.pmml")
    assert (found.kind, found.signature) == ("PMML without a model", None)
