"""Every way a run can end becomes a message and an exit code."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
import typer

from modelport import api
from modelport.cli import main
from modelport.errors import CannotConvert, MissingExtra, ModelportError, ParityFailed, Unsafe


def raises(error: BaseException) -> Callable[..., Any]:
    def function(*_: object, **__: object) -> None:
        raise error

    return function


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ParityFailed("two runtimes disagree"), 1),
        (CannotConvert("no exact form", where="scale", hint="use another"), 4),
        (Unsafe("this would run os.system"), 5),
        (MissingExtra("jpmml is not installed", hint='pip install "modelport[jpmml]"'), 6),
    ],
)
def test_an_error_of_ours_has_its_code_and_is_one_line(
    error: ModelportError, code: int, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "doctor", raises(error))
    ran = run("doctor")
    assert (ran.code, ran.out) == (code, "")
    assert error.what in ran.error
    assert (error.hint or "") in ran.err


def test_json_gives_one_document_for_an_error(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "doctor", raises(CannotConvert("no exact form", where="scale", hint="use another")))
    ran = run("doctor", "--json")
    assert ran.document == {
        "error": {"code": "cannot-convert", "what": "no exact form", "where": "scale", "hint": "use another"},
        "exit_code": 4,
    }
    assert ran.error == "no exact form (scale)"


def test_a_defect_is_70_and_says_how_to_report_it(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "doctor", raises(ZeroDivisionError("division by zero\nmore lines")))
    ran = run("doctor")
    assert ran.code == 70
    assert "ZeroDivisionError: division by zero" in ran.error
    assert "more lines" not in ran.err
    assert "--debug" in ran.hint
    assert "report" in ran.hint


@pytest.mark.parametrize("arguments", [("--debug", "doctor"), ("doctor", "--debug")])
def test_debug_shows_the_traceback(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(api, "doctor", raises(ZeroDivisionError("division by zero")))
    assert main.run(arguments) == 70
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert "error: " in shown


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Abort()])
def test_ctrl_c_is_130(error: BaseException, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "doctor", raises(error))
    ran = run("doctor")
    assert ran.code == 130
    assert "interrupted" in ran.error


def test_sigterm_unwinds_like_ctrl_c(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(api, "doctor", lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert run("doctor").code == 130
    assert signal.getsignal(signal.SIGTERM) is before


def test_memory_running_out_is_told(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "doctor", raises(MemoryError()))
    assert "out of memory" in run("doctor").error


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("convrt",), "Did you mean 'convert'"),
        (("convert", "a.pkl"), "missing argument 'TARGET'"),
        (("convert", "a.pkl", "b.onnx", "--presicion", "exact"), "--precision"),
        (("convert", "a.pkl", "b.onnx", "--precision", "good"), "'exact', 'portable'"),
        (("convert", "a.pkl", "b.onnx", "--opset", "new"), "--opset"),
        (("verify", "a.pkl"), "missing argument"),
        (("package", "a.pkl"), "--output"),
    ],
)
def test_wrong_usage_is_2_with_a_suggestion(arguments: tuple[str, ...], text: str, run: Any) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert text in ran.error
    assert "--help" in ran.hint


def test_markup_in_names_is_shown_as_it_is(run: Any) -> None:
    assert "[bold]x[/bold].onnx" in run("inspect", "[bold]x[/bold].onnx").error


def test_warnings_of_libraries_are_not_for_people(
    run: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import warnings

    monkeypatch.setattr(api, "doctor", lambda: warnings.warn("careful, programmer", stacklevel=1) or [])
    assert "careful" not in run("doctor").err
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        main.run(["doctor", "--debug"])
    assert [str(item.message) for item in caught] == ["careful, programmer"]
