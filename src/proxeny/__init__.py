"""Proxeny: the workplace for cooperation between two business clusters."""

__version__ = "0.1.0"
