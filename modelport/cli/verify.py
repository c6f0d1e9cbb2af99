"""`modelport verify`: whether models answer alike, in every runtime."""

from pathlib import Path
from typing import Annotated

import typer

from modelport.cli import comparing, options, reporting

EXAMPLES = (
    "modelport verify model.pkl model.onnx model.pmml --data holdout.parquet",
    "modelport verify model.pkl model.onnx --data holdout.csv --ignore target --tolerance 'probability(*)=1e-6'",
    "modelport verify model.pkl model.onnx --data holdout.csv --json > parity.json",
    "modelport verify model.pkl model.onnx --data holdout.csv --junit parity.xml --markdown parity.md",
    "modelport verify model.pkl model.onnx --data holdout.csv --report parity.html",
    "modelport verify model.pkl model.onnx --data holdout.csv --repro disagreement",
    "modelport verify model.pkl model.onnx --data holdout.csv --baseline modelport-baseline.json",
)

Reference = Annotated[Path, typer.Argument(metavar="REFERENCE", help="The model that is right by definition.")]
Candidates = Annotated[list[Path], typer.Argument(metavar="CANDIDATE...", help="Models to compare with it.")]


def verify(
    reference: Reference,
    candidates: Candidates,
    data: options.Data = None,
    runtime: options.Runtimes = None,
    ignore: options.Ignore = None,
    atol: comparing.Atol = None,
    rtol: comparing.Rtol = None,
    ulps: comparing.Ulps = None,
    rank: comparing.Rank = None,
    tolerance: comparing.Tolerances = None,
    no_near_ties: comparing.NoNearTies = False,
    strict: comparing.Strict = False,
    strata: comparing.Strata = None,
    rows: comparing.Rows = None,
    boundary_rows: comparing.BoundaryRows = None,
    slow_rows: comparing.SlowRows = None,
    data_rows: comparing.DataRows = None,
    seed: comparing.Seed = None,
    ignore_output: comparing.IgnoreOutputs = None,
    timeout: comparing.Timeout = None,
    isolate: comparing.Isolate = None,
    repro: comparing.Repro = None,
    resume: comparing.Resume = None,
    report: reporting.Report = None,
    junit: reporting.Junit = None,
    sarif: reporting.Sarif = None,
    markdown: reporting.Markdown = None,
    baseline: reporting.Baseline = None,
    update_baseline: reporting.UpdateBaseline = False,
    trust: options.Trust = None,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> int:
    """Compare models in every runtime that opens them, against the first.

    Labels must be equal, numbers near enough, missing must equal missing. A comparison of nothing never passes.
    Settings come from the options, else from modelport.toml or \\[tool.modelport] of pyproject.toml.
    """
    forms = reporting.wanted(html=report, junit=junit, sarif=sarif, markdown=markdown)
    chosen = comparing.settings(
        atol=atol,
        rtol=rtol,
        ulps=ulps,
        rank=rank,
        rows=rows,
        boundary_rows=boundary_rows,
        slow_rows=slow_rows,
        data_rows=data_rows,
        seed=seed,
        timeout=timeout,
        isolate=isolate,
        ignore=ignore,
        strata=strata,
        tolerance=tolerance,
        no_near_ties=no_near_ties,
        strict=strict,
        runtimes=runtime,
        ignore_outputs=ignore_output,
        resume=str(resume) if resume else None,
    )
    return reporting.compared(
        (reference, *candidates),
        data,
        chosen,
        forms,
        repro,
        trust or (),
        json,
        verbose,
        baseline,
        update_baseline,
    )
