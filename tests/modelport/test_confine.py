"""The confined process: no network, no programs, no files; each wall stands alone, and is missed when it is gone."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modelport import confine
from modelport.errors import Unsafe
from modelport.rehearsal import Load, rehearse

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a fresh interpreter is started instead")


def blocked(work: Callable[[], object]) -> bool:
    """Whether a confined process is refused this by the system."""

    def attempt() -> None:
        try:
            work()
        except OSError as error:
            raise Unsafe(f"blocked: {error}") from error

    try:
        rehearse(Load(b"", "", forked=attempt))
    except Unsafe as error:
        return error.what.startswith("blocked")  # otherwise it went away, as a replaced program does
    return False


def reach(port: int) -> Callable[[], object]:
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=2).close()


WALLS = {"empty_network": "the namespace", "refuse_calls": "the filter"}


@pytest.mark.parametrize("gone", [*WALLS, None], ids=[*(f"without {wall}" for wall in WALLS.values()), "with both"])
def test_the_network_is_out_of_reach(gone: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if gone:
        monkeypatch.setattr(confine, gone, lambda: False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert blocked(reach(server.getsockname()[1]))


def test_without_either_wall_the_network_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    for wall in WALLS:
        monkeypatch.setattr(confine, wall, lambda: False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not blocked(reach(server.getsockname()[1]))


def actions(folder: Path) -> dict[str, Callable[[], object]]:
    (folder / "kept").write_text("x")
    return {
        "a program": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "a replaced program": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
        "a deleted file": lambda: (folder / "kept").unlink(),
        "a renamed file": lambda: (folder / "kept").rename(folder / "other"),
        "a link": lambda: (folder / "link").symlink_to("kept"),
        "a signal to another process": lambda: os.kill(os.getppid(), 0),
    }


NAMES = ("a program", "a replaced program", "a deleted file", "a renamed file", "a link", "a signal to another process")


@pytest.mark.parametrize("name", NAMES)
def test_the_filter_refuses(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert blocked(actions(tmp_path)[name])
    assert (tmp_path / "kept").exists()
    monkeypatch.setattr(confine, "refuse_calls", lambda: False)
    assert not blocked(actions(tmp_path)[name]), "without the filter it succeeds, so the filter is what refuses it"


def test_nothing_is_written() -> None:
    assert blocked(lambda: Path("/tmp/modelport-confined").write_text("x"))


def test_every_machine_has_a_number_for_each_name() -> None:
    assert len(confine.MACHINES["x86_64"][1]) == len(confine.NAMES)
    assert len(confine.MACHINES["aarch64"][1]) == len(confine.NAMES) - 6
    for _, numbers in confine.MACHINES.values():
        assert len(set(numbers)) == len(numbers)
