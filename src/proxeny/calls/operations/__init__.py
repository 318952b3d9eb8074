"""Use cases of calls: one function each."""
