"""Reading a large PMML file: peak memory and time, in a process of its own.

python tests/benchmarks/bench_pmml_large.py [--mb 1000]
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEAD = (
    '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>'
    '<DataField name="x" optype="continuous" dataType="double"/>'
    '<DataField name="y" optype="continuous" dataType="double"/></DataDictionary>'
    '<MiningModel functionName="regression"><MiningSchema><MiningField name="x"/>'
    '<MiningField name="y" usageType="target"/></MiningSchema><Segmentation multipleModelMethod="average">\n'
)
TAIL = "</Segmentation></MiningModel></PMML>"


def segment(i: int, splits: int = 512) -> str:
    """A comb of splits on one field."""
    opened = "".join(
        f'<Node id="{k}"><SimplePredicate field="x" operator="lessOrEqual" value="{k + i / 7:.9f}"/>\n'
        f'<Node score="{k * 0.25}"><SimplePredicate field="x" operator="lessOrEqual" value="{k / 3:.9f}"/></Node>\n'
        for k in range(splits)
    )
    body = f'<Node><True/>{opened}<Node score="1"><True/></Node>{"</Node>" * splits}</Node>'
    schema = '<MiningSchema><MiningField name="x"/></MiningSchema>'
    tree = f'<TreeModel functionName="regression">{schema}{body}</TreeModel>'
    return f'<Segment id="{i}"><True/>{tree}</Segment>\n'


def make(path: Path, size: int) -> None:
    """Writes a forest of about `size` bytes, a tree at a time."""
    with path.open("w") as file:
        written, i = file.write(HEAD), 0
        while written < size:
            written += file.write(segment(i))
            i += 1
        file.write(TAIL)


def measure(path: Path) -> None:
    """Reads a file here, and says what it took."""
    from modelport_pmml.reader.nodes import Nodes
    from modelport_pmml.reader.read import read

    begun = time.perf_counter()
    document = read(path)
    took = time.perf_counter() - begun
    nodes = sum(len(item) for item in document.walk() if isinstance(item, Nodes))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{path.stat().st_size / 1e6:.0f} MB, {nodes:,} nodes: {took:.1f} s, at most {peak:.0f} MB of memory")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mb", type=float, default=1000.0)
    options.add_argument("--read", type=Path, help="only read this file")
    given = options.parse_args()
    if given.read:
        measure(given.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.pmml"
        make(path, int(given.mb * 1e6))
        subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


if __name__ == "__main__":
    main()
