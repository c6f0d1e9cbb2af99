"""A whole run: what is unchanged is taken from the cache, the rest is worked on, and a baseline judges it all."""

import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from modelport.baseline import About, Baseline, judge, update_with
from modelport.baseline.entries import load
from modelport.ci.cache import Cache
from modelport.ci.keys import key_of
from modelport.ci.pool import Pool, Work, processors
from modelport.ci.publish import publish
from modelport.ci.reading import nearest
from modelport.ci.result import ProjectReport, Result, failed
from modelport.ci.spec import ModelSpec, Project
from modelport.contents import digest_of_data
from modelport.errors import ModelportError, UsageError

Told = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a caller may ask of a run, besides what the project declares.

    Attributes:
        models: only these; all of them if there are none.
        jobs: how many at once; None for the project's number, or one a processor.
        fresh: use nothing of earlier runs.
        cache, baseline: instead of the project's; paths as the caller sees them.
        update_baseline: accept what differs now.
        told: of what is being done with which model.
    """

    models: Sequence[str] = ()
    jobs: int | None = None
    fresh: bool = False
    cache: Path | None = None
    baseline: Path | None = None
    update_baseline: bool = False
    told: Told = lambda model, stage: None


def run(project: Project, wishes: Wishes) -> ProjectReport:
    """Converts, compares and packages what a project declares.

    Raises:
        UsageError: a model that is not declared, no baseline to update, or a folder that cannot be written.
        InputError: the baseline is damaged or missing.
    """
    chosen = _chosen(project, wishes.models)
    path, baseline = _baseline(project, wishes)
    cache = Cache(wishes.cache or project.folder / project.cache, reading=not wishes.fresh)
    found: dict[str, Result] = {}
    output = project.folder / project.output
    with _results(project, chosen, cache, wishes) as results:
        for spec, result, place in results:
            judged, baseline = _judged(result, spec, project, baseline, wishes.update_baseline)
            publish(judged, spec, place, output)
            found[spec.name] = judged
            wishes.told(spec.name, "done")
    if wishes.update_baseline and path is not None:
        if not wishes.models:
            baseline = Baseline(tuple(entry for entry in baseline.entries if entry.model in found))
        baseline.save(path)
    stale = () if wishes.models else _orphans(baseline, found)
    return ProjectReport(tuple(found[spec.name] for spec in chosen), stale, project.output)


def _chosen(project: Project, names: Sequence[str]) -> tuple[ModelSpec, ...]:
    known = {spec.name: spec for spec in project.models}
    for name in names:
        if name not in known:
            raise UsageError(f"no model is called {name!r}", where=str(project.file), hint=nearest(name, known))
    return tuple(spec for spec in project.models if not names or spec.name in names)


def _baseline(project: Project, wishes: Wishes) -> tuple[Path | None, Baseline]:
    path = wishes.baseline or (project.folder / project.baseline if project.baseline else None)
    if path is None:
        if wishes.update_baseline:
            raise UsageError("there is no baseline to update", hint='name one: [ci] baseline = "baseline.json"')
        return None, Baseline()
    declared = wishes.baseline is None  # a project may declare one before there is anything to accept
    return path, load(path, missing_is_empty=wishes.update_baseline or declared)


@contextmanager
def _results(
    project: Project, chosen: Sequence[ModelSpec], cache: Cache, wishes: Wishes
) -> Iterator[Iterator[tuple[ModelSpec, Result, Path]]]:
    """Results as they come, and the places of their files; whatever is not kept goes away at the end."""
    staged: list[Path] = []
    jobs = wishes.jobs or project.jobs or processors()

    def results() -> Generator[tuple[ModelSpec, Result, Path], None, None]:
        todo: list[Work] = []
        for spec in chosen:
            try:
                key = key_of(spec, project.folder)
            except ModelportError as error:
                yield spec, failed(spec.name, spec.source, error.to_json(), error.exit_code), project.folder
                continue
            known = cache.find(spec.name, key)
            if known is not None:
                yield spec, *known
                continue
            staged.append(cache.staging())
            todo.append(Work(spec, key, staged[-1]))
        for work, result in Pool(project.folder, jobs, project.timeout, wishes.told).run(todo):
            yield work.spec, result, cache.keep(result, work.staging)

    running = results()
    try:
        yield running
    finally:
        running.close()
        for place in staged:
            shutil.rmtree(place, ignore_errors=True)


def _judged(
    result: Result, spec: ModelSpec, project: Project, baseline: Baseline, update: bool
) -> tuple[Result, Baseline]:
    if result.report is None:
        return result, baseline
    about = About(spec.name, digest_of_data(project.folder / spec.data) if spec.data else None)
    if update:
        baseline = update_with(baseline, result.report, about)
    report, stale = judge(result.report, baseline, about)
    return replace(result, report=report, stale=stale), baseline


def _orphans(baseline: Baseline, found: dict[str, Result]) -> tuple[str, ...]:
    """Entries about models that the project does not declare."""
    return tuple(f"{entry} is about no model of this project" for entry in baseline.entries if entry.model not in found)
