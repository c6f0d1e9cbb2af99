"""`modelport demo`: a real model, all the way: convert, verify, package, check; each command as one would type it."""

import shlex
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modelport.cli import completing, options

if TYPE_CHECKING:
    from modelport.recipes import Recipe

EXAMPLES = ("modelport demo", "modelport demo --fixture cars --dir /tmp/cars")

Folder = Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where the files go; made if it is missing.")]
Fixture = Annotated[
    str | None,
    typer.Option(
        "--fixture",
        metavar="NAME",
        help="Which model; [italic]list[/italic] shows them all.",
        autocompletion=completing.fixtures,
    ),
]


@dataclass(frozen=True, slots=True)
class Step:
    """A command that was run.

    Attributes:
        title: what it is for.
        arguments: as typed after `modelport`.
        code: its exit code.
        seconds: it took.
    """

    title: str
    arguments: tuple[str, ...]
    code: int
    seconds: float

    @property
    def command(self) -> str:
        return "modelport " + shlex.join(self.arguments)


def demo(directory: Folder = Path("modelport-demo"), fixture: Fixture = None, json: options.Json = False) -> int:
    """Show everything on a real model: train it, convert it to ONNX and PMML, verify, package, check.

    Every command is shown as it could be typed by hand, and everything it writes stays in DIR.
    """
    from modelport import recipes

    if fixture == "list":
        return _list(json)
    recipe = recipes.ready_recipe(fixture or recipes.DEMO)
    begin = time.perf_counter()
    directory.mkdir(parents=True, exist_ok=True)
    model, rows = _train(recipe, directory)
    steps = _run(model, rows, directory)
    _show(steps, directory, time.perf_counter() - begin)
    code = next((step.code for step in steps if step.code), 0)
    if json:
        _emit(recipe, steps, directory, code)
    return code


def _train(recipe: "Recipe", directory: Path) -> tuple[Path, Path]:
    """Trains the model of a recipe; the paths of the pickle and of rows it has not seen."""
    import pyarrow.parquet as pq

    from modelport import api
    from modelport.cli import output
    from modelport.cli.progress import stages
    from modelport.data import data

    output.say(f"[bold]{output.escape(recipe.title)}[/bold]")
    with stages(f"training {recipe.name}"):
        model = api.save(recipe.train(), directory / f"{recipe.name}.pkl", force=True)
    rows = directory / f"{recipe.name}-rows.parquet"
    source = data(recipe.data())
    with pq.ParquetWriter(rows, source.schema) as writer:
        for batch in source.batches():
            writer.write_batch(batch)
    output.say(f"[dim]trained by {output.escape(recipe.folder.name)}/recipe.py; wrote {model} and {rows}[/dim]")
    return model, rows


def _run(model: Path, rows: Path, directory: Path) -> list[Step]:
    """Every command in turn; what could not be converted is left out of the commands that follow."""
    bundle = str(model.with_suffix(".mport"))
    data = ("--data", str(rows))
    steps = []
    made = [str(model)]
    for suffix, title in ((".onnx", "convert to ONNX"), (".pmml", "convert to PMML")):
        target = str(model.with_suffix(suffix))
        steps.append(_step(title, "convert", str(model), target, *data, "--force"))
        made += [target] if steps[-1].code == 0 else []
    if len(made) == 1:
        return steps
    steps.append(_step("verify in every runtime", "verify", *made, *data))
    steps.append(_step("package", "package", *made, "-o", bundle, *data, "--force"))
    if steps[-1].code == 0:
        steps.append(_step("check the package", "check", bundle))
    return steps


def _step(title: str, *arguments: str) -> Step:
    from modelport.cli import main, output

    output.say(f"\n[bold cyan]$[/bold cyan] [bold]modelport {output.escape(shlex.join(arguments))}[/bold]")
    begin = time.perf_counter()
    code = main.run(arguments)
    if code == 130:
        raise KeyboardInterrupt
    return Step(title, arguments, code, time.perf_counter() - begin)


def _show(steps: list[Step], directory: Path, seconds: float) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    shown = table("", "what was done", "time", right=("time",))
    for step in steps:
        shown.add_row("[green]✓[/green]" if not step.code else "[red]✗[/red]", step.title, f"{step.seconds:.1f} s")
    files = table("what was written", "size", right=("size",))
    for path in sorted(directory.iterdir()):
        files.add_row(output.escape(path), output.size(path.stat().st_size))
    output.say("")
    output.console().print(shown)
    output.console().print(files)
    good = all(step.code == 0 for step in steps)
    verdict = "[green]everything agrees[/green]" if good else "[red]not everything worked; see above[/red]"
    output.say(f"{verdict} [dim]({seconds:.0f} s)[/dim]")


def _emit(recipe: "Recipe", steps: list[Step], directory: Path, code: int) -> None:
    from modelport.cli import output

    done: list[dict[str, Any]] = [
        {"title": step.title, "command": step.command, "exit_code": step.code, "seconds": step.seconds}
        for step in steps
    ]
    files = [str(path) for path in sorted(directory.iterdir())]
    output.emit({"fixture": recipe.name, "steps": done, "files": files, "exit_code": code})


def _list(json: bool) -> int:
    from modelport import recipes
    from modelport.cli import output
    from modelport.cli.tables import table

    known = [recipes.load_recipe(name) for name in recipes.recipe_names()]
    if json:
        output.emit({"fixtures": [{"name": r.name, "title": r.title, "install": r.missing()} for r in known]})
        return 0
    shown = table("fixture", "what it is", "to add it")
    for recipe in known:
        shown.add_row(recipe.name, output.escape(recipe.title), output.escape(recipe.missing() or ""))
    output.console().print(shown)
    return 0
