"""The first-run tour: a newcomer is led through the main things of their role.

`stations` holds what is told, `planning` where each station stands for one reader, `walking` what
the session remembers of the walk, `views` the buttons.
"""
