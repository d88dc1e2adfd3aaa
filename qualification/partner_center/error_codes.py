"""Partner Center's own codes and sentences ("Partner Center REST error codes", "Partner Center authentication")."""

import re

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

TAGGING_DENIED = "customer-tagging-denied"
"""Our name for a sentence that came without a code (Partner-Center-PowerShell, issue 258)."""

FINAL = frozenset({"1000", "2032", "3000", "800002", "800036", "800086", "900126", "900127", "900141", "900416"})
"""The request or the customer is wrong for Partner Center."""

DOCUMENTED = PARTNER_WIDE | ONE_CUSTOMER | UNDER_REVIEW | IN_PROGRESS | FINAL | {"600074", TAGGING_DENIED}
"""Whoever answers with one of these is Partner Center; 0 and 400 tell nothing, a proxy says them too."""

SENTENCES = {
    "customer tagging denied": TAGGING_DENIED,
    "authentication failed mfa required": "10001",
    "authorization failed": "1002",
    "the supplied role does not have the rights": "900150",
    "program status is not active": "900149",
    "blocked by conditional access policies": "900309",
    "does not support application only authentication": "900329",
    "partner token missing in request context": "800001",
    "has no commerce relationship with the customer": "20002",
    "tenant not found": "60003",
    "invalid customer id": "900118",
    "insufficient privileges to complete the operation": "900308",
    "account is currently under review": "800073",
    "customer account was not approved": "800075",
    "pending adjustment requested for this order": "800014",
    "your order is in progress": "800060",
    "is being processed by another request": "800064",
    "invalid property": "3000",
    "the request is invalid": "3000",
    "invalid request input": "800002",
    "does not have required tags for the offer": "800086",
    "unable to parse enum": "900126",
    "this operation is not supported in this environment": "900127",
    "this operation is not supported": "900141",
}
"""The distinctive part of each sentence, as `_plain` writes it, and the code that it stands for.

Those of 400, 1000 and 2032 ("Access denied", "Not found") are nobody's own. "The request is invalid." is ASP.NET's.
"""

IN_BRACKETS = re.compile(r"\((\d{4,9})\)\W*$", re.ASCII)


def meaning(code: str, text: str) -> str:
    """The documented code that an error's code or words stand for, however they came; "" where nobody knows them."""
    if code in DOCUMENTED:
        return code
    if (found := IN_BRACKETS.search(text)) and found[1] in DOCUMENTED:
        return found[1]
    spoken = _plain(text)
    return next((known for sentence, known in SENTENCES.items() if f" {sentence} " in f" {spoken} "), "")


def _plain(text: str) -> str:
    """Words in lower case with single spaces; Microsoft writes "isn't" and "is not" of the same error."""
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold().replace("\u2019", "'").replace("n't", " not")))
