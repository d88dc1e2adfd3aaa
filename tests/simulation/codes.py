"""The partner's validation codes, which others use up too."""

from random import Random

from pydantic import SecretStr

from tests.simulation.mischief import Mischief

CREATES = 50


class Codes:
    """How many creates each code has left.

    Args:
        mischief: decides whether somebody else is faster.
        random: decides whether there is another code then.
    """

    def __init__(self, mischief: Mischief, random: Random) -> None:
        self._mischief, self._random = mischief, random
        self._left = {"code-a": CREATES, "code-b": CREATES}

    def listed(self) -> list[SecretStr]:
        """Those that have creates left; in the end the partner gets another one."""
        if self._mischief.calm and not any(self._left.values()):
            self._left["code-new"] = CREATES
        return [SecretStr(code) for code, left in self._left.items() if left > 0]

    def is_refused(self, code: SecretStr | None) -> bool:
        """Whether a write with this code is refused."""
        name = code.get_secret_value() if code else ""
        if self._left.get(name, 0) > 0 and self._mischief.happens("code-race", 0.5):
            # Somebody else has used it up; often there is another one.
            self._left[name] = 0
            self._left |= {f"code-{len(self._left)}": CREATES} if self._random.random() < 0.8 else {}
        return self._left.get(name, 0) <= 0

    def spend(self, code: SecretStr | None) -> None:
        """A write with this code was taken."""
        if code:
            self._left[code.get_secret_value()] -= 1
