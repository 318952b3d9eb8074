"""Labels: what is read of them."""
