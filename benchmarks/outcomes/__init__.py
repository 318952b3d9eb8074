"""How long the page of outcomes counts."""
