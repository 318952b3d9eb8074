"""Webhooks: what happens in an organisation, told to a program of its own, signed and retried."""
