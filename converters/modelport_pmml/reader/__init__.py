"""A typed, streaming reader of PMML 3.0 to 4.4: immutable dataclasses that mirror the specification's elements."""
