"""Foundations of every capability: tenancy, audit, errors, jobs, mail, calendar.

Nothing here knows a capability.
"""
