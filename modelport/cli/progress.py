"""Progress for people: on a terminal only, and gone when the work is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def stages(title: str) -> Iterator[Callable[[str], None]]:
    """A spinner that names the stage at hand; nothing at all where standard error is no terminal."""
    from modelport.cli import output

    screen = output.console()
    if not screen.is_terminal:
        yield lambda stage: None
        return
    with screen.status(f"{output.escape(title)}") as status:
        yield lambda stage: status.update(f"{output.escape(title)}: {output.escape(stage)} …")


@contextmanager
def rows(title: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar with rows, rate and time left; nothing at all where standard error is no terminal."""
    from modelport.cli import output

    screen = output.console()
    if not screen.is_terminal:
        yield lambda task, done, total: None
        return
    bar = _bar(screen)
    with bar:
        known = bar.add_task(output.escape(title), total=None)
        yield lambda task, done, total: bar.update(
            known, description=f"{output.escape(title)}: {task}", completed=done, total=total
        )


@contextmanager
def several() -> Iterator[Callable[[str, str], None]]:
    """A line for each model that is being worked on; nothing at all where standard error is no terminal."""
    from modelport.cli import output

    screen = output.console()
    if not screen.is_terminal:
        yield lambda model, stage: None
        return
    from rich import progress

    columns = (progress.SpinnerColumn(), progress.TextColumn("{task.description}"), progress.TimeElapsedColumn())
    lines: dict[str, progress.TaskID] = {}
    with progress.Progress(*columns, console=screen, transient=True) as shown:

        def told(model: str, stage: str) -> None:
            if stage == "done":
                if model in lines:
                    shown.remove_task(lines.pop(model))
                return
            text = f"[bold]{output.escape(model)}[/bold] {output.escape(stage)} …"
            if model in lines:
                shown.update(lines[model], description=text)
            else:
                lines[model] = shown.add_task(text, total=None)

        yield told


def _bar(screen: Any) -> Any:
    from rich import progress

    return progress.Progress(
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(bar_width=24),
        progress.TextColumn("{task.completed:,.0f} rows"),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(compact=True),
        console=screen,
        transient=True,
    )
