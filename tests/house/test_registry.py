"""What the plugin tables promise exists."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from modelport.conversion import Converter
from modelport.formats import Format
from modelport.plugin import Plugin
from modelport.plugins import Lazy, plugins
from modelport.runtimes import Runtime
from modelport_onnx.lowering import Lowering, tables


def lazies() -> Iterator[tuple[str, Lazy]]:
    for plugin in plugins():
        for item in (*plugin.formats, *plugin.converters, *plugin.runtimes):
            for field in fields(item):
                value = getattr(item, field.name)
                if isinstance(value, Lazy):
                    yield f"{plugin.name}:{getattr(item, 'name', '')}:{field.name}", value
    for path, lowering in tables().items():
        for field in fields(lowering):
            value = getattr(lowering, field.name)
            if isinstance(value, Lazy):
                yield f"{path}:{field.name}", value


@pytest.mark.parametrize("target", [pytest.param(lazy, id=name) for name, lazy in lazies()])
def test_every_lazy_target_resolves_to_a_callable(target: Lazy) -> None:
    assert callable(target.resolve())


def test_the_tables_hold_what_their_types_say() -> None:
    for plugin in plugins():
        assert isinstance(plugin, Plugin)
        assert all(isinstance(item, Format) for item in plugin.formats)
        assert all(isinstance(item, Converter) for item in plugin.converters)
        assert all(isinstance(item, Runtime) for item in plugin.runtimes)
    assert all(isinstance(entry, Lowering) for entry in tables().values())


def test_names_are_unique_and_suffixes_do_not_clash() -> None:
    formats = [item for plugin in plugins() for item in plugin.formats]
    runtimes = [item.name for plugin in plugins() for item in plugin.runtimes]
    suffixes = [suffix for item in formats for suffix in item.suffixes]
    assert len({item.name for item in formats}) == len(formats)
    assert len(set(runtimes)) == len(runtimes)
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)


def test_agpl_parts_say_so() -> None:
    agpl = {"sklearn2pmml", "jpmml_evaluator", "pyspark2pmml"}
    for plugin in plugins():
        for item in (*plugin.converters, *plugin.runtimes):
            if agpl & set(item.requires):
                assert "AGPL" in (item.licence or ""), item
