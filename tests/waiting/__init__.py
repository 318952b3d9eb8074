"""What waits for a person: who has it, who has not, and where it shows."""
