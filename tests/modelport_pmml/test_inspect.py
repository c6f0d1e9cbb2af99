from pathlib import Path

import pytest

from modelport.errors import InputError
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
    (tmp_path / "a.pmml").write_bytes(b'<PMML version="4.4"><Header/><DataDictionary/></PMML>')
    found = inspect(tmp_path / "a.pmml")
    assert (found.kind, found.signature) == ("PMML without a model", None)


def test_what_is_not_known_is_named_with_its_line(tree: PmmlDocument, tmp_path: Path) -> None:
    text = tree.data.decode().replace("<Node id=", "<Novelty/>\n<Node id=", 1)
    (tmp_path / "a.pmml").write_text(text)
    line = text[: text.index("<Novelty/>")].count("\n") + 1
    assert inspect(tmp_path / "a.pmml").warnings == (f"<Novelty> at line {line} is no element that is known here",)


def test_a_bad_document_is_an_error_with_its_line(tree: PmmlDocument, tmp_path: Path) -> None:
    (tmp_path / "a.pmml").write_text(tree.data.decode().replace('operator="lessOrEqual"', 'operator="about"'))
    with pytest.raises(InputError, match="about") as caught:
        inspect(tmp_path / "a.pmml")
    assert "line" in str(caught.value.where)


def test_extensions_and_large_files(tree: PmmlDocument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelport_pmml.inspect.SMALL", 0)
    (tmp_path / "a.pmml").write_text(tree.data.decode().replace("</PMML>", "<Extension/></PMML>"))
    found = inspect(tmp_path / "a.pmml")
    assert found.warnings == ("it has vendor extensions, which evaluators ignore",)
    assert found.signature is not None
    assert [column.name for column in found.signature.inputs] == ["island", "age"]
