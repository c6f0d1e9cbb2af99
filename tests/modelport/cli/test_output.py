"""What a file says reaches the terminal as text, never as a command to it."""

from pathlib import Path

import pytest

from modelport.cli import output
from modelport.cli.main import run

HOSTILE = "a\x1b]0;title\x07\x1b[2Jb\x9bc\u202ed\re"


def test_control_characters_are_written_out() -> None:
    shown = output.visible(HOSTILE)
    assert shown == "a\\x1b]0;title\\x07\\x1b[2Jb\\x9bc\\u202ed\\re"
    assert output.visible("Zürich → 3 °C\n\tand more") == "Zürich → 3 °C\n\tand more"


@pytest.mark.parametrize("verb", [["inspect"], ["inspect", "--json"], ["preflight"], ["convert", "x.onnx"]])
def test_a_hostile_name_in_a_pickle_commands_nothing(
    verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(b"\x80\x04\x8c\x02os\x8c" + bytes([len(HOSTILE.encode())]) + HOSTILE.encode() + b"\x93.")
    run([verb[0], str(path), *verb[1:]])
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert not any(mark in text for mark in ("\x1b]", "\x1b[2J", "\x07", "\r"))
    assert "title" in told.out + told.err
