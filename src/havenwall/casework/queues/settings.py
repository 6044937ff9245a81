"""Which settings of a queue are acceptable."""

from __future__ import annotations

import re

from havenwall.errors import BadInput
from havenwall.model import DEFAULT_QUEUES, EntityKind, Queue, QueueRule

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_LONGEST_POLICY = 20_000
_KINDS = frozenset(kind.value for kind in EntityKind)


def check_queue(queue: Queue) -> Queue:
    """The queue, if it can be kept.

    Raises:
        BadInput: a setting is not acceptable; names the field.
    """
    if not _NAME.fullmatch(queue.name):
        raise BadInput("use 1 to 60 of a-z, 0-9 and dash", field="name")
    _check_default(queue)
    if queue.hours is not None and not 0 < queue.hours <= 8760:
        raise BadInput("must be more than 0 and at most 8760 hours, or empty", field="hours")
    if len(queue.policy) > _LONGEST_POLICY:
        raise BadInput(f"use at most {_LONGEST_POLICY:,} characters", field="policy")
    _check_rule(queue.rule)
    return queue


def _check_default(queue: Queue) -> None:
    if queue.name in DEFAULT_QUEUES.values() and not queue.is_default:
        raise BadInput("is the name of the default queue of another class", field="name")
    if queue.is_default and queue.rule != QueueRule():
        raise BadInput("the default queue takes what no other wants; it has no rule", field="rule")


def _check_rule(rule: QueueRule) -> None:
    if not 0 <= rule.min_priority <= 100:
        raise BadInput("must lie between 0 and 100", field="rule.min_priority")
    if rule.min_members < 0:
        raise BadInput("must be 0 or more", field="rule.min_members")
    strange = [kind for kind in rule.kinds if kind not in _KINDS]
    if strange:
        kinds = ", ".join(EntityKind)
        raise BadInput(f"there is no kind {strange[0]}", field="rule.kinds", hint=f"kinds are {kinds}")
