"""What insight does: figures worked out, trends weighed, mails chosen."""
