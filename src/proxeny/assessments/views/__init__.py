"""The consultation service's views."""
