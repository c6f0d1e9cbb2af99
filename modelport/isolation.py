"""Opening a model to score with, in this process or in one of its own that can be killed.

What native code does with a file from elsewhere nobody knows: it may crash, loop, or fill the memory. So a file for
such a runtime is scored in another process, unless the caller says that it need not be.
"""

import os

from modelport.artifacts import Artifact
from modelport.runtimes import Runtime, Session
from modelport.signature import Signature

SECONDS = 600.0
"""For one batch."""

SHARE = 0.75
"""Of the machine's memory, for the process."""


def separate(artifact: Artifact, runtime: Runtime, wanted: bool | None) -> bool:
    """Whether a session gets a process of its own.

    Only a file can; live objects are here already. Left to itself (None), a file for native code does. Pickles pass a
    gate, and may need classes that only this process knows; runtimes on the Java virtual machine share the one of this
    process.
    """
    if artifact.path is None or wanted is False:
        return False
    return bool(wanted) or not (artifact.format.runs_code_on_load or runtime.jvm)


def open_session(artifact: Artifact, runtime: Runtime, hint: Signature | None, isolate: bool | None = None) -> Session:
    """Opens a model, in a process of its own where `separate` says so.

    Raises:
        Killed: the process crashed, or was ended for its time or memory.
        ModelportError: as the runtime itself raises.
    """
    if not separate(artifact, runtime, isolate):
        session: Session = runtime.open(artifact, hint)
        return session
    from modelport.parity.isolate import open_isolated

    return open_isolated(artifact, runtime, hint, SECONDS, most_memory())


def most_memory() -> int | None:
    """Bytes that a process may hold; None where the system does not say how many there are."""
    try:
        return int(SHARE * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return None
