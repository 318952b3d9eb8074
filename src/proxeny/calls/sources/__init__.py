"""Files of calls: recognised, read row by row, and what a row says of a call."""
