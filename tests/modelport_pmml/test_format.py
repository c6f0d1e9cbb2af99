import codecs
from pathlib import Path

import pytest

from modelport.artifacts import artifact
from modelport.errors import InputError, Unsafe
from modelport.formats import recognise
from modelport_pmml.document import PmmlDocument
from modelport_pmml.format import owns, sniff


@pytest.mark.parametrize(
    "head",
    [
        b'<PMML version="4.4">',
        b'<?xml version="1.0"?>\n<!-- a -->\n<PMML>',
        b'<p:PMML xmlns:p="http://www.dmg.org/PMML-4_4">',
        codecs.BOM_UTF8 + b"<PMML>",
        '<?xml version="1.0" encoding="UTF-16"?><PMML>'.encode("utf-16"),
        b"<!DOCTYPE PMML><PMML>",
    ],
)
def test_pmml_is_recognised(head: bytes) -> None:
    assert sniff(head)


@pytest.mark.parametrize("head", [b"", b"<html>", b"PMML", b"<PMMLX>", b"\x08\x0a", b"<x><PMML>", b"\x80\x04\x95"])
def test_other_files_are_not(head: bytes) -> None:
    assert not sniff(head)


def test_an_xml_file_is_recognised_by_its_content(tree: PmmlDocument, tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    path.write_bytes(tree.data)
    assert recognise(path).name == "pmml"
    assert artifact(path).model == tree


def test_a_name_that_lies(tmp_path: Path) -> None:
    path = tmp_path / "model.pmml"
    path.write_bytes(b"<html></html>")
    with pytest.raises(InputError, match="not PMML"):
        recognise(path)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "model.pmml"
    path.write_bytes(b"")
    with pytest.raises(InputError, match="empty"):
        recognise(path)


def test_a_document_type_is_told_when_the_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "model.pmml"
    path.write_bytes(b'<!DOCTYPE PMML [<!ENTITY x "y">]><PMML version="4.4"/>')
    with pytest.raises(Unsafe, match="DOCTYPE"):
        _ = artifact(path).model


def test_owns(tree: PmmlDocument) -> None:
    assert owns(tree)
    assert not owns(tree.data)
