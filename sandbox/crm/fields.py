"""How the pretend CRMs name their fields and values: what an administrator would put in WEBHOOK_{SOURCE}_FIELDS."""

from collections.abc import Mapping
from typing import Any

from qualification.settings.field_rules import parse_field_rule

DATAVERSE: dict[str, Any] = {
    "customerTenantId": "new_tenantid",
    "qualification": {
        "field": "new_qualification",
        "values": {
            "100000000": "Education",
            "100000001": "GovernmentCommunityCloud",
            "100000002": "StateOwnedEntity",
            "*": None,
        },
    },
    "educationSegment": {"field": "new_segment", "values": {"100000000": "K12", "100000001": "HigherEducation"}},
    "website": "websiteurl",
}
HUBSPOT: dict[str, Any] = {
    "customerTenantId": "microsoft_tenant_id",
    "qualification": {
        "field": "customer_type",
        "values": {
            "School or university": "Education",
            "City or county": "GovernmentCommunityCloud",
            "State-owned company": "StateOwnedEntity",
            "*": None,
        },
    },
    "educationSegment": {"field": "school_level", "values": {"K-12": "K12", "Higher Ed": "HigherEducation"}},
    "website": "website",
}
SALESFORCE: dict[str, Any] = {
    "customerTenantId": "Tenant_Id__c",
    "qualification": {
        "field": "Qualification__c",
        "values": {
            "Education": "Education",
            "Government": "GovernmentCommunityCloud",
            "State-owned": "StateOwnedEntity",
            "*": None,
        },
    },
    "educationSegment": {"field": "Segment__c", "values": {"K-12": "K12", "Higher Ed": "HigherEducation"}},
    "website": "Website",
}


def in_their_words(content: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """A request as the record of a CRM with these fields; what the CRM has no field for is left out."""
    record: dict[str, Any] = {}
    for ours, value in content.items():
        if ours not in fields:
            continue
        rule = parse_field_rule(fields[ours])
        theirs = [key for key, meant in (rule.values or {}).items() if meant == value]
        record[str(rule.field)] = theirs[0] if theirs else value
    return record
