"""What this package offers modelport: a literal table. Nothing heavy is imported here."""

from modelport.conversion import Converter
from modelport.formats import Format
from modelport.plugin import Plugin
from modelport.plugins import lazy
from modelport.runtimes import Runtime


def sniff(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and b'"weights"' in head


def owns(model: object) -> bool:
    return type(model).__module__ == "modelport_formula.model"


FORMULA = Format(
    name="formula",
    title="formula",
    suffixes=(".formula",),
    sniff=sniff,
    read=lazy("modelport_formula.model:read"),
    inspect=lazy("modelport_formula.model:inspect"),
    owns=owns,
    signature=lazy("modelport_formula.model:signature"),
)

PLUGIN = Plugin(
    "formula",
    formats=(FORMULA,),
    converters=(Converter("formula", "onnx", "modelport-formula", 1, lazy("modelport_formula.to_onnx:convert")),),
    runtimes=(Runtime("formula", "plain Python", ("formula",), lazy("modelport_formula.runtime:open_session")),),
)
