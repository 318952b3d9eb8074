"""Anniversaries of partnerships: an example of a plug-in for Proxeny."""
