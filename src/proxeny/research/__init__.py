"""Research collaboration: studies, data packages that others can open, and outcomes."""
