"""The guard over the wire: for a service that cannot open the snapshot folder itself."""

from havenwall.client.answer import Answer, ContactAnswer, Fail, QueryAnswer
from havenwall.client.client import GuardClient

__all__ = ["Answer", "ContactAnswer", "Fail", "GuardClient", "QueryAnswer"]
