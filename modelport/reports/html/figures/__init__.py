"""Plots as SVG inside the page: drawn by matplotlib, coloured by the page's own style."""
