"""A consistency checker for physical claims: YAML rules and scenarios in, contradictions out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.errors import InputError

if TYPE_CHECKING:
    from checker.api import Report, check

__all__ = ["InputError", "Report", "__version__", "check"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The engine is loaded when it is first asked for, so that the command starts fast.
    if name in ("Report", "check"):
        from checker import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
