"""The shell: base page, components, home, static files."""
