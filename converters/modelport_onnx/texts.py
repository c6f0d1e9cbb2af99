"""Text in an ONNX file that is none: protobuf gives fields of text as bytes where they are no UTF-8."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from modelport.errors import InputError


def check_texts(message: Message, where: str) -> None:
    """Refuses a message of which some text, at any depth, is no UTF-8.

    Raises:
        InputError: names the field.
    """
    broken = next(_broken(message), None)
    if broken is not None:
        raise InputError(f"the text of {broken} in this ONNX file is no UTF-8", where=where, hint="write it again")


def _broken(root: Message) -> Iterator[str]:
    waiting: list[Message] = [root]
    while waiting:
        for field, value in waiting.pop().ListFields():
            values: Any = (value,) if isinstance(value, str | bytes | Message) else value
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                waiting += values
            elif field.type == FieldDescriptor.TYPE_STRING and any(isinstance(item, bytes) for item in values):
                yield str(field.full_name)
