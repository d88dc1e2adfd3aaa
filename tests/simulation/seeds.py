"""Seeds that are played in every test run. What a seed once found is reduced to a test in unit/open_world."""

FIXED = (
    *(16, 20, 22, 59, 104, 119, 1015, 2035),  # found something when worlds were drawn otherwise
    *range(1, 16),
)
"""A drawn seed that fails is added here, with what it found."""
