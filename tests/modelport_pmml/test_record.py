"""Provenance in a PMML file."""

import pytest

from modelport.errors import Defect
from modelport_pmml.document import document
from modelport_pmml.record import record, recorded

WHOLE = '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">{header}<DataDictionary/></PMML>'


@pytest.mark.parametrize(
    "header",
    [
        '<Header><Application name="x"/></Header>',
        '<Header copyright="a &gt; b">\n <Application name="x"/></Header>',
        "<Header/>",
        '<Header description="x"/>',
        "<Header></Header>",
    ],
)
@pytest.mark.parametrize("text", ['{"a":[1,"<&>"]}', 'it\'s "quoted"'])
def test_it_is_read_back_from_the_tree_and_from_the_bytes(header: str, text: str) -> None:
    made = document(WHOLE.format(header=header).encode())
    assert recorded(made) is None
    written = record(made, text)
    assert recorded(written) == recorded(document(written.data)) == text
    first = document(written.data).root[0][0]
    assert first.get("extender") == "modelport", "extensions come before all else in a header"
    assert [item.tag for item in document(written.data).root] == [item.tag for item in made.root]


def test_a_document_without_a_header_is_none_of_a_converter() -> None:
    with pytest.raises(Defect):
        record(document(WHOLE.format(header="").encode()), "text")
