"""Every booster class that is lowered exactly, by its public path. One row a class, one file a library."""

from collections.abc import Mapping

from modelport_onnx.lowering import Lowering

TABLE: Mapping[str, Lowering] = {}
