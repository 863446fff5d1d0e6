import { standsAsItIs } from './cells.ts';
import type { CellFormat, DocumentColumn, DocumentHead } from './document.ts';
import { xmlText } from './xml-text.ts';

// The small parts of an Excel file. The order of elements is the schema's (ECMA-376): Excel repairs what stands elsewhere.

export type Sheet = { name: string; rows: number; hasRows: boolean };

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Indices of the cell formats in `styles`. */
export const style = {
  head: 1,
  text: 2,
  number: 3,
  date: 4,
  dateTime: 5,
  quoted: 6,
  title: 7,
  label: 8,
  about: 9,
  wrapped: 10,
};

export const styleOf: Record<CellFormat, number> = {
  text: style.text,
  code: style.text,
  yesNo: style.text,
  number: style.number,
  date: style.date,
  dateTime: style.dateTime,
};

// Format 49 is "text": what is typed over a code stays a code. quotePrefix keeps "=…" text when its cell is edited.
export const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/><numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy\\ hh:mm"/></numFmts><fonts count="3"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="16"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFDCE6F0"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF454545"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="11"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="top"/></xf><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="left" vertical="top"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/** Everything of the sheet of rows before its first row: frozen header, widths. */
export function sheetStart(columns: readonly DocumentColumn[], isFirst: boolean): string {
  const cols = columns.map(
    (column, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widthOf(column)}" style="${styleOf[column.format]}" customWidth="1"/>`,
  );
  const view = `<sheetView ${isFirst ? 'tabSelected="1" ' : ''}workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView>`;
  return `${declaration}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>${view}</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${cols.join('')}</cols><sheetData>`;
}

/** … and after its last: filter, print with page numbers, and no green corners on codes. */
export function sheetEnd(columns: number, rows: number, { title, reference }: DocumentHead): string {
  const all = `A1:${columnName(columns - 1)}${rows + 1}`;
  const footer = footerText(`&L${footed(title)} · ${footed(reference)}&RSide &P af &N`);
  return `</sheetData><autoFilter ref="${all}"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>${footer}</oddFooter></headerFooter><ignoredErrors><ignoredError sqref="${all}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;
}

/** A header or footer of more than 255 characters makes Excel repair the file. */
function footerText(text: string): string {
  return xmlText(text.length > 255 ? text.slice(0, 200) : text);
}

function footed(text: string): string {
  return text.slice(0, 100).replaceAll('&', '&&');
}

/** The sheet that says what this is. */
export function aboutSheet(title: string, lines: readonly [string, string][], hint: string): string {
  const rows = [
    `<row r="1">${textCell('A1', title, style.title)}</row>`,
    ...lines.map(
      ([label, value], index) =>
        `<row r="${index + 3}">${textCell(`A${index + 3}`, label, style.label)}${textCell(`B${index + 3}`, value, style.about)}</row>`,
    ),
    `<row r="${lines.length + 4}">${textCell(`A${lines.length + 4}`, hint, style.text)}</row>`,
  ];
  return `${declaration}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="22" customWidth="1"/><col min="2" max="2" width="70" customWidth="1"/></cols><sheetData>${rows.join('')}</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="portrait" fitToHeight="0"/><ignoredErrors><ignoredError sqref="A1:B${lines.length + 4}" numberStoredAsText="1"/></ignoredErrors></worksheet>`;
}

export function textCell(place: string, text: string, styleIndex: number): string {
  return `<c r="${place}${inlineText(text, styleIndex)}`;
}

/** A cell of text from behind its place on. */
export function inlineText(text: string, styleIndex: number): string {
  return `" s="${styleIndex}" t="inlineStr"><is><t xml:space="preserve">${sheetText(text)}</t></is></c>`;
}

/** Excel reads `_x0041_` as the letter with that number, and holds at most 32,767 characters in a cell. */
export function sheetText(text: string): string {
  if (text.length <= mostCharacters && standsAsItIs(text)) return text;
  const short = text.length > mostCharacters ? cut(text) : text;
  return xmlText(short.includes('_x') ? short.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_') : short);
}

const mostCharacters = 32_767;
const cutMark = ' … (afkortet)';

function cut(text: string): string {
  // Line breaks written as two characters, and halves of a pair, would count anew.
  return text.slice(0, mostCharacters - cutMark.length).replace(/[\ud800-\udbff]$/, '') + cutMark;
}

/** 0 → A, 26 → AA */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

/** Room for the arrow of the filter; Excel takes 255 at most. Texts get more, since here they do not break as on paper. */
export function widthOf({ width, format }: DocumentColumn): number {
  const characters = format === 'text' ? width * 1.25 : width;
  return Math.min(255, Math.max(6, Math.ceil(characters) + 3));
}

export function workbook(sheets: readonly Sheet[], columns: number): string {
  const names = sheets.map(({ name }, index) => {
    return `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`;
  });
  const last = columnName(columns - 1);
  const defined = [
    ...sheets.map(({ name, rows, hasRows }, index) =>
      hasRows
        ? `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">'${name}'!$A$1:$${last}$${rows + 1}</definedName>`
        : '',
    ),
    ...sheets.map(({ name, hasRows }, index) =>
      hasRows ? `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${name}'!$1:$1</definedName>` : '',
    ),
  ];
  return `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${names.join('')}</sheets><definedNames>${defined.join('')}</definedNames></workbook>`;
}

export function workbookRelations(sheets: readonly Sheet[]): string {
  const parts = sheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  return `${declaration}<Relationships xmlns="${packageRelations}">${parts.join('')}<Relationship Id="rId${sheets.length + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`;
}

export const rootRelations = `${declaration}<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`;

export function contentTypes(sheets: readonly Sheet[]): string {
  const parts = sheets.map(
    (_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${types}.worksheet+xml"/>`,
  );
  return `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>${parts.join('')}<Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`;
}

export function coreProperties({ title, madeBy, madeAt, reference }: DocumentHead): string {
  const at = `${madeAt.toISOString().slice(0, 19)}Z`;
  return `${declaration}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xmlText(title)}</dc:title><dc:creator>${xmlText(madeBy)}</dc:creator><cp:keywords>${xmlText(reference)}</cp:keywords><dc:language>da-DK</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created></cp:coreProperties>`;
}
