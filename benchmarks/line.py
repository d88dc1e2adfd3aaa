"""A line of the table: our figure, a baseline's, their ratio and what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What the ratio of our figure to the baseline's should be; None where a figure is only stated."""

    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        if self.least is not None:
            return f">= {self.least:g}"
        return "stated" if self.most is None else f"<= {self.most:.3g}"

    def is_met(self, ratio: float) -> bool:
        """Whether `ratio` is good enough."""
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One comparison.

    Attributes:
        row: what is done.
        unit: of both figures.
        ours: this service's figure.
        baseline: what it is compared with.
        theirs: the baseline's figure.
        target: what the ratio should be.
    """

    row: str
    unit: str
    ours: float
    baseline: str
    theirs: float
    target: Target

    @property
    def ratio(self) -> float:
        """Ours in units of theirs."""
        return self.ours / self.theirs

    def cells(self) -> tuple[str, ...]:
        """The line as text, by column."""
        word = "yes" if self.target.is_met(self.ratio) else "no"
        return (
            self.row,
            f"{_figure(self.ours)} {self.unit}",
            self.baseline,
            f"{_figure(self.theirs)} {self.unit}",
            f"{_figure(self.ratio)} x",
            str(self.target),
            "-" if self.target == Target() else word,
        )


def _figure(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004  from here on all three stand before the point
