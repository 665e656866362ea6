"""The command `check`, also as `python -m checker`: an interrupt is answered even while modules load."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def run() -> int:
    """Run the command line and return its exit status."""
    try:
        from checker.cli import main

        return main()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
