"""What the public sees: the page where parents find their school, and the record around it."""

from zoning.public.answers import Answer, SchoolFinder
from zoning.public.chain import check_chain, record_head
from zoning.public.coverage.certificate import Certificate, certify
from zoning.public.finder.page import finder_page
from zoning.public.gate.checks import check_publication
from zoning.public.ledger.build import change_ledger, ledger_table
from zoning.public.ledger.values import Ledger
from zoning.public.lists import address_lists
from zoning.public.make import MadePublication, make_publication
from zoning.public.publication import Publication, PublishedYear, assemble
from zoning.public.record import RecordEntry, append_record, record_entry
from zoning.public.record_folder import check_record, read_record
from zoning.public.served import served_addresses
from zoning.public.written import write_publication

__all__ = [
    "Answer",
    "Certificate",
    "Ledger",
    "MadePublication",
    "Publication",
    "PublishedYear",
    "RecordEntry",
    "SchoolFinder",
    "address_lists",
    "append_record",
    "assemble",
    "certify",
    "change_ledger",
    "check_chain",
    "check_publication",
    "check_record",
    "finder_page",
    "ledger_table",
    "make_publication",
    "read_record",
    "record_entry",
    "record_head",
    "served_addresses",
    "write_publication",
]
