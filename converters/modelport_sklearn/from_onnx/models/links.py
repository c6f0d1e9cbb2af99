"""Link functions, as the exact lowerings write them, read backwards: from probabilities to scores."""

from modelport_sklearn.from_onnx.graph import Graph, expect


def softmax(graph: Graph, name: str) -> str:
    """`softmax(x)` of each row → x."""
    node = graph.node(name, "Softmax")
    expect(graph.attribute(node, "axis", -1) in (1, -1))
    return graph.plain(node.input[0])


def two_sided(graph: Graph, name: str) -> str:
    """[1 - p, p] → p."""
    node = graph.node(name, "Concat")
    expect(len(node.input) == 2)
    share = graph.plain(node.input[1])
    rest = graph.node(node.input[0], "Sub")
    expect(graph.plain(rest.input[1]) == share and (graph.constant(rest.input[0]) == 1).all())
    return share


def logistic(graph: Graph, name: str) -> str:
    """`1 / (1 + exp(-x))` → x, as Sigmoid or written out."""
    if graph.op(name) == "Sigmoid":
        return graph.behind(name, "Sigmoid")
    power, one = graph.with_constant(graph.behind(name, "Reciprocal"), "Add")
    expect((one == 1).all())
    return graph.behind(graph.behind(power, "Exp"), "Neg")


def normalised(graph: Graph, name: str) -> str:
    """Each row divided by its sum, uniform where that is 0 → the rows."""
    node = graph.node(name, "Where")
    share = graph.node(node.input[2], "Div")
    total = graph.node(share.input[1], "ReduceSum")
    shares = graph.plain(share.input[0])
    expect(graph.plain(total.input[0]) == shares)
    test = graph.node(node.input[0], "Equal")
    expect(graph.plain(test.input[0]) == graph.plain(share.input[1]) and not graph.constant(test.input[1]).any())
    return shares


def posterior(graph: Graph, name: str) -> str:
    """`exp(x - logsumexp(x))` of each row → x."""
    node = graph.node(graph.behind(name, "Exp"), "Sub")
    scores = graph.plain(node.input[0])
    add = graph.node(node.input[1], "Add")
    top = graph.node(add.input[1], "ReduceMax")
    expect(graph.plain(top.input[0]) == scores)
    total = graph.node(graph.behind(add.input[0], "Log"), "ReduceSum")
    centred = graph.node(graph.behind(total.input[0], "Exp"), "Sub")
    expect(graph.plain(centred.input[0]) == scores and graph.plain(centred.input[1]) == graph.plain(add.input[1]))
    return scores
