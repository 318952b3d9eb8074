"""French as business people write it."""
