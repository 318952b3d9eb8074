"""Organisations, memberships, offers and needs, and their import."""
