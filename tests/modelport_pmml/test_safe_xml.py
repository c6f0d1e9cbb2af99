import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelport.errors import InputError, ModelportError, Unsafe
from modelport_pmml.document import document
from modelport_pmml.safe_xml import MAX_DEPTH, parse

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE PMML [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><PMML version="4.4"><Header copyright="&c;"/></PMML>'
)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE PMML><PMML version="4.4"/>',
        '<!doctype PMML SYSTEM "http://127.0.0.1:9/x.dtd"><PMML version="4.4"/>',
        '<?xml version="1.0"?><!-- hello --><!DOCTYPE PMML SYSTEM "file:///etc/passwd"><PMML version="4.4"/>',
        LAUGHS,
    ],
)
def test_a_document_type_is_refused(text: str) -> None:
    with pytest.raises(Unsafe, match="DOCTYPE"):
        parse(text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused_in_every_encoding(encoding: str) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE PMML [<!ENTITY x "y">]><PMML version="4.4"/>'
    with pytest.raises(Unsafe):
        parse(text.encode(encoding))


def test_an_entity_without_a_definition_is_refused() -> None:
    with pytest.raises(Unsafe, match="entity"):
        parse(b'<PMML version="4.4"><Header>&secret;</Header></PMML>')


def test_the_five_entities_of_xml_itself_are_read() -> None:
    assert (
        parse(b'<PMML version="4.4"><Header copyright="a &lt; b &amp; c"/></PMML>')[0].get("copyright") == "a < b & c"
    )


def test_a_document_type_inside_the_text_is_only_text() -> None:
    assert parse(b"<PMML version='4.4'><Header><![CDATA[<!DOCTYPE x>]]></Header></PMML>")[0].text == "<!DOCTYPE x>"


def test_nesting_has_a_limit() -> None:
    deep = MAX_DEPTH - 1
    assert parse(b"<PMML>" + b"<N>" * deep + b"</N>" * deep + b"</PMML>") is not None
    with pytest.raises(Unsafe, match="deep"):
        parse(b"<PMML>" + b"<N>" * MAX_DEPTH + b"</N>" * MAX_DEPTH + b"</PMML>")
    with pytest.raises(Unsafe, match="deep"):
        parse(b"<PMML>" + b"<N>" * 100_000 + b"</N>" * 100_000 + b"</PMML>")


def test_a_long_text_is_read() -> None:
    long = b"1.5 " * 4_000_000
    assert len(parse(b"<PMML><Array>" + long + b"</Array></PMML>")[0].text or "") == len(long)


@pytest.mark.parametrize("data", [b"", b"  \n", b"<PMML", b"not xml", b"\x80\x04", b"<PMML version='4.4'><Header>"])
def test_what_is_no_complete_xml_is_bad_input(data: bytes) -> None:
    with pytest.raises(InputError):
        parse(data)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_our_own_errors(data: bytes) -> None:
    with pytest.raises(ModelportError):
        document(b'<PMML version="4.4">' + data)
    with contextlib.suppress(ModelportError):
        document(data)
