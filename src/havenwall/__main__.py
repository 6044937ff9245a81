"""`python -m havenwall`."""

from havenwall.cli import main

main()
