"""Recognisers of transformers, one file a family. Each gives the tensors a step is given, and the fitted step."""
