"""What the stress test of funding costs, beside solvers that others wrote."""
