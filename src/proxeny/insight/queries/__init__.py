"""What insight reads."""
