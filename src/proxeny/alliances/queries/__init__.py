"""Public pages: what is read for them."""
