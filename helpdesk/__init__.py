"""A help desk in the terminal, built around the promise told to the customer."""

__version__ = "0.1.0"
