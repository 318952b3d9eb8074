"""Greek as business people write it."""
