"""GeneralRegressionModel: every model type, link and cumulative link; Cox with and without strata."""

from random import Random

from tests.conformance.fuzz_pmml.frame import LOCALS, SCHEMA, Model
from tests.conformance.fuzz_pmml.markup import CLASSES, LEVELS, maybe, some, tag

LINKS = ("cloglog", "identity", "log", "logc", "logit", "loglog", "negbin", "oddspower", "power", "probit")
CUMULATIVE = ("logit", "probit", "cloglog", "loglog", "cauchit")
SMALL = (-0.5, 0.1, 0.3, -0.2, 1.0)


def design(random: Random, count: int) -> tuple[str, list[str]]:
    names = [f"p{i}" for i in range(count)]
    cells = []
    for name in names[1:]:
        for field in some(random, ["x", "d", "s"], 1, 2):
            value = random.choice(LEVELS) if field == "s" else random.choice([1, 1, 2])
            cells.append(tag("PPCell", value=value, predictorName=field, parameterName=name))
    parameters = tag(
        "ParameterList",
        *(tag("Parameter", name=name, label=name, referencePoint=random.choice(SMALL)) for name in names),
    )
    factors = tag("FactorList", tag("Predictor", name="s"))
    covariates = tag("CovariateList", tag("Predictor", name="x"), tag("Predictor", name="d"))
    return parameters + factors + covariates + tag("PPMatrix", *cells), names


def cell(random: Random, name: str, target: str | None = None) -> str:
    return tag("PCell", parameterName=name, beta=random.choice(SMALL), df=1, targetCategory=target)


def hazards(random: Random) -> str:
    cells = "".join(tag("BaselineCell", time=t, cumHazard=h) for t, h in ((0.5, 0.1), (1, 0.25), (2, 0.7)))
    if random.randrange(2):
        return tag("BaseCumHazardTables", cells, maxTime=2)
    strata = "".join(tag("BaselineStratum", cells, value=level, maxTime=2) for level in LEVELS[:2])
    return tag("BaseCumHazardTables", strata)


def model(random: Random) -> Model:
    kind = random.choice(
        [
            "regression",
            "generalLinear",
            "generalizedLinear",
            "generalizedLinear",
            "multinomialLogistic",
            "ordinalMultinomial",
            "CoxRegression",
            "binary",
        ]
    )
    head, names = design(random, random.randint(2, 4))
    more: dict[str, object] = {}
    classes: tuple[str, ...] = CLASSES
    tables, classify = "", False
    cells = [cell(random, name) for name in names]
    if kind in ("generalizedLinear", "binary"):
        more = {
            "linkFunction": random.choice(LINKS),
            "linkParameter": random.choice([0, 1, 2, -1]),
            "distParameter": 0.5,
            "offsetValue": maybe(random, 0.2),
            "trialsValue": maybe(random, 3, 4),
            "offsetVariable": maybe(random, "y", 4),
        }
    if kind == "binary":
        kind, classify, classes = "generalizedLinear", True, CLASSES[:2]
        cells = [cell(random, name, "u") for name in names]
        more |= {"targetReferenceCategory": "v", "trialsValue": None}
    if kind == "multinomialLogistic":
        classify = True
        cells = [cell(random, name, label) for label in CLASSES[:2] for name in names]
        more = {"targetReferenceCategory": "w"}
    if kind == "ordinalMultinomial":
        classify = True
        cells = [
            tag("PCell", parameterName="p0", beta=beta, targetCategory=label)
            for label, beta in zip(CLASSES, (-0.5, 0.7), strict=False)
        ]
        cells += [cell(random, name) for name in names[1:]]
        more = {
            "cumulativeLink": random.choice(CUMULATIVE),
            "targetReferenceCategory": maybe(random, "w"),
            "offsetValue": maybe(random, 0.2),
        }
    if kind == "CoxRegression":
        cells = [cell(random, name) for name in names[1:]]
        tables = hazards(random)
        more = {"endTimeVariable": "y", "baselineStrataVariable": "t" if "Stratum" in tables else None}
    body = tag(
        "GeneralRegressionModel",
        SCHEMA,
        LOCALS,
        head,
        tag("ParamMatrix", *cells),
        tables,
        modelType=kind,
        functionName="classification" if classify else "regression",
        **more,
    )
    return Model(
        body,
        "classification" if classify else "regression",
        classes=classes,
        optype="ordinal" if kind == "ordinalMultinomial" else "categorical",
    )
