"""A refusal on one route names the engine of another that is installed."""

from dataclasses import replace

import pytest

from modelport import converting, graph
from modelport.conversion import Converter
from modelport.errors import CannotConvert


def converter(engine: str, cost: int, licence: str | None = None, requires: tuple[str, ...] = ()) -> Converter:
    return Converter("a", "b", engine, cost, lambda model, context: model, requires, licence=licence)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> graph.ConversionGraph:
    found = graph.graph_of(
        [converter("own", 1), converter("other", 9, "AGPL-3.0"), converter("gone", 2, None, ("no_such",))]
    )
    monkeypatch.setattr(converting, "conversion_graph", lambda: found)
    return found


def test_the_installed_engine_is_named_with_its_licence(known: graph.ConversionGraph) -> None:
    error = converting.elsewhere(CannotConvert("no", where="step", hint="use X"), known.best("a", "b"))
    assert error.hint == "use X; another way is installed: --engine other (AGPL-3.0)"
    assert (error.what, error.where) == ("no", "step")


def test_without_another_way_the_refusal_stays_as_it_is(
    known: graph.ConversionGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = CannotConvert("no")
    alone = replace(known, converters=known.converters[:1])
    monkeypatch.setattr(converting, "conversion_graph", lambda: alone)
    assert converting.elsewhere(refusal, alone.best("a", "b")) is refusal
