"""Joint bids: from an open call to a consortium that has signed, submitted and heard the result."""
