"""Passes over finished graphs; each keeps what the graph computes."""
