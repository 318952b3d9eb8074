"""The operations of insight: calculating figures, weighing trends, choosing mails."""
