"""The command line."""

from remit.entrypoints.cli.main import main

__all__ = ["main"]
