"""A valid request of each kind."""

from qualification.domain.request import parse_request

EDUCATION = parse_request({"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"})
GOVERNMENT = parse_request({"qualification": "GovernmentCommunityCloud", "validationCode": "123456"})
STATE_OWNED = parse_request({"qualification": "StateOwnedEntity"})
