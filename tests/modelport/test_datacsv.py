"""CSV as people write it: separators, quotes and encodings that leave no doubt are read, the others are refused."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from modelport.data import data, fitted, notes, suited
from modelport.errors import DataError, InputError
from modelport.signature import Column, Signature

PLAIN = "name,age\nAnna,31\nBjörn,42\n"
ROWS = {"name": ["Anna", "Björn"], "age": [31, 42]}
BOTH = Signature((Column("name", pa.string()), Column("age", pa.float64())))


def read(path: Path) -> dict[str, Any]:
    return pa.Table.from_batches(list(data(path).batches())).to_pydict()


def file(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "rows.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_encoding_that_the_first_bytes_tell_is_read(encoding: str, tmp_path: Path) -> None:
    path = file(tmp_path, PLAIN, encoding)
    assert read(path) == ROWS
    unusual = [] if encoding.startswith("utf-8") else [f"rows.csv is in {encoding.upper()}, as its first bytes say"]
    assert notes(data(path), BOTH) == unusual


def test_utf_16_that_does_not_say_so_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="UTF-16 without the mark"):
        data(file(tmp_path, PLAIN, "utf-16-le"))


def test_text_of_an_unknown_encoding_is_refused_with_its_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column 'name' holds text that is not UTF-8"):
        data(file(tmp_path, PLAIN, "latin-1"))


def test_so_it_is_far_from_the_beginning(tmp_path: Path) -> None:
    late = PLAIN.encode().replace("ö".encode(), b"o") + b"Carl,1\n" * 300_000 + b"J\xf6rg,2\n"
    with pytest.raises(DataError, match="column 'name' holds text that is not UTF-8"):
        read(file(tmp_path, late))


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_told_from_the_rows(mark: str, word: str, tmp_path: Path) -> None:
    path = file(tmp_path, PLAIN.replace(",", mark))
    assert read(path) == ROWS
    assert notes(data(path), BOTH) == [f"rows.csv is separated by {word}"]


def test_two_separators_that_fit_equally_well_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="commas or semicolons"):
        data(file(tmp_path, "a,b;c\n1,2;3\n"))


def test_separators_inside_quotes_and_decimal_commas_do_not_mislead(tmp_path: Path) -> None:
    assert read(file(tmp_path, 'a;b\n"x;y";1\n"p,q";2\n')) == {"a": ["x;y", "p,q"], "b": [1, 2]}
    assert read(file(tmp_path, "a;b\n1,5;2,5\n")) == {"a": ["1,5"], "b": ["2,5"]}


def test_a_single_column_needs_no_separator(tmp_path: Path) -> None:
    assert read(file(tmp_path, "a\n1\n2\n")) == {"a": [1, 2]}


def test_quotes_within_quotes_and_lines_within_values(tmp_path: Path) -> None:
    path = file(tmp_path, 'a,b\n"say ""hi""",1\n"two\nlines",2\n')
    assert read(path) == {"a": ['say "hi"', "two\nlines"], "b": [1, 2]}


def test_single_quotes_are_quotes_if_the_header_has_them(tmp_path: Path) -> None:
    path = file(tmp_path, "'name','age'\n'Anna, B.',31\n")
    assert read(path) == {"name": ["Anna, B."], "age": [31]}
    assert notes(data(path), BOTH) == ["rows.csv is quoted with '"]
    apostrophes = file(tmp_path, "name,age\nO'Neill,31\n")
    assert read(apostrophes) == {"name": ["O'Neill"], "age": [31]}


def test_text_that_looks_like_numbers_or_days_stays_text(tmp_path: Path) -> None:
    path = file(tmp_path, "zip,day\n01234,2026-01-31\n99999,2026-02-01\n")
    texts = Signature((Column("zip", pa.string()), Column("day", pa.string())))
    (batch,) = fitted(path, texts)
    assert batch.to_pydict() == {"zip": ["01234", "99999"], "day": ["2026-01-31", "2026-02-01"]}


def test_numbers_that_are_whole_at_first_may_have_fractions_later(tmp_path: Path) -> None:
    path = file(tmp_path, "name,age\n" + "a,1\n" * 400_000 + "a,1.5\n")
    ages = [value for batch in fitted(path, BOTH) for value in batch.column("age").to_pylist()[-1:]]
    assert ages[-1] == 1.5


def test_a_value_that_is_no_number_names_its_column(tmp_path: Path) -> None:
    path = file(tmp_path, "name,age\n" + "a,1\n" * 400_000 + "a,old\n")
    with pytest.raises(DataError, match=r"column 'age': .*'old'"):
        list(fitted(path, BOTH))


def test_a_row_of_another_length_is_one_typed_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Expected 2 columns, got 3"):
        read(file(tmp_path, "a,b\n1,2\n1,2,3\n"))


def test_a_folder_of_files_is_read_in_the_types_that_are_wanted(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("name,age\n007,1\n")
    (tmp_path / "2.csv").write_text("age,name\n2.5,b\n")
    batches = list(suited(data(tmp_path), BOTH).batches())
    assert [batch.column("name").to_pylist() for batch in batches] == [["007"], ["b"]]
    assert [value for batch in fitted(tmp_path, BOTH) for value in batch.column("age").to_pylist()] == [1.0, 2.5]
