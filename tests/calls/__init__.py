"""Tests of calls for proposals."""
