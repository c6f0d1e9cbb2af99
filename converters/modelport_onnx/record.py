"""Provenance in an ONNX file: a text in the model's own metadata."""

import onnx

PROVENANCE_KEY = "modelport.provenance"


def record(model: onnx.ModelProto, text: str) -> onnx.ModelProto:
    """The model with this provenance in its metadata, in place of any that was there."""
    kept = [entry for entry in model.metadata_props if entry.key != PROVENANCE_KEY]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    model.metadata_props.add(key=PROVENANCE_KEY, value=text)
    return model


def recorded(model: onnx.ModelProto) -> str | None:
    """The text that `record` wrote; None if there is none."""
    return next((entry.value for entry in model.metadata_props if entry.key == PROVENANCE_KEY), None)
