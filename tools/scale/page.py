"""The tables in docs/scale.md, between markers; nobody types them."""

from pathlib import Path

from benchmarks.table import table
from tools.scale import prices
from tools.scale.limits import limits
from tools.scale.model import model
from tools.scale.prices import Figure
from tools.scale.scales import DEPLOYED, HUGE, SCALES

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
MODEL, LIMITS, PRICES, SIMULATION = "model", "limits", "prices", "simulation"
IN_PERCENT_FROM = 0.5
"""Below this both figures are as good as nothing, and a percentage of them says nothing."""


def number(value: float) -> str:
    """Three digits that count, no more than are known."""
    if value >= 100:  # noqa: PLR2004  from here on all three stand before the point
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.001 else "0"  # noqa: PLR2004  less is nothing in any of the units


def difference(simulated: float, on_paper: float) -> str:
    """How far the simulation is from the paper."""
    if max(simulated, on_paper) < IN_PERCENT_FROM or not on_paper:
        return "-"
    return f"{simulated / on_paper - 1:+.1%}"


def model_tables() -> str:
    """The model's figures, a column for each size."""
    columns = {name: model(scale.demand, scale.deployment).rows() for name, scale in SCALES.items()}
    rows = next(iter(columns.values()))
    return table([(row, *(number(column[row]) for column in columns.values())) for row in rows], ("On paper", *columns))


def limit_table() -> str:
    """What breaks first, for ten million customers, as deployed."""
    head = ("Limit", "It is", "10M take at the peak", "Reached at customers", "Then")
    return table(
        [
            (each.name, f"{number(each.most)} {each.unit}", number(each.taken), number(each.reached_at), each.remedy)
            for each in limits(HUGE, DEPLOYED)
        ],
        head,
    )


def price_table() -> str:
    """Every price and limit with its source."""
    figures = {name: value for name, value in vars(prices).items() if isinstance(value, Figure)}
    rows = [
        (name.lower().replace("_", " "), f"{each.value:.10g}", each.unit, each.read or "**not found, assumed**")
        for name, each in figures.items()
    ]
    return table(rows, ("Figure", "Value", "Unit", "Read in"))


TABLES = {MODEL: model_tables, LIMITS: limit_table, PRICES: price_table}
"""Tables that no chance is in, so that they can be made again at any time and compared."""


def written(name: str, text: str) -> str:
    """What stands between the markers of a table.

    Raises:
        ValueError: a marker is missing.
    """
    _, start, rest = text.partition(_begin(name))
    found, end, _ = rest.partition(_end(name))
    if not (start and end):
        raise ValueError(f"docs/scale.md has no place for {name}")
    return found.strip()


def write(name: str, content: str) -> None:
    """Put a table in its place."""
    text = PAGE.read_text("utf-8")
    old = written(name, text)
    head, _, rest = text.partition(_begin(name))
    _, _, tail = rest.partition(_end(name))
    if old != content:
        PAGE.write_text(f"{head}{_begin(name)}\n\n{content}\n\n{_end(name)}{tail}", "utf-8")


def _begin(name: str) -> str:
    return f"<!-- {name}: written by python -m tools.scale --write -->"


def _end(name: str) -> str:
    return f"<!-- end of {name} -->"
