"""Network position: all measures at the size of a framework programme, and what others take."""
