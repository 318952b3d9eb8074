"""Mail that comes back: answers to invitations (RFC 5546, RFC 6047), and what was not delivered."""
