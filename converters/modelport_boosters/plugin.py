"""What this room offers the core: a literal table."""

from modelport.plugin import Plugin

PLUGIN = Plugin("boosters")
