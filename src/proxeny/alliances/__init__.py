"""The page of a partnership or alliance: one for the room, and a public one."""
