"""What people write in pages of insight."""
