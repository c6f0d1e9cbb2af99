"""A model card as one page of HTML that needs nothing else: no script, no font, no address."""

from collections.abc import Iterator, Sequence
from html import escape

from modelport.bundle.card.content import Section, Table

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
th { font-weight: 600; } td { overflow-wrap: anywhere; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, sections: Sequence[Section]) -> bytes:
    """The card; all text is escaped, and the page may load and run nothing."""
    return ("\n".join(_lines(title, sections)) + "\n").encode("utf-8", "replace")


def _lines(title: str, sections: Sequence[Section]) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Model card: {escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>Model card: {escape(title)}</h1>"
    for section in sections:
        yield f"<h2>{escape(section.title)}</h2>"
        yield from (f"<p>{escape(text)}</p>" for text in section.paragraphs)
        yield from (_table(table) for table in section.tables if table.rows)
        if section.items:
            yield "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in section.items) + "</ul>"
    yield "</body>\n</html>"


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.heads)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in table.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
