"""What this room offers the core: a literal table."""

from modelport.conversion import Converter
from modelport.formats import Format
from modelport.plugin import Plugin
from modelport.plugins import lazy
from modelport.runtimes import Runtime
from modelport_sklearn.sniff import owns, sniff

PACKED = tuple(
    f"{name}{packed}" for name in (".pkl", ".pickle", ".joblib") for packed in (".gz", ".bz2", ".xz", ".lzma", ".z")
)

PICKLE = Format(
    name="pickle",
    title="pickle",
    suffixes=(".pkl", ".pickle", ".joblib", ".skops", *PACKED),
    sniff=sniff,
    read=lazy("modelport_sklearn.files:read"),
    write=lazy("modelport_sklearn.files:write"),
    inspect=lazy("modelport_sklearn.inspect:inspect"),
    owns=owns,
    signature=lazy("modelport_sklearn.signature:signature"),
    runs_code_on_load=True,
    preflight=lazy("modelport_sklearn.preflight:preflight"),
)

PLUGIN = Plugin(
    "sklearn",
    formats=(PICKLE,),
    converters=(
        Converter("pickle", "onnx", "modelport", 1, lazy("modelport_onnx.build:to_onnx")),
        Converter("onnx", "pickle", "modelport", 3, lazy("modelport_sklearn.from_onnx.convert:convert")),
        Converter("pickle", "onnx", "skl2onnx", 5, lazy("modelport_sklearn.skl2onnx_engine:convert"), ("skl2onnx",)),
    ),
    runtimes=(
        Runtime(
            "scikit-learn",
            "scikit-learn",
            ("pickle",),
            lazy("modelport_sklearn.runtime:open_session"),
            ("sklearn",),
            script=lazy("modelport_sklearn.scripts:scikit_learn"),
        ),
    ),
)
