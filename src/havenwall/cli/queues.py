"""`havenwall queues`: where cases wait, and the rules that bring them there."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer
from rich.markup import escape

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.errors import BadInput, NotFound
from havenwall.model import SYSTEM, CaseClass, CaseSource, CaseTopic, EntityKind, Queue, QueueRule
from havenwall.store.queues import QueueCount

cli = typer.Typer(help="Where cases wait, and the rules that bring them there.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the queue: a-z, 0-9 and dash.")]
_ANY = "any"


@cli.command("list")
@clear_errors
def list_queues(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """List queues in the order in which they are asked, with what waits in each."""
    with open_app(config) as app:
        found = app.queues.queues(SYSTEM)
    if json:
        print_json([{"queue": queue, "count": count} for queue, count in found])
        return
    rows = [
        (
            queue.name,
            queue.case_class.value,
            str(queue.position),
            str(count.waiting),
            str(count.overdue),
            str(count.held),
        )
        for queue, count in found
    ]
    print_table("Queues", ("name", "class", "position", "waiting", "overdue", "held"), rows)


@cli.command("show")
@clear_errors
def show(name: Name, config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Show one queue: its rule, its hours, its policy and what waits in it."""
    with open_app(config) as app:
        here = [found for found in app.queues.queues(SYSTEM) if found[0].name == name]
    if not here:
        raise NotFound(f"there is no queue {name}", hint="see them with: havenwall queues list")
    queue, count = here[0]
    if json:
        print_json({"queue": queue, "count": count})
        return
    print_table(queue.name, ("setting", "value"), _settings(queue, count))


@cli.command("set")
@clear_errors
def set_queue(
    name: Name,
    case_class: Annotated[
        CaseClass | None, typer.Option("--class", help="Class of its cases; a new queue needs one.")
    ] = None,
    position: Annotated[int | None, typer.Option(help="Queues are asked in this order.")] = None,
    topic: Annotated[
        list[CaseTopic] | None, typer.Option(help="Only these topics (repeat for more).")
    ] = None,
    source: Annotated[list[CaseSource] | None, typer.Option(help="Only from these sources.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only these languages, such as de.")] = None,
    kind: Annotated[list[EntityKind] | None, typer.Option(help="Only with entities of these kinds.")] = None,
    min_priority: Annotated[
        float | None, typer.Option(help="Only of this priority or more, 0 to 100.")
    ] = None,
    min_members: Annotated[int | None, typer.Option(help="Only with so many members or more.")] = None,
    imminent: Annotated[bool | None, typer.Option(help="Only where somebody is in danger now.")] = None,
    any_case: Annotated[
        bool, typer.Option("--any", help="Forget the rule it had; what else is given is the new one.")
    ] = False,
    hours: Annotated[float | None, typer.Option(help="Hours to answer in; 0 leaves it to the law.")] = None,
    policy: Annotated[str | None, typer.Option(help="What its reviewers are asked to apply.")] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Set up a queue, or change what is given; cases go at once where the rules then want them."""
    asked = {
        "topics": topic and tuple(topic),
        "sources": source and tuple(source),
        "languages": language and tuple(language),
        "kinds": kind and tuple(one.value for one in kind),
        "min_priority": min_priority,
        "min_members": min_members,
        "imminent": imminent,
    }
    fields = {"case_class": case_class, "position": position, "policy": policy}
    with open_app(config) as app:
        old = app.store.queues.all().get(name) or _new(name, case_class)
        before = QueueRule() if any_case else old.rule
        rule = msgspec.structs.replace(before, **_given(asked))
        wanted = old.hours if hours is None else hours or None
        changed = msgspec.structs.replace(old, rule=rule, hours=wanted, **_given(fields))
        change = app.queues.save(SYSTEM, changed)
    if json:
        print_json(change)
    else:
        OUT.print(f"{name} is set; {change.moved:,} cases moved.", highlight=False)


@cli.command("remove")
@clear_errors
def remove(name: Name, config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Take a queue away; its cases go where the other rules bring them. Default queues stay."""
    with open_app(config) as app:
        change = app.queues.delete(SYSTEM, name)
    if json:
        print_json(change)
    else:
        OUT.print(f"{name} is gone; {change.moved:,} cases moved.", highlight=False)


def _new(name: str, case_class: CaseClass | None) -> Queue:
    if case_class is None:
        classes = " or ".join(CaseClass)
        raise BadInput(
            f"there is no queue {name} yet", field="class", hint=f"a new one needs --class {classes}"
        )
    return Queue(name=name, case_class=case_class)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _settings(queue: Queue, count: QueueCount) -> list[tuple[str, str]]:
    rule = queue.rule
    return [
        ("class", queue.case_class.value),
        ("position", str(queue.position)),
        ("topics", ", ".join(rule.topics) or _ANY),
        ("sources", ", ".join(rule.sources) or _ANY),
        ("languages", escape(", ".join(rule.languages)) or _ANY),
        ("kinds", ", ".join(rule.kinds) or _ANY),
        ("priority from", f"{rule.min_priority:g}"),
        ("members from", f"{rule.min_members:,}"),
        ("danger now", "only" if rule.imminent else _ANY),
        ("hours", f"{queue.hours:g}" if queue.hours else "by the law's clock"),
        ("policy", escape(queue.policy)),
        ("waiting", f"{count.waiting:,}"),
        ("overdue", f"{count.overdue:,}"),
        ("held", f"{count.held:,}"),
        ("snoozed", f"{count.snoozed:,}"),
    ]
