"""The ambassador's desk: mandates, introductions, times that suit all, and what was promised."""
