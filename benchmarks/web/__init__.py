"""Page weights, paints, answers and requests a second, beside pretalx."""
