"""`python -m services.cli` is `vcp`."""

from services.cli import main

main()
