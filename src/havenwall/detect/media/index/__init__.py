"""The hash index on disk: log, segments, tail."""

from havenwall.detect.media.index.index import HashIndex
from havenwall.detect.media.index.record import Added, HashRecord, IndexStatus, Match

__all__ = ["Added", "HashIndex", "HashRecord", "IndexStatus", "Match"]
