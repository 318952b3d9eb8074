"""The one meeting model and its outcome chain."""
