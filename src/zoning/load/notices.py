"""The ``[publish]`` table of ``zoning.toml``: what the office says to the public."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from zoning.district import PublicNotice
from zoning.errors import Text

__all__ = ["PublishKeys", "notice_of"]


def _day(said: str) -> str:
    """Return a day that the calendar has, as ISO 8601 writes it, or nothing."""
    if said and date.fromisoformat(said).isoformat() != said:
        raise ValueError(said)  # a week, or a day without its hyphens
    return said


class PublishKeys(BaseModel):
    """The keys as they are written; what is missing is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    office: str = ""
    office_en: str = ""
    phone: str = ""
    url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    rule: str = ""
    rule_en: str = ""
    transition: str = ""
    transition_en: str = ""
    siblings_stay: bool | None = None
    disclaimer: str = ""
    disclaimer_en: str = ""
    comments_to: str = ""
    comments_to_en: str = ""
    comments_until: Annotated[str, AfterValidator(_day)] = ""
    near_line_m: Annotated[float, Field(ge=0, le=1000)] = 50.0
    no_map_number: str = ""
    no_map_number_en: str = ""


def notice_of(said: PublishKeys) -> PublicNotice:
    """Return the words of the office; what is said in one language only stands in both."""

    def both(zh: str, en: str) -> Text:
        return Text(en.strip() or zh.strip(), zh.strip() or en.strip())

    return PublicNotice(
        office=both(said.office, said.office_en),
        phone=said.phone.strip(),
        url=said.url,
        rule=both(said.rule, said.rule_en),
        transition=both(said.transition, said.transition_en),
        siblings_stay=said.siblings_stay,
        disclaimer=both(said.disclaimer, said.disclaimer_en),
        comments_to=both(said.comments_to, said.comments_to_en),
        comments_until=said.comments_until,
        near_line_m=said.near_line_m,
        no_map_number=both(said.no_map_number, said.no_map_number_en),
    )
