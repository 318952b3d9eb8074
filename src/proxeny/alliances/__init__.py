"""The page of a partnership or alliance: one for the room, and what the world sees of it."""
