"""What an office says to the public: who it is, how it is reached, and the words of its rules."""

from dataclasses import dataclass, field

from zoning.errors import Text

__all__ = ["PublicNotice"]

_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """The ``[publish]`` table of ``zoning.toml``.

    Parameters
    ----------
    office
        Who publishes.
    phone
        The number that parents call.
    url
        Address under which the page will stand, for QR codes and links; empty while there is none.
    rule
        The document and clause that the zones follow, as the reason of every answer cites it.
    transition
        Who may stay at the old school when a zone changes, in words.
    siblings_stay
        Whether brothers and sisters may follow to the old school; None where the rule does not say.
    disclaimer
        Words at the foot of the page; a plain default stands there when empty.
    comments_to
        Where comments on a proposal go.
    comments_until
        Until when, ISO 8601 date; empty outside a consultation.
    near_line_m
        A block of which a tenth lies nearer to another zone than this is told so, metres.
    no_map_number
        Why the map needs no approval number (审图号); empty while nobody has decided.
    """

    office: Text = _NOTHING
    phone: str = ""
    url: str = ""
    rule: Text = _NOTHING
    transition: Text = _NOTHING
    siblings_stay: bool | None = None
    disclaimer: Text = _NOTHING
    comments_to: Text = _NOTHING
    comments_until: str = ""
    near_line_m: float = 50.0
    no_map_number: Text = field(default=_NOTHING)
