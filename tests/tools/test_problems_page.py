"""The page of problems, as a browser gets it."""

import re

import pytest

from qualification.api.problem import KINDS
from tools.problems_page import PAGE, problems_html

SOURCE = "# Problems\n\nRead on.\n\n## too-large\n\nSee [docs/crm.md](crm.md) or [below](#late).\n\n## late\n\n1 < 2 <script>\n"
HTML = problems_html(PAGE.read_text(encoding="utf-8"))


def test_every_problem_type_has_an_anchor_and_a_link_to_it() -> None:
    """And nothing else has."""
    slugs = sorted({slug for slug, _, _ in KINDS.values()})
    assert sorted(re.findall(' id="(.+?)"', HTML)) == slugs
    assert sorted(re.findall("<nav>.*</nav>", HTML, re.DOTALL)[0].split('"')[1::2]) == [f"#{slug}" for slug in slugs]


def test_it_loads_nothing_and_leads_nowhere_that_is_not_served() -> None:
    """The files of the repository are not in the package."""
    assert not re.findall("<(?:script|link|img|iframe)|url\\(|@import", HTML)
    assert all(target.startswith(("#", "https://")) for target in re.findall('(?:href|src)="(.+?)"', HTML))


def test_a_status_is_no_number_of_a_list() -> None:
    """A line that begins `404.` would be one in Markdown."""
    assert "<ol" not in HTML


def test_a_link_to_a_file_keeps_its_text_and_one_within_the_page_leads_there() -> None:
    """Markup in the source is text."""
    html = problems_html(SOURCE)
    assert '<p>See docs/crm.md or <a href="#late">below</a>.</p>' in html
    assert "<p>1 &lt; 2 &lt;script&gt;</p>" in html


def test_the_introduction_stands_before_the_contents() -> None:
    """A reader without an anchor in the address learns first what the page is."""
    html = problems_html(SOURCE)
    assert html.index("Read on.") < html.index("<nav>") < html.index('<h2 id="too-large">')


def test_a_page_without_types_is_refused() -> None:
    """Rather than published."""
    with pytest.raises(ValueError, match="no heading of the second level"):
        problems_html("# Problems\n")
