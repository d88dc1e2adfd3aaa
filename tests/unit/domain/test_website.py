import pytest

from qualification.domain.request import EducationRequest, left_out, parse_request
from tests.unit.builders import EDUCATION, STATE_OWNED


@pytest.mark.parametrize(
    "website",
    [
        "contoso.edu",
        "www.contoso.k12.wa.us",
        "https://contoso.edu",
        "HTTP://Contoso.EDU:8080/path?query#fragment",
        "contoso.edu/über",
        "https://Contoso.EDU/über",
        "contoso.edu/" + "a" * 2036,
        "xn--schule-mnchen-jsb.de",
    ],
)
def test_a_website_is_a_host_name_or_a_url(website: str) -> None:
    """It is kept as it was given."""
    request = parse_request(EDUCATION | {"website": website})
    assert isinstance(request, EducationRequest)
    assert request.website == website


@pytest.mark.parametrize(
    "website",
    [
        "",
        " ",
        "contoso",
        "contoso..edu",
        "-contoso.edu",
        "ftp://contoso.edu",
        "contoso.edu path",
        "javascript:alert(1)",
        "contoso.edu:123456",
        "contoso.edu:٣",
        "user@contoso.edu",
        "a" * 2049,
        "contoso.edu/" + "a" * 2037,
    ],
)
def test_anything_else_is_left_out(website: str) -> None:
    """Partner Center would refuse it days later, and it only speeds vetting up; the history says so."""
    request = parse_request(EDUCATION | {"website": website})
    assert isinstance(request, EducationRequest)
    assert request.website is None
    assert (left_out(EDUCATION | {"website": website}) is None) is (not website.strip())


@pytest.mark.parametrize(
    ("website", "sent"),
    [
        ("universität-münchen.de", "xn--universitt-mnchen-yqb37b.de"),
        ("https://Universität-München.de:8080/über?x#y", "https://xn--universitt-mnchen-yqb37b.de:8080/über?x#y"),
        ("学校.中国", "xn--48s290a.xn--fiqs8s"),
        (" contoso.edu\n", "contoso.edu"),
    ],
)
def test_national_letters_become_ascii(website: str, sent: str) -> None:
    """IDNA: the host only, as a browser looks it up."""
    request = parse_request(EDUCATION | {"website": website})
    assert isinstance(request, EducationRequest)
    assert request.website == sent
    assert left_out(EDUCATION | {"website": website}) is None


@pytest.mark.parametrize("website", ["☃.example", "-ü.de", "münchen", "ü@münchen.de", "a b.münchen.de", "ü..de"])
def test_national_letters_alone_make_no_host(website: str) -> None:
    """What nobody could have registered is left out."""
    assert left_out(EDUCATION | {"website": website})


def test_only_education_goes_without_a_website() -> None:
    """No other request has one."""
    assert left_out(STATE_OWNED | {"website": "n/a"}) is None
