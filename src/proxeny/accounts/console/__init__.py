"""Commands for the operator, in place of Django's of the same name: an application that comes first."""
