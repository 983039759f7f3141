"""What the public sees: the page where parents find their school, and the record around it."""

from zoning.public.answers import Answer, SchoolFinder
from zoning.public.ledger import change_ledger, ledger_table
from zoning.public.ledger_values import Ledger
from zoning.public.publication import Publication, PublishedYear, assemble

__all__ = [
    "Answer",
    "Ledger",
    "Publication",
    "PublishedYear",
    "SchoolFinder",
    "assemble",
    "change_ledger",
    "ledger_table",
]
