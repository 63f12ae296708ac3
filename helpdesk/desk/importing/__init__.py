"""Importing tables of other systems: their rows become tickets, customers and orders."""
