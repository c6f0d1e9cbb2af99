"""A parity report as one HTML page: self-contained, for phone, print, light and dark."""
