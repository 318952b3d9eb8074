"""Research collaboration: studies, data packages that others can open, and what came of it all."""
