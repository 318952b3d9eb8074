"""Labels: what is done with them."""
