"""`python -m tests.conformance.fuzz_pmml [--only ELEMENT] [--count N] [--seed S] [--shrink] [--keep FOLDER]`

Generates documents of each element, scores them with JPMML and with the compiler, and counts how many agree in a row.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from modelport.errors import CannotConvert, InputError, ModelportError
from tests.conformance.fuzz_pmml.frame import Row
from tests.conformance.fuzz_pmml.judge import disagreement
from tests.conformance.fuzz_pmml.listing import ELEMENTS, case
from tests.conformance.fuzz_pmml.oracle import Refused
from tests.conformance.fuzz_pmml.shrink import shrink


def verdict(text: str, rows: list[Row]) -> tuple[str, str]:
    """agree, refused, invalid (JPMML takes it not), or differ; and what differs."""
    try:
        found = disagreement(text, rows)
    except CannotConvert as error:
        return "refused", str(error)
    except Refused as error:
        return "invalid", str(error)
    except InputError as error:
        return "refused", f"bad input: {error}"
    except ModelportError as error:
        return "differ", f"{type(error).__name__}: {error}"
    except Exception as error:
        return "differ", f"{type(error).__name__}: {error}"
    return ("agree", "") if found is None else ("differ", found)


def run(element: str, count: int, seed: int, options: argparse.Namespace) -> int:
    tally: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    begun = time.perf_counter()
    for i in range(count):
        text, rows = case(Random(f"{element} {seed} {i}"), element)
        kind, why = verdict(text, rows)
        tally[kind] += 1
        if kind in ("refused", "invalid"):
            reasons[f"{kind}: {why[:90]}"] += 1
        if kind == "differ":
            _report(element, seed, i, text, rows, why, options)
            if tally["differ"] >= options.most:
                break
    took = time.perf_counter() - begun
    print(f"{element}: {dict(tally)} in {took:.0f} s", flush=True)
    for reason, times in reasons.most_common(options.reasons):
        print(f"    {times} × {reason}")
    return tally["differ"]


def _report(element: str, seed: int, i: int, text: str, rows: list[Row], why: str, options: argparse.Namespace) -> None:
    print(f"  {element} seed {seed} document {i}: {why[:600]}", flush=True)
    if options.shrink:
        first = why[:12]
        text = shrink(text, lambda smaller: verdict(smaller, rows)[1][:12] == first)
        print(f"    {text}\n    {verdict(text, rows)[1][:600]}", flush=True)
    if options.keep:
        Path(options.keep).mkdir(parents=True, exist_ok=True)
        path = Path(options.keep) / f"{element}-{seed}-{i}.pmml"
        path.write_text(text)
        path.with_suffix(".rows").write_text(repr(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=ELEMENTS, action="append")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("--keep")
    parser.add_argument("--most", type=int, default=5, help="disagreements after which an element is given up")
    parser.add_argument("--reasons", type=int, default=8, help="reasons of refusal that are listed")
    options = parser.parse_args()
    bad = sum(run(element, options.count, options.seed, options) for element in options.only or ELEMENTS)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
