"""Faults from below that visitors may be told, for the catalogues."""

from havenwall.web.tongue import N_

FAULTS = (
    N_("is nothing that can be reported"),
    N_("are more than 20"),
    N_("put the others into the text"),
    N_("begin with https://"),
    N_("must have 1 to 2,000 characters"),
    N_("must have 1 to 10,000 characters"),
    N_("must have 0 to 10,000 characters"),
    N_("must have 0 to 300 characters"),
    N_("must have 1 to 300 characters"),
    N_("say why, in 1 to 5,000 characters"),
    N_("this report was contested already"),
    N_("if something is new, send a new report"),
    N_("only a report that was turned down can be contested"),
    N_("only a report that was turned down can be contested, and only once"),
    N_("send a new report"),
    N_("no report has this code"),
    N_("compare it with the receipt"),
    N_("no statement has this reference and code"),
    N_("compare both with the statement of reasons"),
    N_("say why it is wrong, in 1 to 10,000 characters"),
    N_("this was decided more than 183 days ago"),
    N_("this was taken back already"),
    N_("this was sent from another site"),
    N_("open the form here and send it again"),
)
"""What is not among them is told in general words in other languages than English."""
