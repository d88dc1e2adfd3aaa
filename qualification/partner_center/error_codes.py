"""Partner Center's own codes ("Partner Center REST error codes", "Partner Center authentication")."""

PARTNER_WIDE = frozenset(
    {"1002", "10001", "800001", "800039", "900149", "900150", "900309", "900329", "900420", "900421"}
)
"""The sign-in, the role or the programme: no customer's write gets through."""

ONE_CUSTOMER = frozenset({"20002", "60003", "900118", "900308"})
"""Partner Center does not know this customer, or the partner lacks a relationship or GDAP with it."""

UNDER_REVIEW = frozenset({"800073", "800074", "800075"})
"""Microsoft is verifying the customer's account."""

IN_PROGRESS = frozenset({"800014", "800060", "800064"})
"""A change of this customer is under way: later, as a new request."""

DOCUMENTED = (
    frozenset({"1000", "2032", "3000", "600074", "800002", "800036", "800086", "900126", "900127", "900141", "900416"})
    | PARTNER_WIDE
    | ONE_CUSTOMER
    | UNDER_REVIEW
    | IN_PROGRESS
)
"""Whoever answers with one of these is Partner Center; 0 and 400 tell nothing, a proxy says them too."""
