"""Reading services, engagements, figures and reports, as the reader."""
