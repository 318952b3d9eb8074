"""Measures of the checker of offers and needs."""
