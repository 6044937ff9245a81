"""Outside data → Event: check, normalise, de-duplicate, set bad rows aside."""

from havenwall.intake.bulk import Progress, Sink, Summary, ingest_chunks, ingest_file, sift
from havenwall.intake.check import check_event, problems
from havenwall.intake.edges import read_edges
from havenwall.intake.readers import CHUNK_ROWS, Chunk, Format, file_format, read_chunks
from havenwall.intake.rejects import Reject, RejectWriter
from havenwall.intake.schema import event_schema
from havenwall.intake.tidy import tidy

__all__ = [
    "CHUNK_ROWS",
    "Chunk",
    "Format",
    "Progress",
    "Reject",
    "RejectWriter",
    "Sink",
    "Summary",
    "check_event",
    "event_schema",
    "file_format",
    "ingest_chunks",
    "ingest_file",
    "problems",
    "read_chunks",
    "read_edges",
    "sift",
    "tidy",
]
