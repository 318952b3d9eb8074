"""Reading what is kept of bids."""
