"""The science: no Django, no database, usable alone."""
