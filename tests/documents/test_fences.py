"""Every command in a document is held by something, and says by what."""

import re
from pathlib import Path

import pytest

from tests.documents.blocks import DATA, DOCUMENTS, HELD, ROOT, Block, blocks, commands, held, inline

MANUAL = ROOT / "docs" / "reference" / "manual-commands.md"
BEGINNINGS = re.findall(r"^\| `([^`]+)` \|", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)
"""What the commands begin with that nobody here can run."""
COMMAND = re.compile(r"^(az|azd|curl|func|git|make|npm|pip|py|python3?|\.venv\S+)\s", re.MULTILINE)
TARGET = r"^([a-z0-9 -]+):"


@pytest.mark.parametrize("block", list(blocks()), ids=lambda block: block.where)
def test_a_block_says_what_it_is(block: Block) -> None:
    """By a fence with a known word; an indented block could be anything."""
    assert block.word in HELD | DATA
    if block.word in DATA:
        assert not COMMAND.search(block.text)


@pytest.mark.parametrize("block", held("manual"), ids=lambda block: block.where)
def test_what_nobody_runs_has_its_reason(block: Block) -> None:
    """One row of the table for each."""
    for command in commands(block.text):
        assert len([each for each in BEGINNINGS if command.startswith(each)]) == 1, command


def test_every_reason_is_of_a_command_that_there_is() -> None:
    """In a block, or in a sentence."""
    used = [command for block in held("manual") for command in commands(block.text)]
    used += [code for document in DOCUMENTS if document != MANUAL for code in inline(document)]
    assert [each for each in BEGINNINGS if not any(code.startswith(each) for code in used)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_sentence_names_only_targets_that_there_are(document: Path) -> None:
    """`make NAME`, in the Makefile or one that it includes."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    included = re.findall(r"^include (\S+)", makefile, re.MULTILINE)
    text = "\n".join([makefile, *((ROOT / name).read_text(encoding="utf-8") for name in included)])
    targets = {name for line in re.findall(TARGET, text, re.MULTILINE) for name in line.split()}
    named = {code.split()[1] for code in inline(document) if re.match(r"make [a-z]", code)}
    assert named <= targets
