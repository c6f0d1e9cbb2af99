"""What this room offers the core: a literal table."""

from modelport.formats import Format
from modelport.plugin import Plugin
from modelport.plugins import lazy
from modelport_pmml.format import owns, sniff

PMML = Format(
    name="pmml",
    title="PMML",
    suffixes=(".pmml",),
    sniff=sniff,
    read=lazy("modelport_pmml.document:read"),
    write=lazy("modelport_pmml.document:write"),
    inspect=lazy("modelport_pmml.inspect:inspect"),
    owns=owns,
    signature=lazy("modelport_pmml.signature:signature"),
)

PLUGIN = Plugin("pmml", formats=(PMML,))
