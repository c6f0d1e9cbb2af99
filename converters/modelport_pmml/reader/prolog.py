"""What stands before the root element, looked at by expat, which stops at the first thing that is not allowed.

A document type can define entities that expand to gigabytes or reach other files, so it is refused before
libxml2 sees the document.
"""

from typing import BinaryIO
from xml.parsers import expat

from modelport.errors import InputError, Unsafe

_CHUNK = 1 << 12


class _Done(Exception):
    """The root element has begun."""


def check_prolog(stream: BinaryIO, where: str) -> None:
    """Reads up to the root element.

    Raises:
        Unsafe: there is a document type.
        InputError: it is no XML.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(parser, where)
    parser.StartElementHandler = lambda name, _: _root(name)
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except _Done:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise not_xml(str(error).split(":")[0], where, getattr(error, "lineno", 0)) from error


def _refuse(parser: expat.XMLParserType, where: str) -> None:
    raise Unsafe(
        "the document has a DOCTYPE, which can define entities that reach other files or exhaust memory",
        where=f"{where}, line {parser.CurrentLineNumber}",
        hint="PMML needs none: remove the DOCTYPE declaration",
    )


def _root(name: str) -> None:
    raise _Done


def not_xml(reason: str, where: str, line: int) -> InputError:
    place = f"{where}, line {line}" if line else where
    return InputError(f"this is not well-formed XML: {reason}", where=place, hint="was the file written completely?")
