"""Values of enums as pages write them; the filter `spaced` shows them in the language of the answer."""

from __future__ import annotations

from havenwall.web.tongue import N_

VALUES = (
    # Classes and topics of cases, and what entities can be.
    N_("child safety"),
    N_("general"),
    N_("network"),
    N_("community"),
    N_("single"),
    N_("report"),
    N_("live"),
    N_("group"),
    N_("care"),
    N_("audit"),
    N_("account"),
    N_("post"),
    N_("media"),
    N_("tag"),
    N_("domain"),
    # Who brought something up.
    N_("machine"),
    N_("flagger"),
    N_("authority"),
    N_("platform"),
    N_("public"),
    # Where a report, an appeal or a proposal stands.
    N_("received"),
    N_("in review"),
    N_("upheld"),
    N_("turned down"),
    N_("no rule"),
    N_("contested"),
    N_("set aside"),
    N_("waiting"),
    N_("approved"),
    N_("rejected"),
    N_("expired"),
    # What a report is about.
    N_("child media"),
    N_("child trade"),
    N_("child contact"),
    N_("child danger"),
    N_("child group"),
    N_("child other"),
    N_("violence"),
    N_("self harm"),
    N_("harassment"),
    N_("hate"),
    N_("privacy"),
    N_("fraud"),
    N_("spam"),
    N_("other"),
    # What a decision does.
    N_("suppress"),
    N_("confirm"),
    N_("clear"),
    N_("restrict"),
    N_("remove"),
    N_("lift"),
    # What was found on an appeal.
    N_("stands"),
    N_("not shown"),
    N_("no breach"),
    N_("context"),
    N_("mistaken"),
    # How hard a picture may be to see.
    N_("known"),
)
"""All but those that other modules mark already."""
