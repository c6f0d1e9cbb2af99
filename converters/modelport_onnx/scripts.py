"""How to ask an ONNX runtime about one row with nothing but the runtime, for reproductions. `ANSWER` is the name."""

_FEED = """
    kinds = {"tensor(double)": "f8", "tensor(float)": "f4", "tensor(int64)": "i8", "tensor(int32)": "i4"}
    kinds |= {"tensor(bool)": "?", "tensor(string)": "O"}
    values, feeds = iter(row.values()), {}
    for name, kind, shape in inputs:
        width = shape[1] if len(shape) == 2 and isinstance(shape[1], int) else 1 if len(inputs) > 1 else len(row)
        cells = [next(values) for _ in range(width)]
        gap = "" if kind == "tensor(string)" else float("nan")
        array = np.array([[gap if cell is None else cell for cell in cells]], kinds[kind])
        feeds[name] = array if len(shape) == 2 else array[0]"""

ONNXRUNTIME = f"""
def ANSWER(path, row):
    import numpy as np
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = [(i.name, i.type, i.shape) for i in session.get_inputs()]{_FEED}
    return session.run(None, feeds)
"""

REFERENCE = f"""
def ANSWER(path, row):
    import numpy as np
    import onnx
    import onnx.reference

    model = onnx.load(path)
    words = {{1: "float", 6: "int32", 7: "int64", 8: "string", 9: "bool", 11: "double"}}
    inputs = []
    for i in model.graph.input:
        tensor = i.type.tensor_type
        shape = [d.dim_value or None for d in tensor.shape.dim]
        inputs.append((i.name, "tensor(" + words[tensor.elem_type] + ")", shape)){_FEED}
    return onnx.reference.ReferenceEvaluator(model).run(None, feeds)
"""
