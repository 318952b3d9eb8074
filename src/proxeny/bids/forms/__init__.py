"""Joint bids: forms."""
