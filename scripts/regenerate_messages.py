"""Write what `check` says of every broken file under tests/broken, one text for each folder there."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

from checker.cli import main

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "broken"


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of `check` ended and what it wrote."""

    status: int
    stdout: str
    stderr: str


def files(family: Path) -> list[Path]:
    """The broken files of a family, relative to the corpus; those that say `# In order` serve others."""
    found = sorted(family.glob("*.yaml"))
    return [path.relative_to(CORPUS) for path in found if not path.read_bytes().startswith(b"# In order")]


def is_scenario(file: Path) -> bool:
    """Whether the file is for `check`; packs are for `check test`."""
    return file.parent.name != "packs" or b"scenario:" in (CORPUS / file).read_bytes()


def run(file: Path) -> Run:
    """What `check` makes of a file of the corpus, paths as they are from there. It runs in the root, so that
    the length of no line depends on where the repository lies."""
    path = str((CORPUS / file).relative_to(ROOT))
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        status = main([path] if is_scenario(file) else ["test", path])
    return Run(status, stdout.getvalue(), stderr.getvalue().replace("tests/broken/", ""))


def snapshot(family: Path) -> str:
    """The messages of all files of a family, each under its name."""
    return "\n".join(f"## {file.name}\n{run(file).stderr}" for file in files(family))


if __name__ == "__main__":
    for family in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
        (CORPUS / f"{family.name}.txt").write_text(snapshot(family), encoding="utf-8")
