"""A paper as PDF, set by typst from ``templates/documents/paper.typ``. Texts travel as JSON values, never as markup."""

import json
from typing import Any

import typst

from live.documents.paper import (
    DOTS,
    UNFILLED,
    Block,
    Heading,
    Items,
    PageBreak,
    Paper,
    Paragraph,
    Particulars,
    Signature,
    Table,
    plain,
)
from live.places import TEMPLATES

TEMPLATE = TEMPLATES / "documents" / "paper.typ"


def write(paper: Paper) -> bytes:
    """The PDF; the same paper gives the same bytes on one machine (fonts of the system serve what ours lacks)."""
    made = typst.compile(TEMPLATE.read_bytes(), format="pdf", sys_inputs={"paper": described(paper)}, timestamp=0)
    if not isinstance(made, bytes):
        raise AssertionError("a PDF is one file")
    return made


def described(paper: Paper) -> str:
    """The paper as the JSON that the template reads."""
    head = paper.letterhead
    whole = {
        "title": list(paper.title),
        "number": paper.number,
        "letterhead": {
            "government": head.government,
            "office": head.office,
            "address": head.address,
            "logo": list(head.logo),
        },
        "draft": paper.is_draft,
        "landscape": paper.is_landscape,
        "dots": DOTS,
        "unfilled": UNFILLED,
        "blocks": [_block(block) for block in paper.blocks],
    }
    return json.dumps(_plain(whole), ensure_ascii=False)


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text, align, bold):
            return {"kind": "paragraph", "text": text, "align": align, "bold": bold}
        case Items(texts):
            return {"kind": "items", "texts": list(texts)}
        case Particulars(pairs):
            return {"kind": "particulars", "pairs": [list(pair) for pair in pairs]}
        case Table():
            return _table(block)
        case Signature(position, name, rank, nip, official):
            return {
                "kind": "signature",
                "position": position,
                "name": name,
                "rank": rank,
                "nip": nip,
                "official": official,
            }
        case PageBreak():
            return {"kind": "pagebreak"}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "headings": list(table.headings),
        "rows": [list(row) for row in table.rows],
        "widths": list(table.widths),
        "centred": sorted(table.centred),
        "row": table.row,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value
