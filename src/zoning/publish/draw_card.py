"""The commitment as a picture that a telephone reads."""

from io import BytesIO

from zoning.lottery import Manifest
from zoning.lottery.rehearsal import VOID

__all__ = ["commitment_qr"]


def commitment_qr(manifest: Manifest) -> bytes:
    """Return the commitment as a QR code, an SVG of capital hexadecimal digits.

    Parameters
    ----------
    manifest
        The terms; a rehearsal's picture is titled as void.
    """
    import segno  # noqa: PLC0415 - waits until a commitment is written

    digest = manifest.commitment.hex()
    title = f"{VOID} {digest}" if manifest.mode == "rehearsal" else digest
    picture = BytesIO()
    segno.make(digest.upper(), error="m", micro=False).save(picture, kind="svg", scale=6, title=title)
    return picture.getvalue()
