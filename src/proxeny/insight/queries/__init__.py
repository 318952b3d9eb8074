"""The queries of insight."""
