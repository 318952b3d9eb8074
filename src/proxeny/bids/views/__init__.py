"""Joint bids: views."""
