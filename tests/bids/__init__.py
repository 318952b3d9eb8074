"""Joint bids."""
