"""What the public sees: the page where parents find their school, and the record around it."""

from zoning.public.answers import Answer, SchoolFinder
from zoning.public.chain import check_chain, record_head
from zoning.public.ledger import change_ledger, ledger_table
from zoning.public.ledger_values import Ledger
from zoning.public.publication import Publication, PublishedYear, assemble
from zoning.public.record import RecordEntry, append_record, record_entry
from zoning.public.served import served_addresses

__all__ = [
    "Answer",
    "Ledger",
    "Publication",
    "PublishedYear",
    "RecordEntry",
    "SchoolFinder",
    "append_record",
    "assemble",
    "change_ledger",
    "check_chain",
    "ledger_table",
    "record_entry",
    "record_head",
    "served_addresses",
]
