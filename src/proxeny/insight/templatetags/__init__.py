"""What templates of insight use."""
