"""Pages of the directory, one file a use case."""
