"""`modelport verify`: whether models answer alike, in every runtime."""

from pathlib import Path
from typing import Annotated

import typer

from modelport.cli import comparing, options, reporting

EXAMPLES = (
    "modelport verify model.pkl model.onnx model.pmml --data holdout.parquet",
    "modelport verify model.pkl model.onnx --data holdout.csv --ignore target --atol 1e-6",
    "modelport verify model.pkl model.onnx --data holdout.csv --json > parity.json",
    "modelport verify model.pkl model.onnx --data holdout.csv --junit parity.xml --markdown parity.md",
)

Reference = Annotated[Path, typer.Argument(metavar="REFERENCE", help="The model that is right by definition.")]
Candidates = Annotated[list[Path], typer.Argument(metavar="CANDIDATE...", help="Models to compare with it.")]


def verify(
    reference: Reference,
    candidates: Candidates,
    data: options.Data = None,
    runtime: options.Runtimes = None,
    ignore: options.Ignore = None,
    atol: comparing.Atol = 1e-9,
    rtol: comparing.Rtol = 1e-9,
    ulps: comparing.Ulps = 0,
    rows: comparing.Rows = 10_000,
    seed: comparing.Seed = 0,
    strata: comparing.Strata = None,
    ignore_output: comparing.IgnoreOutputs = None,
    repro: comparing.Repro = None,
    junit: reporting.Junit = None,
    sarif: reporting.Sarif = None,
    markdown: reporting.Markdown = None,
    trust: options.Trust = None,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> int:
    """Compare models in every runtime that opens them, against the first.

    Labels must be equal, numbers near enough, missing must equal missing. A comparison of nothing never passes.
    """
    from modelport import api
    from modelport.cli import output
    from modelport.cli.parity import show_report
    from modelport.cli.progress import rows as progress_of_rows

    forms = reporting.wanted(junit=junit, sarif=sarif, markdown=markdown)
    chosen = comparing.settings(
        atol=atol,
        rtol=rtol,
        ulps=ulps,
        rows=rows,
        seed=seed,
        strata=strata,
        runtimes=runtime,
        ignore=ignore,
        ignore_outputs=ignore_output,
    )
    with progress_of_rows("comparing") as progress:
        report = api.verify(reference, *candidates, data=data, settings=chosen, trust=trust or (), progress=progress)
    if json:
        output.emit(report.to_json() | {"exit_code": report.exit_code})
    show_report(report, verbose)
    if repro and report.smallest:
        script = api.reproduce(report, reference, *candidates, folder=repro, trust=trust or ())
        output.say(f"  a row that shows it, with both models: [bold]{output.escape(str(script))}[/bold]")
    reporting.write(report, forms, (reference, *candidates))
    return report.exit_code
