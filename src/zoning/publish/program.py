"""Which program draws: its version, the digest of its files, and that of the verifier page."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Final

import zoning
from zoning.lottery import Program
from zoning.lottery.canonical import lengthened
from zoning.publish.draw_verifier import verifier_digest

__all__ = ["installed_program", "package_digest"]

_PARTS: Final = frozenset({".py", ".toml", ".js", ".css", ".html", ".json", ".typ", ".typed"})
"""Endings of what the package is made of; compiled files are made on each machine."""


def package_digest(folder: Path | None = None) -> str:
    """Return the digest of the package's own text files, 64 hex digits, as the specification says.

    Parameters
    ----------
    folder
        The package; the installed one unless given.

    Examples
    --------
    >>> package_digest() == package_digest(), len(package_digest())
    (True, 64)
    """
    home = Path(zoning.__file__).parent if folder is None else folder
    total = hashlib.sha256(b"lot/program/1")
    files = {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.suffix in _PARTS}
    for name in sorted(files):
        content = files[name].read_bytes().replace(b"\r\n", b"\n")
        total.update(lengthened(name.encode()) + hashlib.sha256(content).digest())
    return total.hexdigest()


def installed_program() -> Program:
    """Return the program that is installed, as a manifest names it."""
    return Program("zoning", version("zoning"), package_digest(), verifier_digest())
