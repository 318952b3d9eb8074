"""The consultation service: two clusters assess a market together for companies of both countries."""
