"""Artifact: a model that may be a file or a live object; read once, through its format's gate."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelport.errors import ModelportError
from modelport.formats import Format, Policy, of_object, recognise

_CHUNK = 1 << 20


@dataclass(slots=True)
class Artifact:
    """A model in one format.

    Attributes:
        format: its format.
        path: where it lies, or None for a live object.
        policy: how far its reader may trust it.
        label: what reports call it instead of its file name.
    """

    format: Format
    path: Path | None = None
    policy: Policy = field(default_factory=Policy)
    _model: Any = None
    label: str | None = None

    @property
    def name(self) -> str:
        """What reports call it: the file's name, or the class of a live object."""
        if self.label:
            return self.label
        return self.path.name if self.path else type(self._model).__name__

    @property
    def model(self) -> Any:
        """The live model; a file is read on the first use."""
        if self._model is None and self.path is not None:
            try:
                self._model = self.format.read(self.path, self.policy)
            except ModelportError as error:
                error.where = error.where or str(self.path)
                raise
        return self._model

    def sha256(self) -> str | None:
        """Hex digest of the file's bytes; None for a live object."""
        if self.path is None:
            return None
        digest = sha256()
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def artifact(source: Any, policy: Policy | None = None) -> Artifact:
    """An Artifact from a path or a live model.

    Raises:
        InputError: the file is missing, empty or of no known format.
        UsageError: a live object that no format knows.
    """
    policy = policy or Policy()
    if isinstance(source, Artifact):
        return source
    if isinstance(source, str | Path):
        path = Path(source)
        return Artifact(recognise(path), path, policy)
    return Artifact(of_object(source), None, policy, source)
