"""English as Europeans write it."""
