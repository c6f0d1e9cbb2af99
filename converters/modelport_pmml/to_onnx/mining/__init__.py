"""Segments: evaluated side by side, combined by the multiple-model methods."""
