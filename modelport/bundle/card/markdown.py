"""A model card in Markdown (CommonMark with tables)."""

import re
from collections.abc import Iterator, Sequence

from modelport.bundle.card.content import Section, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def markdown(title: str, sections: Sequence[Section]) -> bytes:
    """The card; text of the models' own choosing is escaped, so that it stays text."""
    return ("\n\n".join(_parts(title, sections)) + "\n").encode("utf-8", "replace")


def _parts(title: str, sections: Sequence[Section]) -> Iterator[str]:
    yield f"# Model card: {escaped(title)}"
    for section in sections:
        yield f"## {section.title}"
        yield from (escaped(text) for text in section.paragraphs)
        yield from (_table(table) for table in section.tables if table.rows)
        if section.items:
            yield "\n".join(f"- {escaped(item)}" for item in section.items)


def _table(table: Table) -> str:
    lines = [table.heads, tuple("---" for _ in table.heads), *(tuple(map(escaped, row)) for row in table.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def escaped(text: str) -> str:
    """Text on one line in which no character means anything."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
