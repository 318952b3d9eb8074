"""Webhooks: an organisation's events, sent to a program of its own, signed and retried."""
