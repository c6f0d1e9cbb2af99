"""The entry point of the command."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

FEW_COLLECTIONS = 20_000
"""New objects between garbage collections: importing makes hundreds of thousands, and none of them is garbage."""


def main() -> NoReturn:
    """Runs the command with the process's arguments, and exits with one of the stable codes.

    The process ends without taking the interpreter apart: with the libraries of a conversion loaded, freeing every
    module one by one takes a fifth of the command's time and changes nothing. What was registered to run at exit runs.
    """
    gc.set_threshold(FEW_COLLECTIONS)
    code = run(sys.argv[1:])
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):  # whoever read the output may have gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Runs the command and gives its exit code; nothing is raised.

    Args:
        arguments: what follows `modelport` on the command line.
    """
    if list(arguments) in (["--version"], ["-V"]):
        from modelport._version import __version__

        print(f"modelport {__version__}")
        return 0
    from modelport.cli.guard import guarded

    return guarded(arguments)


if __name__ == "__main__":
    main()
