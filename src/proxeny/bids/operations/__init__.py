"""Joint bids: operations."""
