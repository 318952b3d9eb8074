"""The consultation service's forms."""
