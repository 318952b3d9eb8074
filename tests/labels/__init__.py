"""Labels: schemes, applications, juries, decisions, awards."""
