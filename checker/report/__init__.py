"""A finished report, written for a terminal or for a program."""
