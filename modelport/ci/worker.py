"""The process that works on one model: `python -m modelport.ci.worker`.

It reads one line of JSON on standard input, tells what it is doing line by line on what was standard output, and leaves
`result.json` among its results. When its input ends, whoever started it is gone, and it ends too.
"""

import json
import os
import sys
import warnings
from pathlib import Path
from threading import Thread
from typing import Any

RESULT = "result.json"
"""Where a result lies among its files."""


def main() -> None:
    """Works on one model."""
    told = _own_output()
    asked = json.loads(sys.stdin.readline())
    Thread(target=_end_with_the_input, daemon=True).start()
    warnings.simplefilter("ignore")
    from modelport.ci.job import work
    from modelport.ci.spec import ModelSpec

    last: list[str] = []

    def tell(stage: str) -> None:
        if last != [stage]:
            last[:] = [stage]
            print(json.dumps({"stage": stage}), file=told, flush=True)

    staging = Path(asked["staging"])
    found = work(ModelSpec.from_json(asked["spec"]), Path(asked["folder"]), staging, tell)
    (staging / RESULT).write_text(json.dumps(found.to_json(), ensure_ascii=False, allow_nan=False), encoding="utf-8")
    told.flush()
    sys.stderr.flush()
    os._exit(0)  # taking apart the libraries that were loaded takes time and changes nothing


def _own_output() -> Any:
    """Standard output as a stream of our own; what libraries print there goes to standard error from now on."""
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return kept


def _end_with_the_input() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
