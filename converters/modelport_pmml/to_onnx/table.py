"""What is converted: every model, expression, function and output feature, by its name in a document.

`docs/pmml.md` is checked against these tables.
"""

from collections.abc import Mapping

from modelport.plugins import Lazy, lazy

_HERE = "modelport_pmml.to_onnx"

MODELS: Mapping[str, Lazy] = {
    name: lazy(f"{_HERE}.models.{module}:lower")
    for name, module in {
        "AnomalyDetectionModel": "anomaly",
        "BayesianNetworkModel": "bayesian_network",
        "ClusteringModel": "clustering",
        "GaussianProcessModel": "gaussian_process",
        "GeneralRegressionModel": "general_regression",
        "MiningModel": "mining",
        "NaiveBayesModel": "naive_bayes",
        "NearestNeighborModel": "nearest_neighbor",
        "NeuralNetwork": "neural",
        "RegressionModel": "regression",
        "RuleSetModel": "rule_set",
        "Scorecard": "scorecard",
        "SupportVectorMachineModel": "support_vector",
        "TreeModel": "tree",
    }.items()
}

REFUSED: Mapping[str, str] = {
    "AssociationModel": "it answers about sets of items, not rows",
    "BaselineModel": "its test statistics are computed over a window of rows, and no evaluator computes them",
    "SequenceModel": "it answers about sequences, not rows",
    "TextModel": "it answers about documents, not rows",
    "TimeSeriesModel": "it answers about series, not rows",
}

EXPRESSIONS: Mapping[str, Lazy] = {
    "Apply": lazy(f"{_HERE}.expressions.apply:apply"),
    "Constant": lazy(f"{_HERE}.expressions.simple:constant_value"),
    "Discretize": lazy(f"{_HERE}.expressions.discretize:discretize"),
    "FieldRef": lazy(f"{_HERE}.expressions.simple:field_ref"),
    "MapValues": lazy(f"{_HERE}.expressions.map_values:map_values"),
    "NormContinuous": lazy(f"{_HERE}.expressions.norm_continuous:norm_continuous"),
    "NormDiscrete": lazy(f"{_HERE}.expressions.simple:norm_discrete"),
    "TextIndex": lazy(f"{_HERE}.expressions.text_index:text_index"),
}

REFUSED_EXPRESSIONS: Mapping[str, str] = {
    "Aggregate": "it aggregates over collections, and a cell of a row holds one value",
    "Lag": "it looks at rows before",
}

FUNCTIONS: Mapping[str, Lazy] = {
    name: lazy(f"{_HERE}.functions.{where}")
    for name, where in {
        "+": "arithmetic:plus",
        "-": "arithmetic:minus",
        "*": "arithmetic:times",
        "/": "arithmetic:divide",
        "min": "statistics:minimum",
        "max": "statistics:maximum",
        "sum": "statistics:total",
        "avg": "statistics:average",
        "median": "statistics:median",
        "product": "statistics:product",
        "log10": "arithmetic:log10",
        "ln": "arithmetic:ln",
        "ln1p": "arithmetic:ln1p",
        "exp": "arithmetic:exp",
        "expm1": "arithmetic:expm1",
        "sqrt": "arithmetic:sqrt",
        "abs": "arithmetic:absolute",
        "pow": "arithmetic:power",
        "threshold": "arithmetic:threshold",
        "floor": "arithmetic:floor",
        "ceil": "arithmetic:ceil",
        "round": "arithmetic:round_",
        "rint": "arithmetic:rint",
        "modulo": "arithmetic:modulo",
        "hypot": "arithmetic:hypot",
        "sin": "arithmetic:sin",
        "cos": "arithmetic:cos",
        "tan": "arithmetic:tan",
        "asin": "arithmetic:asin",
        "acos": "arithmetic:acos",
        "atan": "arithmetic:atan",
        "atan2": "arithmetic:atan2",
        "sinh": "arithmetic:sinh",
        "cosh": "arithmetic:cosh",
        "tanh": "arithmetic:tanh",
        "erf": "arithmetic:error_function",
        "normalCDF": "arithmetic:normal_cdf",
        "normalIDF": "arithmetic:normal_idf",
        "normalPDF": "arithmetic:normal_pdf",
        "stdNormalCDF": "arithmetic:std_normal_cdf",
        "stdNormalIDF": "arithmetic:std_normal_idf",
        "stdNormalPDF": "arithmetic:std_normal_pdf",
        "isMissing": "comparison:presence",
        "isNotMissing": "comparison:presence",
        "isValid": "comparison:validity",
        "isNotValid": "comparison:validity",
        "equal": "comparison:comparison",
        "notEqual": "comparison:comparison",
        "lessThan": "comparison:comparison",
        "lessOrEqual": "comparison:comparison",
        "greaterThan": "comparison:comparison",
        "greaterOrEqual": "comparison:comparison",
        "and": "comparison:logic",
        "or": "comparison:logic",
        "not": "comparison:negation",
        "isIn": "comparison:membership",
        "isNotIn": "comparison:membership",
        "uppercase": "strings:uppercase",
        "lowercase": "strings:lowercase",
        "stringLength": "strings:string_length",
        "substring": "strings:substring",
        "trimBlanks": "strings:trim_blanks",
        "concat": "strings:concat",
        "replace": "strings:replace_",
        "matches": "strings:matches",
        "formatDatetime": "formats:format_datetime",
        "formatNumber": "formats:format_number",
        "dateDaysSinceYear": "dates:days_since_year",
        "dateSecondsSinceYear": "dates:seconds_since_year",
        "dateSecondsSinceMidnight": "dates:seconds_since_midnight",
    }.items()
}
"""`if` is not here: only the part it chooses counts, so `Apply` handles it."""

REFUSED_FUNCTIONS: Mapping[str, str] = {}

FEATURES: Mapping[str, Lazy] = {
    name: lazy(f"{_HERE}.{function}")
    for name, function in {
        "predictedValue": "output:predicted_value",
        "predictedDisplayValue": "output:display_value",
        "probability": "output:probability",
        "confidence": "output:confidence",
        "entityId": "output_ranks:entity_id",
        "clusterId": "output_ranks:cluster_id",
        "affinity": "output_ranks:affinity",
        "entityAffinity": "output_ranks:affinity",
        "clusterAffinity": "output_ranks:affinity",
        "reasonCode": "output_ranks:reason_code",
    }.items()
}
"""`transformedValue` and `decision` are expressions."""

REFUSED_FEATURES: Mapping[str, str] = {
    "residual": "it needs the true target among the inputs",
    "standardError": "no evaluator agrees on it",
    "ruleValue": "it belongs to AssociationModel",
    "report": "it is prose",
    "warning": "it is prose",
}
