"""Forms of an event."""
