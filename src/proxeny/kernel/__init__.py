"""What every capability stands on and none knows: tenancy, audit, errors, jobs, mail, calendar."""
