"""The first-run tour: a newcomer is led through the main things of their role.

`stations` holds the texts, `planning` the address of each station for one reader, `walking` the
progress kept in the session, `views` the buttons.
"""
