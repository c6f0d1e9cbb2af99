"""The specification's elements as immutable dataclasses, one file a part of the specification."""
