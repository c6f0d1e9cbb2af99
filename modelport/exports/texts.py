"""Documents as text: JSON, and what exports need of YAML and of protocol buffers' text; same input, same text."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def json_text(document: Any) -> bytes:
    """Strict JSON, indented."""
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def yaml_text(document: Mapping[str, Any]) -> bytes:
    """YAML 1.2 in block style. Every text is quoted as JSON does, so that none is taken for a number or a boolean."""
    return ("\n".join(_block(document, 0)) + "\n").encode()


def _block(value: Any, depth: int) -> Iterable[str]:
    pad = "  " * depth
    items = value.items() if isinstance(value, Mapping) else ((None, item) for item in value)
    for key, item in items:
        head = f"{pad}-" if key is None else f"{pad}{_scalar(key)}:"
        if isinstance(item, Mapping | list | tuple) and item:
            yield head
            yield from _block(item, depth + 1)
        else:
            yield f"{head} {_scalar(item)}"


def _scalar(value: Any) -> str:
    plain = isinstance(value, str) and value.isascii() and value.replace("_", "").isalpha()
    known = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
    if plain and value.lower() not in known:
        return str(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def proto_string(text: str) -> str:
    """A string of the text form of protocol buffers: bytes beyond printable ASCII as octal escapes."""
    shown = "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b"\"'\\" else f"\\{byte:03o}" for byte in text.encode()
    )
    return f'"{shown}"'


def proto_list(values: Sequence[int]) -> str:
    return f"[ {', '.join(map(str, values))} ]"
