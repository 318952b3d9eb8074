"""What changes an event: one use case per file."""
