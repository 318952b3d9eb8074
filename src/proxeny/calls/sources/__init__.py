"""Files of calls: format detection, reading row by row, and parsing of a row."""
