"""Queries on agendas: the organiser's board, a participant's day, free places, outcomes."""
