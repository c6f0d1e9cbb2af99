"""The entry point of the command."""

import sys
from collections.abc import Sequence
from typing import NoReturn


def main() -> NoReturn:
    """Runs the command with the process's arguments, and exits with one of the stable codes."""
    sys.exit(run(sys.argv[1:]))


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
