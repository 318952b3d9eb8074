"""Reading what is kept of research."""
