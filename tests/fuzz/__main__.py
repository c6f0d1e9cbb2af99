"""Fuzzes every parser: `python -m tests.fuzz --minutes 120 [--only pickle,onnx] [--folder DIR]`.

Each harness in turn gets a slice of the time, in a process of its own. The folder receives `log.jsonl` (a line for
each slice), `findings.jsonl` and, in `findings/`, every input that made a parser crash, hang, fill the memory, run
something, or raise what is no error of modelport's own. The exit code is 1 if there is any.

With atheris installed, coverage guides the changes in parsers that are written in Python; without it they are random.
"""

import argparse
import json
import signal
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz import slices
from tests.fuzz.table import HARNESSES


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0, help="in all, shared by the harnesses")
    parser.add_argument("--slice", type=float, default=300.0, help="seconds that one harness gets at a time")
    parser.add_argument("--only", default="", help=f"some of: {', '.join(HARNESSES)}")
    parser.add_argument("--folder", type=Path, default=Path("fuzz-results"), help="where results go")
    best = "atheris" if find_spec("atheris") else "plain"
    parser.add_argument("--engine", choices=("atheris", "plain"), default=best)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> int:
    """Round and round until the time is over."""
    chosen = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the process at work is ended too
    chosen.folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in HARNESSES if not chosen.only or name in chosen.only.split(",")]
    end, seed, bad = time.monotonic() + 60 * chosen.minutes, chosen.seed, False
    while end - time.monotonic() > slices.LEAST:
        for name in names:
            left = end - time.monotonic()
            if left > slices.LEAST:
                seed += 100
                done = slices.run(name, chosen.folder.resolve(), min(chosen.slice, left), chosen.engine, seed)
                print(json.dumps(done.to_json()), flush=True)
                bad = bad or bool(done.findings or done.broken)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
