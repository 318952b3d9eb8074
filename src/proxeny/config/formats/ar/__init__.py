"""Arabic as business people write it."""
