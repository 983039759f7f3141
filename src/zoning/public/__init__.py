"""What the public sees: the page where parents find their school, and the record around it."""

from zoning.public.answers import Answer, SchoolFinder
from zoning.public.publication import Publication, PublishedYear, assemble
from zoning.public.served import served_addresses

__all__ = ["Answer", "Publication", "PublishedYear", "SchoolFinder", "assemble", "served_addresses"]
