"""A worker's process, as the one who started it sees it: it can be killed at any time, with all that it started."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Timer

from modelport.ci.result import Result, failed
from modelport.ci.spec import ModelSpec
from modelport.ci.worker import RESULT
from modelport.errors import ModelportError, RuntimeFailed
from modelport.parity.isolate import Killed

COMMAND = (sys.executable, "-m", "modelport.ci.worker")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Process:
    """One model being worked on."""

    def __init__(self, spec: ModelSpec, folder: Path, staging: Path, threads: int) -> None:
        """Starts the work.

        Args:
            staging: where results are written; the process's temporary files go below it too.
            threads: for libraries that would otherwise start one for each processor.
        """
        self.spec, self._staging, self._ended_for = spec, staging, ""
        own = staging / ".tmp"
        own.mkdir()
        limits = {name: str(threads) for name in _THREADS if name not in os.environ}
        self._popen = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("MODELPORT_DEBUG") else subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=os.environ | limits | {"TMPDIR": str(own), "PYTHONWARNINGS": "ignore"},
            start_new_session=os.name == "posix",
        )
        asked = {"spec": spec.to_json(), "folder": str(folder), "staging": str(staging)}
        assert self._popen.stdin is not None
        with suppress(OSError):  # it died at once; its exit code tells
            self._popen.stdin.write(json.dumps(asked) + "\n")
            self._popen.stdin.flush()

    def wait(self, tell: Callable[[str], None], timeout: float | None) -> Result:
        """What comes out; a process that crashes or takes too long is a result too."""
        clock = Timer(timeout, self._end, (f"took more than {timeout:g} seconds",)) if timeout else None
        if clock:
            clock.start()
        try:
            assert self._popen.stdout is not None
            for line in self._popen.stdout:
                tell(str(json.loads(line)["stage"]))
            code = self._popen.wait()
        finally:
            if clock:
                clock.cancel()
            self.kill()
        return self._result(code)

    def _result(self, code: int) -> Result:
        file = self._staging / RESULT
        if code == 0 and file.is_file():
            raw = json.loads(file.read_text(encoding="utf-8"))
            file.unlink()
            return Result.from_json(raw)
        error: ModelportError
        if self._ended_for:
            error = Killed(f"{self.spec.name} {self._ended_for} and was ended", hint="raise timeout in the table [ci]")
        else:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            hint = "MODELPORT_DEBUG=1 shows what it said"
            error = RuntimeFailed(f"the process that worked on {self.spec.name} died ({how})", hint=hint)
        return failed(self.spec.name, self.spec.source, error.to_json(), error.exit_code)

    def _end(self, reason: str) -> None:
        self._ended_for = reason
        self.kill()

    def kill(self) -> None:
        """Ends the process and all that it started; may be called twice, and from any thread."""
        with suppress(OSError):
            if os.name == "posix":
                os.killpg(self._popen.pid, signal.SIGKILL)
            else:
                self._popen.kill()
        with suppress(OSError, ValueError):
            if self._popen.stdin is not None:
                self._popen.stdin.close()
        self._popen.wait()
