"""What can be wrong with a filter."""


class FilterSyntaxError(ValueError):
    """An expression that is not of the filter language; says where."""


class FilterEvaluationError(Exception):
    """An expression that cannot be evaluated for a message, such as a division by zero."""
