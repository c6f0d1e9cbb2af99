"""What older versions of PMML call otherwise, in the words of version 4.4.

The table says what JPMML-Model 1.7 (`ImportFilter`) reads: attributes that vendors wrote with an `x-` before a version
took them up, and `Apply` of version 4.1, whose `mapMissingTo` is what 4.2 calls `defaultValue`.
"""

from collections.abc import Mapping

from lxml import etree

from modelport_pmml.reader.limits import VERSIONS

_TAKEN_UP = tuple(VERSIONS[: VERSIONS.index("4.4")])
"""The versions before 4.4."""

RENAMED: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "Apply": {"mapMissingTo": ("defaultValue", ("4.1",))},
    "MiningField": {"x-invalidValueReplacement": ("invalidValueReplacement", _TAKEN_UP)},
    "Segmentation": {
        "x-missingPredictionTreatment": ("missingPredictionTreatment", _TAKEN_UP),
        "x-missingThreshold": ("missingThreshold", _TAKEN_UP),
    },
    "TargetValue": {"rawDataValue": ("displayValue", ("3.0", "3.1"))},
}
"""Element → old attribute → its name in 4.4, and the versions that it is renamed in."""


def upgrade(root: etree._Element, version: str) -> None:
    """Renames attributes in place.

    Args:
        version: as the document says; `4.2.1` belongs to 4.2.
    """
    known = next((item for item in VERSIONS if version.startswith(item)), "")
    for tag, attributes in RENAMED.items():
        wanted = {old: new for old, (new, versions) in attributes.items() if known in versions}
        for element in root.iter(f"{{*}}{tag}", tag) if wanted else ():
            for old, new in wanted.items():
                value = element.get(old)
                if value is not None:
                    del element.attrib[old]
                    element.set(new, value)
