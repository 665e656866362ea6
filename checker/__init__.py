"""A consistency checker for physical claims: YAML rules and scenarios in, contradictions out."""

__version__ = "0.1.0"
