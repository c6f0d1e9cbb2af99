"""A model: what it is, what it takes and what it gives."""

from modelport.errors import ModelportError
from modelport.model import Model
from modelport.notebook import blocks, columns


def html(model: Model) -> str:
    """The representation; a model whose columns cannot be known yet says why."""
    where = blocks.dim(f"in {blocks.text(model.runtime.title)}")
    name = blocks.code(model.artifact.name)
    try:
        signature = model.signature
    except ModelportError as error:
        title = f"{blocks.text(model.artifact.format.title)} model {name}"
        hint = blocks.line(blocks.text(error.hint)) if error.hint else ""
        return blocks.card(title, blocks.line(where), blocks.line(blocks.mark(blocks.WARN, error.what)), hint)
    task = signature.task.value if signature.task else "model"
    title = f"{blocks.text(model.artifact.format.title)} {task} {name}"
    return blocks.card(title, blocks.line(where), columns.outputs(signature.outputs), columns.inputs(signature.inputs))
