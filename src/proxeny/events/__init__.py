"""Joint events: participation, requests, agenda runs, publication."""
