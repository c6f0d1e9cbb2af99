"""A harness: one parser, the files it begins with, and what counts as an answer."""

import hashlib
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from modelport.errors import Defect, ModelportError

Mutate = Callable[[bytes, Random], bytes]
OPENS = frozenset({"os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.Popen"})
REACHES = frozenset({"socket.connect", "socket.bind", "os.remove", "os.rename", "shutil.rmtree", "webbrowser.open"})
UNPICKLES = frozenset({"pickle.find_class"})
"""Raised by Python's own unpicklers alone: the gate's machine overrides what raises it."""


@dataclass(frozen=True, slots=True)
class Harness:
    """What is fuzzed.

    Attributes:
        seeds: makes the files to begin with; called once, models are trained there.
        run: reads one file as a user would; a typed error is an answer, all else is a finding.
        suffix: of the file.
        mutate: changes a file in a way that fits its structure.
        forbidden: audit events that must never happen while it runs.
        covered: whether the parser is Python, so that coverage can guide what is changed.
    """

    seeds: Callable[[], Sequence[bytes]]
    run: Callable[[Path], None]
    suffix: str
    mutate: Mutate
    forbidden: frozenset[str] = frozenset()
    covered: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """How one input ended.

    Attributes:
        key: the same for errors that differ only in numbers and names.
        text: a traceback, where this is a finding.
    """

    key: str
    text: str | None = None


_events: list[str] = []
_watched: frozenset[str] = frozenset()


def watch(forbidden: frozenset[str]) -> None:
    """Installs the audit hook; it cannot be taken out again, so `forbidden` may be changed instead."""
    global _watched
    if not _watched:
        sys.addaudithook(lambda event, _: _events.append(event) if event in _watched else None)
    _watched = forbidden


def tried(harness: Harness, path: Path) -> Answer:
    """Runs a harness on a file."""
    _events.clear()
    try:
        harness.run(path)
        answer = Answer("read")
    except Defect as error:
        answer = _finding(error)
    except ModelportError as error:
        answer = Answer(f"{type(error).__name__}: {plain(error.what)}")
    except Exception as error:
        answer = _finding(error)
    if _events:
        return Answer(f"forbidden: {sorted(set(_events))}", f"audit events {_events}\n{answer.text or answer.key}")
    return answer


def plain(text: str) -> str:
    """A message without what differs from file to file."""
    text = ":".join(text.split(": ")[:2])
    text = re.sub(r"'[^']*'|\"[^\"]*\"|<[^>]*>", "…", text.splitlines()[0] if text else "")
    return re.sub(r"0x[0-9a-f]+|[-\d][\d.,e+-]*", "#", text)[:110]


def _finding(error: Exception) -> Answer:
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if "modelport" in frame.filename]
    last = own[-1] if own else traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.name}"
    return Answer(f"{type(error).__name__} in {where}", "".join(traceback.format_exception(error))[-6000:])


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
