"""Figures, each beside a reference that is measured in the same run. ``make bench`` prints them."""
