"""Research collaboration: forms."""
