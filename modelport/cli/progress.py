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
