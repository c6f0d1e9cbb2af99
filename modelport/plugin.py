"""Plugin: the literal table a format room hands the core."""

from dataclasses import dataclass

from modelport.conversion import Converter
from modelport.formats import Format
from modelport.provers import Prover
from modelport.runtimes import Runtime


@dataclass(frozen=True, slots=True)
class Plugin:
    """What one room offers. `modelport formats`, `routes` and `doctor` are printed from these tables."""

    name: str
    formats: tuple[Format, ...] = ()
    converters: tuple[Converter, ...] = ()
    runtimes: tuple[Runtime, ...] = ()
    provers: tuple[Prover, ...] = ()
