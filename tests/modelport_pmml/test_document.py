import pickle
from pathlib import Path

import pytest

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport_pmml.document import PmmlDocument, document, read, write
from modelport_pmml.to_onnx.session import CompiledSession


def test_facts(tree: PmmlDocument) -> None:
    assert (tree.version, tree.application, tree.timestamp) == ("4.4", "a person 1", None)
    assert list(tree.fields) == ["age", "island", "sure", "kind"]
    assert tree.model.get("functionName") == "classification"


def test_bytes_survive_reading_and_writing(tree: PmmlDocument, tmp_path: Path) -> None:
    write(tree, tmp_path / "a.pmml")
    assert read(tmp_path / "a.pmml", Policy()) == tree
    assert (tmp_path / "a.pmml").read_bytes() == tree.data


def test_it_can_be_pickled(tree: PmmlDocument) -> None:
    assert pickle.loads(pickle.dumps(tree)) == tree


def test_every_truncation_is_bad_input(tree: PmmlDocument) -> None:
    for end in range(0, len(tree.data) - 1, 37):
        with pytest.raises(InputError):
            document(tree.data[:end])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html/>", "root is <html>"),
        ("<PMML/>", "version"),
    ],
)
def test_other_xml(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        document(text.encode())


def test_a_document_without_a_model() -> None:
    with pytest.raises(InputError, match="no model"):
        _ = document(b'<PMML version="4.4"><Header/></PMML>').model


def test_the_first_scorable_model_counts() -> None:
    text = b'<PMML version="4.4"><TreeModel isScorable="false"/><RegressionModel/><TreeModel/></PMML>'
    assert document(text).model.tag == "RegressionModel"


def test_a_file_beyond_the_limit_is_not_read(tree: PmmlDocument, tmp_path: Path) -> None:
    write(tree, tmp_path / "a.pmml")
    with pytest.raises(Unsafe, match="larger"):
        read(tmp_path / "a.pmml", Policy(max_bytes=10))


def test_the_tree_of_a_large_document_is_made_when_asked_for(
    tree: PmmlDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelport_pmml.document.LARGE", 10)
    monkeypatch.setattr("modelport_pmml.to_onnx.session.LARGE", 10)
    found = document(tree.data)
    assert not found.held
    assert found == tree
    session = CompiledSession(found)
    assert not found.held
    assert session.signature.classes == ("yes", "no")
    assert found.application == "a person 1"


def test_a_doctype_is_refused_in_a_large_document_too(tree: PmmlDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelport_pmml.document.LARGE", 10)
    with pytest.raises(Unsafe):
        document(b'<!DOCTYPE PMML [<!ENTITY a "b">]>' + tree.data.partition(b"?>")[2])
