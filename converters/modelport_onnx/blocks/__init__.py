"""Exact building blocks that several rooms share: trees, links, distances, encoders, kernels."""
