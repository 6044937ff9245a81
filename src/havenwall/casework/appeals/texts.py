"""The sentences of statements of reasons, by language. They say nothing of how things are found."""

from __future__ import annotations

import msgspec

from havenwall.model import ActionKind, CaseClass
from havenwall.model.appeal import Finding


class Sentences(msgspec.Struct, frozen=True, kw_only=True):
    """What a statement is put together from; braces stand for facts."""

    title: str
    title_over: str
    restriction: dict[ActionKind, str]
    was: dict[ActionKind, str]
    """Of a restriction that is over."""
    for_good: str
    until: str
    taken_back: str
    ran_out: str
    reported: str
    found: str
    policy: str
    no_policy: dict[CaseClass, str]
    machine: str
    machine_then: str
    """Where a person has looked since."""
    person: str
    two_persons: str
    machine_found: str
    people_found: str
    redress: str
    redress_over: str
    redress_taken_back: str
    outcome_title: dict[bool, str]
    finding: dict[Finding, str]
    outcome_person: str
    outcome_redress: dict[bool, str]


_EN = Sentences(
    title="Why {entity} is restricted",
    title_over="Why {entity} was restricted",
    restriction={
        ActionKind.SUPPRESS: "Since {at}, {entity} is not shown in recommendations, search and suggestions.",
        ActionKind.RESTRICT: "Since {at}, {entity} is limited in what it can do and is not recommended.",
        ActionKind.REMOVE: "On {at}, {entity} was removed.",
    },
    was={
        ActionKind.SUPPRESS: "From {at}, {entity} was not shown in recommendations, search and suggestions.",
        ActionKind.RESTRICT: "From {at}, {entity} was limited in what it could do and was not recommended.",
        ActionKind.REMOVE: "On {at}, {entity} was removed.",
    },
    for_good="It holds until it is taken back.",
    until="It ends by itself on {until}.",
    taken_back="That was taken back on {until}.",
    ran_out="That ended by itself on {until}.",
    reported="People reported {entity}.",
    found="{entity} was found by our own checks, not by a report.",
    policy="The ground is the platform's policy “{policy}”.",
    no_policy={
        CaseClass.CHILD_SAFETY: "The ground is the platform's rules for the safety of children.",
        CaseClass.GENERAL: "The ground is the platform's rules.",
    },
    machine="A machine decided; no person has looked yet.",
    machine_then="A machine decided.",
    person="A person decided.",
    two_persons="A person decided and a second person agreed.",
    machine_found="A machine brought it up.",
    people_found="No machine brought it up.",
    redress="You can appeal until {until}, free of charge. A person who had no part in this will decide. You "
    "can also turn to a certified out-of-court dispute settlement body or to a court.",
    redress_over="The time to appeal is over. You can still turn to a court.",
    redress_taken_back="Nothing is left to appeal here. You can still turn to a court.",
    outcome_title={True: "Your appeal was right", False: "Your appeal was turned down"},
    finding={
        Finding.NOT_SHOWN: "What the restriction rested on does not hold.",
        Finding.NO_BREACH: "What was found breaks no rule.",
        Finding.CONTEXT: "What was found is allowed in its context.",
        Finding.MISTAKEN: "Another account was meant.",
        Finding.STANDS: "All was looked at anew. What the restriction rests on holds.",
    },
    outcome_person="A person decided who had no part in the restriction. No machine took part.",
    outcome_redress={
        True: "The restriction and what followed from it were taken back. We are sorry.",
        False: "The restriction stays. You can turn to a certified out-of-court dispute settlement body "
        "or to a court.",
    },
)
_DE = Sentences(
    title="Warum {entity} eingeschränkt ist",
    title_over="Warum {entity} eingeschränkt war",
    restriction={
        ActionKind.SUPPRESS: "Seit {at} erscheint {entity} nicht in Empfehlungen, Suche und Vorschlägen.",
        ActionKind.RESTRICT: "Seit {at} ist {entity} in der Nutzung eingeschränkt und wird nicht empfohlen.",
        ActionKind.REMOVE: "Am {at} wurde {entity} entfernt.",
    },
    was={
        ActionKind.SUPPRESS: "Ab {at} erschien {entity} nicht in Empfehlungen, Suche und Vorschlägen.",
        ActionKind.RESTRICT: "Ab {at} war {entity} in der Nutzung eingeschränkt und wurde nicht empfohlen.",
        ActionKind.REMOVE: "Am {at} wurde {entity} entfernt.",
    },
    for_good="Das gilt, bis es zurückgenommen wird.",
    until="Das endet von selbst am {until}.",
    taken_back="Das wurde am {until} zurückgenommen.",
    ran_out="Das endete von selbst am {until}.",
    reported="{entity} wurde von Menschen gemeldet.",
    found="{entity} fiel bei unserer eigenen Prüfung auf, nicht durch eine Meldung.",
    policy="Grundlage ist die Regel „{policy}“ der Plattform.",
    no_policy={
        CaseClass.CHILD_SAFETY: "Grundlage sind die Regeln der Plattform zum Schutz von Kindern.",
        CaseClass.GENERAL: "Grundlage sind die Regeln der Plattform.",
    },
    machine="Eine Maschine hat entschieden; ein Mensch hat noch nicht geprüft.",
    machine_then="Eine Maschine hat entschieden.",
    person="Ein Mensch hat entschieden.",
    two_persons="Ein Mensch hat entschieden, ein zweiter hat zugestimmt.",
    machine_found="Eine Maschine hat darauf hingewiesen.",
    people_found="Keine Maschine hat darauf hingewiesen.",
    redress="Sie können bis {until} kostenlos Beschwerde einlegen. Jemand, der nicht beteiligt war, "
    "entscheidet. Sie können sich auch an eine zertifizierte außergerichtliche Streitbeilegungsstelle oder "
    "ein Gericht wenden.",
    redress_over="Die Frist für eine Beschwerde ist vorbei. Sie können sich noch an ein Gericht wenden.",
    redress_taken_back="Eine Beschwerde ist nicht mehr nötig. Sie können sich noch an ein Gericht wenden.",
    outcome_title={True: "Ihre Beschwerde war berechtigt", False: "Ihre Beschwerde wurde abgelehnt"},
    finding={
        Finding.NOT_SHOWN: "Worauf die Einschränkung beruhte, trifft nicht zu.",
        Finding.NO_BREACH: "Was gefunden wurde, verstößt gegen keine Regel.",
        Finding.CONTEXT: "Was gefunden wurde, ist in seinem Zusammenhang erlaubt.",
        Finding.MISTAKEN: "Gemeint war ein anderes Konto.",
        Finding.STANDS: "Alles wurde neu geprüft. Worauf die Einschränkung beruht, trifft zu.",
    },
    outcome_person="Ein Mensch hat entschieden, der an der Einschränkung nicht beteiligt war. Keine Maschine "
    "hat mitgewirkt.",
    outcome_redress={
        True: "Die Einschränkung und ihre Folgen wurden zurückgenommen. Wir bitten um Entschuldigung.",
        False: "Die Einschränkung bleibt. Sie können sich an eine zertifizierte außergerichtliche "
        "Streitbeilegungsstelle oder ein Gericht wenden.",
    },
)
LANGUAGES = {"en": _EN, "de": _DE}
"""A language that is not here is answered in English."""


def sentences(language: str) -> tuple[str, Sentences]:
    """The language used, by the first part of a tag, and its sentences."""
    wanted = language.partition("-")[0].lower()
    used = wanted if wanted in LANGUAGES else "en"
    return used, LANGUAGES[used]
