"""What a project declares: its models, and where their results go."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from modelport.conversion import Options, Precision
from modelport.parity.settings import Settings


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One `[models.NAME]` table. Paths are relative to the project's folder.

    Attributes:
        name: what reports and results are called.
        source: the model that is right by definition.
        data: rows to convert and compare with; None for generated ones only.
        targets: files to convert it to, in the output folder.
        candidates: files that are there already and are compared with it.
        package: the bundle to write into the output folder; None for none.
        trust: globals that the pickle gate lets through besides its own list.
        engine, via: as `modelport convert` takes them.
        options: as the converters take them.
        settings: how to compare.
    """

    name: str
    source: str
    data: str | None = None
    targets: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    package: str | None = None
    trust: tuple[str, ...] = ()
    engine: str | None = None
    via: str | None = None
    options: Options = field(default_factory=Options)
    settings: Settings = field(default_factory=Settings)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(raw: dict[str, Any]) -> "ModelSpec":
        several = {name: tuple(raw[name]) for name in ("targets", "candidates", "trust")}
        options = Options(**raw["options"] | {"precision": Precision(raw["options"]["precision"])})
        return ModelSpec(**raw | several | {"options": options, "settings": Settings.from_json(raw["settings"])})


@dataclass(frozen=True, slots=True)
class Project:
    """What a settings file declares.

    Attributes:
        file: the settings file; paths are relative to its folder.
        models: in the order they are declared.
        output: the folder of converted models and bundles.
        cache: the folder of what earlier runs found.
        baseline: the file of accepted differences; None for none.
        jobs: how many models are worked on at once; None for one a processor.
        timeout: seconds one model may take; None for no limit.
    """

    file: Path
    models: tuple[ModelSpec, ...]
    output: str = "build/models"
    cache: str = ".modelport-cache"
    baseline: str | None = None
    jobs: int | None = None
    timeout: float | None = None

    @property
    def folder(self) -> Path:
        return self.file.parent
