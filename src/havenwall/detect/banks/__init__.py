"""Banks: lists of known media, imported, kept up to date and looked up."""

from havenwall.detect.banks.hashes import Item, known_hash, read_item, reject, withdrawal
from havenwall.detect.banks.importing import Feed, ImportResult, Keeper, Page, run_import
from havenwall.detect.banks.matching import NEAR, AskedHash, Asking, BankMatch, BankSearch, Looked
from havenwall.detect.banks.settings import check_bank

__all__ = [
    "NEAR",
    "AskedHash",
    "Asking",
    "BankMatch",
    "BankSearch",
    "Feed",
    "ImportResult",
    "Item",
    "Keeper",
    "Looked",
    "Page",
    "check_bank",
    "known_hash",
    "read_item",
    "reject",
    "run_import",
    "withdrawal",
]
