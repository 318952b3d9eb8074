"""People, their sign-in, their seats, and invitations."""
