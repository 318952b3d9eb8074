"""The queries of research."""
