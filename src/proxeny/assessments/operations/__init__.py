"""Actions on services, requests, findings and reports."""
