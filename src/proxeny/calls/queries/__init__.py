"""Queries for calls, as the reader."""
