"""Signals for processes that tests start."""

import signal


def heeds_ctrl_c() -> None:
    """For `preexec_fn`: a shell's background jobs ignore Ctrl-C, and hand that on to all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
