"""Keeps what there is in the scripted Azure, and answers a small program on the PATH that is called `az`.

After the change at which it is to die, the program kills whoever called it, as a power failure would. A deployment goes on
in Azure all the same.
"""

import json
import socket
import sys
import threading
from pathlib import Path

from tests.setup.scripted_az import own
from tests.setup.scripted_az.cli import CHANGES, answer, name_of
from tests.setup.scripted_az.world import Refused, State, nothing

# It imports nothing that takes time: setup calls it some forty times.
PROGRAM = """#!{python} -S
import _socket, posix, sys
to = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
to.connect(("127.0.0.1", {port}))
to.sendall(b"\\0".join(word.encode() for word in sys.argv[1:]))
to.shutdown(_socket.SHUT_WR)
said = b""
while more := to.recv(65536):
    said += more
to.close()
code, dies, out, err = said.decode().split("\\0")
if dies:
    posix.kill(posix.getppid(), 9)
posix.write(1, out.encode())
posix.write(2, err.encode())
posix._exit(int(code))
"""


class ScriptedAzure:
    """An Azure that nothing has been done in.

    Args:
        folder: where the program goes.

    Attributes:
        state: what there is.
        calls: what was asked, in order.
        dies_at: the change after which the caller dies; 0 for none.
    """

    def __init__(self, folder: Path) -> None:
        self.state: State = nothing()
        self.calls: list[list[str]] = []
        self.dies_at = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        program = folder / "az"
        program.write_text(PROGRAM.format(python=sys.executable, port=self.port), encoding="utf-8")
        program.chmod(0o755)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens, on this machine."""
        port: int = self._listener.getsockname()[1]
        return port

    def close(self) -> None:
        """Answer no more."""
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection, connection.makefile("rb") as asked:
                words = asked.read().decode().split("\0")
                if words == [""]:
                    return
                connection.sendall("\0".join(self._answer(words)).encode())

    def _answer(self, words: list[str]) -> tuple[str, str, str, str]:
        """The exit code, whether the caller dies, standard output and standard error."""
        try:
            if words[0] == "own":
                said = own.COMMANDS[words[1]](self.state, json.loads(words[2]))
                return "0", self._dies("own"), said, ""
            self.calls.append(words)
            said = answer(self.state, words)
        except Refused as error:
            return str(error.code), "", "", f"ERROR: {error}\n"
        return "0", self._dies(name_of(words)), said, ""

    def _dies(self, name: str) -> str:
        if name not in CHANGES and name != "own":
            return ""
        self.state["changes"] += 1
        if self.state["changes"] != self.dies_at:
            return ""
        if name.startswith("deployment "):
            newest = max(
                self.state["deployments"][name.split()[1]].values(), key=lambda each: each["properties"]["timestamp"]
            )
            newest["properties"]["provisioningState"] = "Running"
        return "dies"
