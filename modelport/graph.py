"""ConversionGraph and Route: which converters lead from one format to another, and the cheapest way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from modelport.conversion import Context, Converter
from modelport.errors import MissingExtra, NoRoute
from modelport.plugins import plugins


@dataclass(frozen=True, slots=True)
class Route:
    """Converters to be run one after another."""

    steps: tuple[Converter, ...]

    @property
    def cost(self) -> int:
        return sum(step.cost for step in self.steps)

    @property
    def formats(self) -> tuple[str, ...]:
        return (self.steps[0].source, *(step.target for step in self.steps)) if self.steps else ()

    @property
    def engines(self) -> tuple[str, ...]:
        return tuple(step.engine for step in self.steps)

    def missing(self) -> str | None:
        """The command that would make this route ready, or None."""
        return next((command for step in self.steps if (command := step.missing())), None)

    def run(self, model: Any, context: Context) -> Any:
        """Converts a live model through every step; notes gather in the context."""
        for step in self.steps:
            model = step.convert(model, context)
        return model

    def _repr_html_(self) -> str:
        from modelport.notebook.route import html

        return html(self)

    def __str__(self) -> str:
        if not self.steps:
            return "(nothing to do)"
        return self.steps[0].source + "".join(f" ─{step.engine}→ {step.target}" for step in self.steps)


@dataclass(frozen=True, slots=True)
class ConversionGraph:
    """Formats as nodes, converters as edges."""

    converters: tuple[Converter, ...]

    def routes(self, source: str, target: str, *, engine: str | None = None, via: str | None = None) -> list[Route]:
        """Every simple route, installed or not, cheapest first.

        From a format to itself these are the ways to write a model anew: through another format, or within caps.

        Args:
            engine: at least one step must use this engine.
            via: an intermediate format that must be passed.
        """
        found = [Route(steps) for steps in self._walk(source, target, frozenset((source,)))]
        fitting = [
            route
            for route in found
            if (engine is None or engine in route.engines) and (via is None or via in route.formats[1:-1])
        ]
        return sorted(fitting, key=lambda route: (route.cost, len(route.steps), route.engines))

    def _walk(self, here: str, target: str, seen: frozenset[str]) -> Iterator[tuple[Converter, ...]]:
        for edge in self.converters:
            if edge.source != here or (edge.target in seen and edge.target != target):
                continue
            if edge.target == target:
                yield (edge,)
                continue
            for rest in self._walk(edge.target, target, seen | {edge.target}):
                yield (edge, *rest)

    def best(self, source: str, target: str, *, engine: str | None = None, via: str | None = None) -> Route:
        """The cheapest route that is installed; from a format to itself, one that writes the model anew.

        Raises:
            NoRoute: no converters lead there, or none through that engine or format.
            MissingExtra: a route exists, but an extra is missing; the hint installs it.
        """
        found = self.routes(source, target, engine=engine, via=via)
        ready = next((route for route in found if route.missing() is None), None)
        if ready:
            return ready
        if found:
            raise MissingExtra(f"the route {found[0]} is not installed", hint=found[0].missing())
        wish = "".join((f" with engine {engine}" if engine else "", f" via {via}" if via else ""))
        raise NoRoute(f"nothing converts {source} to {target}{wish}", hint=f"run: modelport routes {source} {target}")


def graph_of(converters: Iterable[Converter]) -> ConversionGraph:
    return ConversionGraph(tuple(converters))


@cache
def conversion_graph() -> ConversionGraph:
    """The graph of every converter that is known, installed or not."""
    return graph_of(item for plugin in plugins() for item in plugin.converters)
