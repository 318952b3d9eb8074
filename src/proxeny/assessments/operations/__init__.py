"""What people do with services, requests, findings and reports."""
