"""Writing elements, and choosing among things: a `random.Random` decides, be it a seed's or Hypothesis's."""

from collections.abc import Sequence
from random import Random
from typing import Any, TypeVar
from xml.sax.saxutils import escape, quoteattr

T = TypeVar("T")
GRID = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
LEVELS = ("a", "b", "c")
CLASSES = ("u", "v", "w")
NUMBERS = ("x", "y")
WORDS = ("s", "t")


def tag(element: str, /, *inside: str, **attributes: Any) -> str:
    """An element; attributes that are None are left out, a trailing underscore is not part of a name."""
    text = "".join(
        f" {key.rstrip('_')}={quoteattr(spell(value))}" for key, value in attributes.items() if value is not None
    )
    return f"<{element}{text}>{''.join(inside)}</{element}>" if any(inside) else f"<{element}{text}/>"


def spell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def constant(value: Any, kind: str) -> str:
    return tag("Constant", escape(str(value)), dataType=kind)


def array(items: Sequence[Any], kind: str = "real") -> str:
    words = [f'"{escape(str(item))}"' if kind == "string" else str(item) for item in items]
    return tag("Array", " ".join(words), type=kind, n=len(items))


def often(random: Random, usual: T, *others: T, of: int = 4) -> T:
    """The usual thing, and one time in `of` another."""
    return random.choice(others) if random.randrange(of) == 0 else usual


def maybe(random: Random, value: T, of: int = 2) -> T | None:
    """A thing one time in `of`, else None."""
    return value if random.randrange(of) == 0 else None


def some(random: Random, items: Sequence[T], least: int = 1, most: int | None = None) -> list[T]:
    """Different ones, in a random order."""
    return random.sample(list(items), random.randint(least, most if most is not None else len(items)))
