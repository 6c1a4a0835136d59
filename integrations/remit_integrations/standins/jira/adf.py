"""Wiki text as an Atlassian document: paragraphs, bullet lists and code blocks, the rest as plain text."""

import re
from typing import Any

Node = dict[str, Any]
_CODE = re.compile(r"\{(code|noformat)(?::[^}]*)?\}(.*?)\{\1\}", re.DOTALL)


def document(text: str) -> Node:
    """A version 1 document; empty text is an empty document."""
    content: list[Node] = []
    position = 0
    for found in _CODE.finditer(text):
        content.extend(_blocks(text[position : found.start()]))
        content.append({"type": "codeBlock", "content": _texts(found[2].strip("\r\n"))})
        position = found.end()
    content.extend(_blocks(text[position:]))
    return {"type": "doc", "version": 1, "content": content}


def _blocks(text: str) -> list[Node]:
    blocks: list[Node] = []
    for block in re.split(r"(?:\r?\n){2,}", text):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines and all(line.startswith(("* ", "- ")) for line in lines):
            items = [{"type": "listItem", "content": [_paragraph(line[2:])]} for line in lines]
            blocks.append({"type": "bulletList", "content": items})
        elif lines:
            blocks.append(_paragraph("\n".join(lines)))
    return blocks


def _paragraph(text: str) -> Node:
    content: list[Node] = []
    for line in text.splitlines():
        content += [{"type": "hardBreak"}] if content else []
        content += _texts(line)
    return {"type": "paragraph", "content": content}


def _texts(text: str) -> list[Node]:
    return [{"type": "text", "text": text}] if text else []
