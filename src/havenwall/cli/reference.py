"""Writes the reference pages that are made from code: the command line, the settings, the records."""

from __future__ import annotations

import ast
import inspect
import json
import sys
import tempfile
import textwrap
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import typer

from havenwall import errors, model
from havenwall.app import App
from havenwall.app import config as settings
from havenwall.app.config import Config
from havenwall.cli.conformance import conformance_page
from havenwall.detect.behaviour import behaviour_page as behaviour_rules
from havenwall.intake import event_schema
from havenwall.model import case, decision, disclosure, draw, event, person, precision, risk, signal
from havenwall.web import create_server

_MADE = "<!-- made by `make docs`; change the code, not this page -->\n\n"


def cli_page() -> str:
    """Every verb with its help, arguments and options."""
    from havenwall.cli import cli

    root = typer.main.get_command(cli)
    parts = [
        f"# Command line\n{_MADE}Exit codes are those of the [errors](errors.md). Every verb has `--help`.\n"
    ]
    return "\n".join(parts + _verbs(root, "havenwall"))


def _verbs(command: Any, path: str) -> list[str]:
    if hasattr(command, "commands"):
        return [part for name, sub in command.commands.items() for part in _verbs(sub, f"{path} {name}")]
    rows = [_parameter(p) for p in command.params if p.name != "help"]
    table = ["| argument or option | meaning | default |", "|---|---|---|", *rows] if rows else []
    return [f"## `{path}`", inspect.cleandoc(command.help or ""), "", *table, ""]


def _parameter(parameter: Any) -> str:
    argument = parameter.param_type_name == "argument"
    names = (parameter.name or "").upper() if argument else ", ".join(f"`{opt}`" for opt in parameter.opts)
    off = ", ".join(f"`{opt}`" for opt in parameter.secondary_opts)
    default = parameter.default if isinstance(parameter.default, str | int | float) else ""
    shown = "" if isinstance(default, bool) else str(default)
    return f"| {names}{' / ' + off if off else ''} | {getattr(parameter, 'help', '') or ''} | {shown} |"


def config_page() -> str:
    """Every setting with its meaning and default."""
    docs = _fields(settings, "Config")
    rows = [
        f"| `{name}` | `HAVENWALL_{name.upper()}` | {docs[name]} | `{getattr(Config(), name)}` |"
        for name in Config.__struct_fields__
    ]
    head = (
        "Defaults, then a TOML file (`havenwall.toml` here, or `HAVENWALL_CONFIG`), then the environment.\n"
    )
    table = ["| setting | variable | meaning | default |", "|---|---|---|---|", *rows]
    return "\n".join([f"# Settings\n{_MADE}{head}", *table, ""])


def records_page() -> str:
    """Every record with its fields."""
    parts = [
        f"# Records\n{_MADE}The nouns of Havenwall, as they stand in the journal, in files and in JSON.\n"
    ]
    for module in (event, signal, risk, draw, precision, decision, case, disclosure, person):
        for name in _classes(module):
            if name in model.__all__:
                parts.append(_record(module, name))
    return "\n".join(parts)


def _record(module: ModuleType, name: str) -> str:
    kind = getattr(module, name)
    fields = _fields(module, name)
    known = getattr(kind, "__struct_fields__", None) or tuple(m.name for m in kind)
    rows = [f"| `{_value(kind, f)}` | {fields.get(f, '')} |" for f in known]
    table = ["| field or value | meaning |", "|---|---|", *rows]
    return "\n".join([f"## {name}", inspect.getdoc(kind) or "", "", *table, ""])


def _value(kind: type, field: str) -> str:
    return str(getattr(kind, field)) if hasattr(kind, "__members__") else field


def errors_page() -> str:
    """Every error with its HTTP status and exit code."""
    rows = []
    for name in _classes(errors):
        kind = getattr(errors, name)
        rows.append(f"| `{kind().slug}` | {inspect.getdoc(kind)} | {kind.status} | {kind.exit_code} |")
    head = (
        "The API answers with problem documents (RFC 9457) whose `type` ends in the name below; the command\n"
    )
    head += "line prints one line and a hint, and ends with the exit code.\n"
    return "\n".join(
        [f"# Errors\n{_MADE}{head}", "| name | meaning | HTTP | exit |", "|---|---|---|---|", *rows, ""]
    )


def _classes(module: ModuleType) -> list[str]:
    tree = ast.parse(inspect.getsource(module))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def _fields(module: ModuleType, name: str) -> dict[str, str]:
    """The texts that stand below the fields of a class."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(module, name)))).body[0]
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            found[_target(field)] = " ".join(inspect.cleandoc(str(text.value.value)).split())
    return found


def _target(node: ast.stmt) -> str:
    target = node.target if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [None])[0]
    return target.id if isinstance(target, ast.Name) else ""


def api_page() -> str:
    """Every route of the API with what it takes, needs and answers."""
    with tempfile.TemporaryDirectory() as folder:
        app = App(Config(data=Path(folder)))
        described = create_server(app, worker=False).openapi()
        app.close()
    head = (
        "Send `Authorization: Bearer KEY`; make a key with `havenwall key add`. The full description, with\n"
        "every field, is at `/v1/openapi.json`. Errors are [problem documents](errors.md).\n"
    )
    parts = [f"# API\n{_MADE}{head}"]
    for path, methods in described["paths"].items():
        parts += [_route(method, path, route) for method, route in methods.items()]
    return "\n".join(parts)


def _route(method: str, path: str, route: dict[str, Any]) -> str:
    rows = [
        f"| `{p['name']}` | {p['in']} | {p.get('description', '')} |" for p in route.get("parameters", ())
    ]
    table = ["", "| parameter | in | meaning |", "|---|---|---|", *rows] if rows else []
    return "\n".join([f"## `{method.upper()} {path}`", route.get("description", ""), *table, ""])


def schema_page() -> str:
    """JSON Schema of an event."""
    return json.dumps(event_schema(), indent=2) + "\n"


def behaviour_page() -> str:
    """Every behaviour rule with its thresholds and who looks alike."""
    head = """What accounts do over days and weeks, as the [events](events.md) tell it. A signal of
strength 0.5 or more, or signals of two different rules, bring an account to a person (rule
`behaviour-case`); none hides anybody. On an account that may be a minor's, every finding
carries the detector `care`, with the rule's name in its evidence: it goes to a case for
care (rule `behaviour-care`), and no machine acts on that account unless it was confirmed.
Minors who were contacted, or who blocked somebody, are counted and never named.

An account gets one signal per rule, strength and calendar month. Windows count back from the newest
thing an account did, so that old files give what live events give. Memory is bounded: per rule the
accounts seen longest ago are forgotten (200,000 with things in a window, a million for follows). Numbers
are judgement, not fitted: where no source has measured them it says so. Measure them with
`benchmarks/bench_behaviour.py`.
"""
    return f"# Behaviour\n{_MADE}{head}\n{behaviour_rules()}"


def guard_page() -> str:
    """What the guard answers, by surface and state of its data."""
    head, _, rest = conformance_page().partition("\n")
    return f"{head}\n{_MADE}{rest}"


PAGES = {
    "api.md": api_page,
    "cli.md": cli_page,
    "config.md": config_page,
    "records.md": records_page,
    "errors.md": errors_page,
    "event.schema.json": schema_page,
    "guard-conformance.md": guard_page,
    "behaviour.md": behaviour_page,
}
"""File name → what writes it."""


def main(folder: Path) -> None:
    """Write all pages into a folder."""
    for name, write in PAGES.items():
        (folder / name).write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
