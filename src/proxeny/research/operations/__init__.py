"""Research collaboration: operations."""
