"""What is read of calls, as the reader."""
