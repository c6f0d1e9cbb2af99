"""SupportVectorMachineModel: one kernel machine that gives a number.

https://dmg.org/pmml/v4-4-1/SupportVectorMachine.html
"""

from collections.abc import Sequence
from functools import partial

from modelport_columnar.values import Array
from modelport_pmml.from_columnar.machines import Kernel, Machine
from modelport_pmml.from_columnar.markup import Piece, attribute, number, tag


def machine_model(machine: Machine, names: Sequence[str], head: str) -> list[Piece]:
    """The element, vector by vector; `head` is everything before the kernel."""
    fields = tag("VectorFields", [("numberOfFields", len(names))], [tag("FieldRef", [("field", n)]) for n in names])
    count = len(machine.vectors)
    return [
        f'<SupportVectorMachineModel functionName="regression">{head}{_kernel(machine.kernel)}'
        f'<VectorDictionary numberOfVectors="{count}">{fields}',
        *(partial(_instance, str(k), row) for k, row in enumerate(machine.vectors, 1)),
        "</VectorDictionary>",
        _machine(machine),
        "</SupportVectorMachineModel>",
    ]


def _kernel(kernel: Kernel) -> str:
    known = [("gamma", number(kernel.gamma))]
    if kernel.name != "RadialBasisKernelType":
        known.append(("coef0", number(kernel.coef0)))
    if kernel.name == "PolynomialKernelType":
        known.append(("degree", number(kernel.degree)))
    return tag(kernel.name, known)


def _instance(name: str, row: Array) -> str:
    values = " ".join(number(value) for value in row.tolist())
    array = tag("Array", [("type", "real"), ("n", len(row))], values)
    return f'<VectorInstance id="{attribute(name)}">{array}</VectorInstance>'


def _machine(machine: Machine) -> str:
    count = len(machine.weights)
    vectors = [tag("SupportVector", [("vectorId", k)]) for k in range(1, count + 1)]
    values = [tag("Coefficient", [("value", number(weight))]) for weight in machine.weights.tolist()]
    offset = [("numberOfCoefficients", count), ("absoluteValue", number(machine.offset))]
    shape = [("numberOfAttributes", machine.vectors.shape[1]), ("numberOfSupportVectors", count)]
    return tag("SupportVectorMachine", (), tag("SupportVectors", shape, vectors) + tag("Coefficients", offset, values))
