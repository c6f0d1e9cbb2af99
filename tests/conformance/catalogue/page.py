"""docs/coverage.md in parts, each written by a run of its own: a marker line before each part but the first."""

from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"
MARK = "<!-- part: {} -->"


def parts(path: Path = PAGE) -> dict[str, str]:
    """Name → text; the part before the first marker is `onnx`."""
    found, name = {"onnx": ""}, "onnx"
    for line in path.read_text().splitlines(keepends=True) if path.exists() else ():
        if line.startswith("<!-- part: "):
            name = line.removeprefix("<!-- part: ").removesuffix("-->\n").strip()
            found[name] = ""
        else:
            found[name] += line
    return found


def put(name: str, text: str, path: Path = PAGE) -> None:
    """Replaces one part, or adds it at the end."""
    found = parts(path) | {name: text}
    lines = [text if key == "onnx" else f"{MARK.format(key)}\n{text}" for key, text in found.items()]
    path.write_text("\n".join(line.strip("\n") + "\n" for line in lines))


def rows(name: str, path: Path = PAGE) -> dict[str, list[str]]:
    """Case name → the cells of its row in the tables of one part."""
    text = parts(path).get(name, "").splitlines()
    lines = (line.strip().strip("|").split("|") for line in text if line.startswith("|"))
    table = ([cell.strip() for cell in cells] for cells in lines if len(cells) > 1)
    return {cells[0]: cells[1:] for cells in table if cells[0] != "case" and not cells[0].startswith("---")}
