"""What the public sees: the page where parents find their school, and the record around it."""

from zoning.public.answers import Answer, SchoolFinder
from zoning.public.lists import address_lists
from zoning.public.page import finder_page
from zoning.public.publication import Publication, PublishedYear, assemble

__all__ = [
    "Answer",
    "Publication",
    "PublishedYear",
    "SchoolFinder",
    "address_lists",
    "assemble",
    "finder_page",
]
