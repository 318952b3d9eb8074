"""Public pages: what is done with them."""
