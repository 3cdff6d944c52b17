"""A paper as DOCX, to be edited by the registry: real styles, repeated table headings, page numbers, A4."""

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph as Line

from live.documents.paper import (
    DOTS,
    UNFILLED,
    Block,
    Heading,
    Items,
    Letterhead,
    PageBreak,
    Paper,
    Paragraph,
    Particulars,
    Signature,
    Table,
    plain,
)

FONT = "Times New Roman"
ALIGN = {
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "end": WD_ALIGN_PARAGRAPH.RIGHT,
}
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The same facts give the same file: no clock of this machine stands in it."""

WATERMARK = """
<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
  xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="DRAF" o:spid="_x0000_s2049" type="#_x0000_t136" fillcolor="#eeeeee" stroked="f"
  style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:150pt;rotation:328;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;\
mso-position-vertical:center;mso-position-vertical-relative:margin">
<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Times New Roman&quot;;font-weight:bold" string="DRAF"/>
</v:shape></w:pict>"""


def write(paper: Paper) -> bytes:
    """The DOCX."""
    document = docx.Document()
    _set_up(document, paper)
    _letterhead(document, paper.letterhead)
    for line in paper.title:
        _line(document, line, ALIGN["center"], bold=True, size=12, after=0)
    if paper.number is not None:
        _line(document, f"Nomor: {paper.number or DOTS}", ALIGN["center"], before=2)
    _line(document, "", after=0)
    for block in paper.blocks:
        _put(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Document, paper: Paper) -> None:
    section = document.sections[0]
    width, height = Mm(210), Mm(297)
    section.page_width, section.page_height = (height, width) if paper.is_landscape else (width, height)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.is_landscape else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10 if paper.is_landscape else 11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)
    properties = document.core_properties
    properties.title, properties.author, properties.language = paper.name, plain(paper.letterhead.office), "id-ID"
    properties.created = properties.modified = CREATED
    properties.comments = ""
    _page_numbers(section.footer.paragraphs[0])
    if paper.is_draft:
        section.header.paragraphs[0].add_run()._r.append(parse_xml(WATERMARK))


def _page_numbers(line: Line) -> None:
    line.alignment = ALIGN["center"]
    for text, field in (("", "PAGE"), (" / ", "NUMPAGES")):
        line.add_run(text)
        run = line.add_run()
        for kind, words in (("begin", ""), ("", field), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = words
            run._r.append(element)


def _letterhead(document: Document, head: Letterhead) -> None:
    place: Any = _beside_logo(document, head.logo) if head.logo else document
    if head.government:
        _line(place, head.government, ALIGN["center"], size=13, after=0)
    _line(place, head.office, ALIGN["center"], bold=True, size=12.5 if len(head.office) > 48 else 14, after=0)
    last = _line(place, head.address or UNFILLED, ALIGN["center"], size=9, after=10)
    if head.logo:
        last = _line(document, "", size=2, after=10)
    rule = parse_xml(
        '<w:pBdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="4" w:color="auto"/></w:pBdr>'
    )
    last._p.get_or_add_pPr().append(rule)


def _beside_logo(document: Document, logo: bytes) -> Any:
    """A row without lines: the logo at the left, and the cell for the words, which it returns."""
    section = document.sections[0]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, words = table.rows[0].cells
    for column, width in zip(table.columns, (Mm(24), Emu(room - Mm(24))), strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    left.paragraphs[0].add_run().add_picture(io.BytesIO(logo), height=Mm(20))
    words._tc.remove(words.paragraphs[0]._p)
    return words


def _line(
    document: Any,
    text: str,
    align: WD_ALIGN_PARAGRAPH | None = None,
    *,
    bold: bool = False,
    size: float | None = None,
    before: float = 0,
    after: float | None = None,
) -> Line:
    line: Line = document.add_paragraph()
    if align is not None:
        line.alignment = align
    run = line.add_run(plain(text))
    run.bold = bold
    if size is not None:
        run.font.size = Pt(size)
    line.paragraph_format.space_before = Pt(before)
    if after is not None:
        line.paragraph_format.space_after = Pt(after)
    return line


def _put(document: Document, block: Block) -> None:
    match block:
        case Heading(text, level):
            line = _line(document, text, bold=True, before=10 if level == 1 else 4)
            line.paragraph_format.keep_with_next = True
            line.style = document.styles[f"Heading {level}"]
            line.runs[0].font.size, line.runs[0].font.name = Pt(11), FONT
            line.runs[0].font.color.rgb = docx.shared.RGBColor(0, 0, 0)
        case Paragraph(text, align, bold):
            _line(document, text, ALIGN[align], bold=bold)
        case Items(texts):
            _numbered(document, texts)
        case Particulars(pairs):
            _particulars(document, pairs)
        case Table():
            _table(document, block)
        case Signature():
            _signature(document, block)
        case PageBreak():
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _numbered(document: Document, texts: Any) -> None:
    """Numbers as text, with a hanging indent: they stay right when the office copies a line elsewhere."""
    for number, text in enumerate(texts, start=1):
        line = _line(document, f"{number}.\t{text}", ALIGN["justify"])
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(8), Mm(-8)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(8))


def _particulars(document: Document, pairs: Any) -> None:
    for label, value in pairs:
        line = _line(document, f"{label}\t:\t{value}", after=2)
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(37), Mm(-37)
        for stop in (34, 37):
            line.paragraph_format.tab_stops.add_tab_stop(Mm(stop))


def _table(document: Document, block: Table) -> None:
    section = document.sections[0]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    widths = [round(room * share / sum(block.widths)) for share in block.widths]
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _row(table, block.headings, widths, frozenset(range(len(widths))), bold=True)
    _mark(table.rows[0], "w:tblHeader")
    for texts in block.rows:
        _row(table, texts, widths, block.centred)
        if block.row:
            table.rows[-1].height = Mm(block.row)
    for row in table.rows:
        _mark(row, "w:cantSplit")
    _line(document, "", after=0)


def _row(table: Any, texts: Any, widths: list[int], centred: frozenset[int], *, bold: bool = False) -> None:
    cells = table.add_row().cells
    for column, (text, width) in enumerate(zip(texts, widths, strict=True)):
        cells[column].width = width
        line = cells[column].paragraphs[0]
        if column in centred:
            line.alignment = ALIGN["center"]
        line.paragraph_format.space_after = Pt(1)
        run = line.add_run(plain(text))
        run.bold, run.font.size = bold, Pt(10 if len(widths) < 8 else 7 if bold else 8.5)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _signature(document: Document, block: Signature) -> None:
    lines = [block.position, "", "", "", block.name or DOTS]
    if block.is_official:
        lines += [block.rank or f"Pangkat/gol.: {DOTS[:9]}", f"NIP {block.nip or DOTS[:13]}"]
    for number, text in enumerate(lines):
        line = _line(document, text, ALIGN["center"], bold=bool(block.name) and number == 4, after=0)
        line.paragraph_format.left_indent = Mm(85)
        line.paragraph_format.keep_with_next = number < len(lines) - 1
