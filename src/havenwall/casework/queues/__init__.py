"""How urgent a case is, by when it must be answered, and the settings of queues."""

from havenwall.casework.queues.clocks import Clocks, clock_of
from havenwall.casework.queues.priority import explained, total
from havenwall.casework.queues.settings import check_queue

__all__ = ["Clocks", "check_queue", "clock_of", "explained", "total"]
