import pyarrow as pa
import pytest

from modelport.errors import InputError
from modelport_pmml.types import ARROW, arrow_type, pmml_type, scalar


def test_types_go_there_and_back() -> None:
    assert {pmml_type(kind) for kind in ARROW.values()} == set(ARROW)
    assert all(pmml_type(arrow_type(name)) == name for name in ARROW)
    assert arrow_type("dateTime") == pa.string()


@pytest.mark.parametrize(
    ("text", "data_type", "value"),
    [("1", "integer", 1), ("1.0", "integer", 1), ("1", "double", 1.0), ("true", "boolean", True), ("1", "string", "1")],
)
def test_scalars(text: str, data_type: str, value: object) -> None:
    assert scalar(text, data_type) == value
    assert type(scalar(text, data_type)) is type(value)


@pytest.mark.parametrize(("text", "data_type"), [("x", "integer"), ("", "double"), ("2", "boolean")])
def test_what_is_no_value_of_the_type(text: str, data_type: str) -> None:
    with pytest.raises(InputError, match=data_type):
        scalar(text, data_type)
