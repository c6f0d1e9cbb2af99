"""The process that fuzzes one harness: `python -m tests.fuzz.child NAME FOLDER SECONDS [atheris|plain] [SEED]`.

It writes distinct answers and findings as it meets them, so that nothing is lost when it is ended.
"""

import json
import os
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.slot import Slot

ROOMS = ["modelport", "modelport_sklearn", "modelport_onnx", "modelport_columnar", "modelport_pmml"]
MEMORY = 2 << 30
EACH = 3
"""Inputs kept of one finding."""


class Work:
    """Runs inputs and keeps the book."""

    def __init__(self, name: str, folder: Path, harness: Any) -> None:
        from tests.fuzz.harness import watch

        self.name, self.folder, self.harness = name, folder, harness
        self.slot = Slot(folder / f"{name}.slot")
        self.answers: set[str] = set(_lines(folder / f"{name}.answers"))
        self.kept: dict[str, int] = {}
        self.path = Path(tempfile.mkdtemp(prefix="fuzz-")) / f"input{harness.suffix}"
        (self.path.parent / "weights.bin").write_bytes(bytes(64))
        watch(harness.forbidden)

    def one(self, data: bytes) -> bool:
        """Whether the answer is one that was not met before."""
        from tests.fuzz.harness import tried

        self.path.write_bytes(data)
        self.slot.begin(data)
        answer = tried(self.harness, self.path)
        self.slot.end()
        peak = max(resource.getrusage(who).ru_maxrss << 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        if peak > MEMORY:
            self.finding(f"memory of {peak:,} bytes", "", data)
            os._exit(3)  # the peak cannot be set back, so that the next input would be blamed too
        if answer.text is not None:
            self.finding(answer.key, answer.text, data)
        new = answer.key not in self.answers
        if new:
            self.answers.add(answer.key)
            with (self.folder / f"{self.name}.answers").open("a") as file:
                file.write(answer.key + "\n")
        return new

    def finding(self, key: str, text: str, data: bytes) -> None:
        if self.kept.get(key, 0) < EACH:
            self.kept[key] = self.kept.get(key, 0) + 1
            save(self.folder, self.name, key, text, data, self.harness.suffix)


def save(folder: Path, name: str, key: str, text: str, data: bytes, suffix: str) -> None:
    """Keeps the input of a finding, and a line about it."""
    from tests.fuzz.harness import digest

    place = folder / "findings"
    place.mkdir(exist_ok=True)
    file = place / f"{name}-{digest(data)}{suffix}"
    file.write_bytes(data)
    file.with_name(file.name + ".txt").write_text(f"{key}\n\n{text}")
    with (folder / "findings.jsonl").open("a") as lines:
        lines.write(json.dumps({"harness": name, "key": key, "input": file.name, "at": int(time.time())}) + "\n")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def plain(work: Work, corpus: list[bytes], seconds: float, seed: int) -> None:
    """Without coverage: seeds, and what gave a new answer, are changed over and over."""
    random, end = Random(seed), time.monotonic() + seconds
    pool = list(corpus)
    while time.monotonic() < end:
        data = work.harness.mutate(random.choice(pool), random)
        if work.one(data):
            pool.append(data)


def guided(work: Work, corpus: list[bytes], folder: Path, seconds: float, seed: int) -> None:
    """With coverage: libFuzzer chooses what is changed; half of the changes are its own."""
    import atheris  # type: ignore[import-untyped]  # it ships no types

    from tests.fuzz.harness import digest

    kept = folder / "corpus" / work.name
    kept.mkdir(parents=True, exist_ok=True)
    for data in corpus:
        (kept / digest(data)).write_bytes(data)

    def mutate(data: bytes, most: int, number: int) -> bytes:
        random = Random(number)
        if random.randrange(4) == 0:
            return bytes(atheris.Mutate(data, most))
        return bytes(work.harness.mutate(data, random)[:most])

    handled = [f"-handle_{name}=0" for name in ("segv", "bus", "abrt", "ill", "fpe", "int", "term", "xfsz")]
    options = [f"-max_total_time={max(1, int(seconds))}", "-max_len=262144", "-len_control=0", "-timeout=3600"]
    options += ["-rss_limit_mb=0", "-detect_leaks=0", f"-seed={seed}", *handled, f"-artifact_prefix={folder}/"]
    atheris.Setup(["fuzz", str(kept), *options], lambda data: work.one(data) and None, custom_mutator=mutate)
    atheris.Fuzz()


def main(name: str, folder: str, seconds: str, engine: str = "plain", seed: str = "0") -> None:
    warnings.simplefilter("ignore")
    begin = time.monotonic()
    if engine == "atheris":
        import atheris

        with atheris.instrument_imports(include=ROOMS):
            work, corpus = _ready(name, Path(folder))
    else:
        work, corpus = _ready(name, Path(folder))
    left = float(seconds) - (time.monotonic() - begin)
    if engine == "atheris" and work.harness.covered:
        guided(work, corpus, Path(folder), left, int(seed))
    else:
        plain(work, corpus, left, int(seed))


def _ready(name: str, folder: Path) -> tuple[Work, list[bytes]]:
    """The harness, its seeds, and all that they import; every seed is run once."""
    from tests.fuzz.table import HARNESSES

    work = Work(name, folder, HARNESSES[name])
    corpus = list(work.harness.seeds())
    for data in corpus:
        work.one(data)
    return work, corpus


if __name__ == "__main__":
    main(*sys.argv[1:])
