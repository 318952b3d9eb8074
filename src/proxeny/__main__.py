"""`python -m proxeny`."""

from proxeny.cli import main

main()
