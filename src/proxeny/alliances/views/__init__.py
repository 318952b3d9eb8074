"""Public pages: views."""
