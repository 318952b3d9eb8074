"""The desk's use cases."""
