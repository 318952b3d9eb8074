"""French: a date and its time in one phrase."""

DATETIME_FORMAT = "j F Y à H:i"
