"""Incoming mail: answers to invitations (RFC 5546, RFC 6047), and non-delivery reports."""
