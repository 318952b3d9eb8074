"""Partnerships: parties, agreement and sign-off, sharing."""
