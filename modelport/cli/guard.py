"""Between the command and the person: every way a run can end becomes a message and an exit code."""

import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from modelport.errors import Defect, Interrupted, ModelportError, UsageError

DEBUG = "--debug"
_REPORT = "please report it with the traceback that --debug shows, and the output of: modelport doctor"


def guarded(arguments: Sequence[str]) -> int:
    """Runs a command line; whatever happens, gives an exit code."""
    debug = DEBUG in arguments or bool(os.environ.get("MODELPORT_DEBUG"))
    wanted = [argument for argument in arguments if argument != DEBUG]
    try:
        with _terminated_like_interrupted(), _without_warnings(debug):
            return _invoke(wanted)
    except ModelportError as error:
        return _failed(error, wanted, debug)
    except BrokenPipeError:
        _close_stdout()
        return 0
    except KeyboardInterrupt:
        return _failed(_interrupted(), wanted, debug)
    except MemoryError as error:
        return _failed(_memory(), wanted, debug, error)
    except Exception as error:
        return _failed(_translated(error), wanted, debug, error)


def _invoke(arguments: list[str]) -> int:
    from modelport.cli.app import app
    from modelport.cli.line import remember

    remember(arguments)
    code = app()(args=arguments or ["--help"], prog_name="modelport", standalone_mode=False)
    if code == Interrupted.exit_code:
        raise KeyboardInterrupt
    if not arguments and "_MODELPORT_COMPLETE" not in os.environ:
        return UsageError.exit_code
    return code if isinstance(code, int) else 0


def _translated(error: Exception) -> ModelportError:
    """typer's usage errors as ours; anything else is a defect."""
    if type(error).__name__ == "Abort":
        return _interrupted()
    message = getattr(error, "format_message", None)
    if callable(message):
        return UsageError(_plain(message()), hint=_help_of(error))
    lines = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return Defect(f"modelport met a defect of its own: {text}", hint=_REPORT)


def _interrupted() -> ModelportError:
    return Interrupted("interrupted; nothing half-written was left")


def _plain(message: str) -> str:
    """typer's sentence in the style of ours: lower case, no full stop."""
    text = " ".join(message.split()).rstrip(".")
    return text[:1].lower() + text[1:]


def _help_of(error: Exception) -> str:
    context: Any = getattr(error, "ctx", None)
    return f"run: {context.command_path if context else 'modelport'} --help"


def _memory() -> ModelportError:
    return Defect("the machine ran out of memory", hint="close other programs, or give fewer rows with --rows")


def _failed(error: ModelportError, arguments: Sequence[str], debug: bool, cause: BaseException | None = None) -> int:
    from modelport.cli import output

    if debug:
        import traceback

        traceback.print_exception(cause or error)
    report = getattr(error, "report", None)
    if report is not None:
        from modelport.cli.parity import show_report

        show_report(report, headline=False)
    output.show_error(error)
    if "--json" in arguments:
        evidence = {"report": report.to_json()} if report is not None else {}
        output.emit({"error": error.to_json(), "exit_code": error.exit_code} | evidence)
    return error.exit_code


@contextmanager
def _without_warnings(debug: bool) -> Iterator[None]:
    """Libraries' warnings are for programmers; what matters to a person is found by comparing, or is a note."""
    with warnings.catch_warnings():
        if not debug:
            warnings.simplefilter("ignore")
        yield


def _close_stdout() -> None:
    """The reader went away (`| head`); Python must not complain about that while it shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM unwinds like Ctrl-C, so that temporary files go away; elsewhere than in the main thread, as it is."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
