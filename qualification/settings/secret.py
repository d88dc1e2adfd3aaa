"""A secret of the app settings."""


class Secret:
    """A text that is shown only to who asks for it by name.

    It stands in for pydantic's SecretStr, whose import would be a third of a cold start that ends in 401.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """The text itself."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret('**********')"
