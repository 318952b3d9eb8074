"""Research collaboration: views."""
