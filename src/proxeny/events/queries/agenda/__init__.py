"""What is read of an agenda: the organiser's board, a participant's day, free places, outcomes."""
