import { readFile } from 'node:fs/promises';
import type { Font } from 'fontkit';
import { create } from 'fontkit';
import type { PdfFile } from './pdf-file.ts';
import { trueTypeOf } from './woff.ts';

/**
 * A line as it is drawn: the numbers of its characters, two bytes each as a literal string has them (ISO 32000-1, 7.3.4.2; half
 * of what hexadecimal takes), and how wide it is to the size of the letters.
 */
export type DrawnLine = { literal: string; width: number };

/**
 * A typeface of which only what is used goes into the file. Every character has a number of its own, so that a program that
 * reads the page gets back exactly the text, also where the typeface has no picture of it (a box is drawn then).
 */
export type PdfFont = {
  /** Breaks a text into lines no wider than that (to the size of the letters); together they are the text again. */
  linesOf(text: string, width: number): DrawnLine[];
  /** Puts the typeface into the file as the object that pages refer to. */
  embed(file: PdfFile, object: number): AsyncGenerator<Buffer>;
};

type Character = { literal: string; width: number };
/** Letters of Latin scripts lie in a list of their own, where they are found at once. */
type Characters = { common: (Character | undefined)[]; others: Map<number, Character> };
const latin = 0x2_50;

function knownCharacter({ common, others }: Characters, codePoint: number): Character | undefined {
  return codePoint < latin ? common[codePoint] : others.get(codePoint);
}

export async function openPdfFont(path: string): Promise<PdfFont> {
  const font = create(trueTypeOf(await readFile(path)));
  if (!('glyphForCodePoint' in font)) throw new Error(`${path} is no single typeface`);
  return pdfFont(font);
}

function pdfFont(font: Font): PdfFont {
  const glyphs = subsetOf(font);
  const characters: Characters = { common: [], others: new Map() };
  const codePoints: number[] = [];

  const characterOf = (codePoint: number): Character => {
    const known = knownCharacter(characters, codePoint);
    if (known !== undefined) return known;
    // Number 0 is left for "no character"; more than 16 bits hold, no report needs.
    const number = codePoints.length < 0xff_fe ? codePoints.push(codePoint) : 0;
    const made = { literal: literalOf(number >> 8) + literalOf(number & 0xff), width: glyphs.include(codePoint) };
    if (codePoint < latin) characters.common[codePoint] = made;
    else characters.others.set(codePoint, made);
    return made;
  };
  return {
    linesOf(text, width) {
      if (text.includes('\n')) return text.split('\n').flatMap((line) => linesIn(line, width, characterOf));
      return linesIn(text, width, characterOf);
    },
    embed: (file, object) => embedded(file, object, { font, codePoints, characters, glyphs }),
  };
}

/** What would end a literal string, or be read as another byte, is escaped. */
function literalOf(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '\r') return '\\r';
  return '()\\'.includes(character) ? `\\${character}` : character;
}

/** Where a line may end: after a space, a hyphen and what joins the parts of addresses. */
const breakAfter = new Set([...' -/@._'].map((letter) => letter.codePointAt(0)));
const space = 0x20;

/** A word that no line holds is cut wherever the line is full. */
function linesIn(text: string, width: number, characterOf: (codePoint: number) => Character): DrawnLine[] {
  const letters: number[] = [];
  const characters: Character[] = [];
  let whole = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.codePointAt(at) ?? 0;
    if (letter > 0xff_ff) at += 1;
    const character = characterOf(letter);
    letters.push(letter);
    characters.push(character);
    whole += character.width;
  }
  if (whole <= width) return [{ literal: literalIn(characters), width: whole }];
  const widths = characters.map((character) => character.width);
  const ends = endsOf(letters, widths, width);
  return ends.map((end, index) => {
    const start = ends[index - 1] ?? 0;
    return { literal: literalIn(characters.slice(start, end)), width: sumOf(widths, start, end) };
  });
}

function literalIn(characters: readonly Character[]): string {
  return characters.map(({ literal }) => literal).join('');
}

/** Before which characters lines end. */
function endsOf(letters: readonly number[], widths: readonly number[], width: number): number[] {
  const ends: number[] = [];
  let [start, mayEnd, filled] = [0, 0, 0];
  for (const [index, letter] of letters.entries()) {
    filled += widths[index] ?? 0;
    // A space at the end of a line may stand in the margin.
    if (filled > width && letter !== space && index > start) {
      start = mayEnd > start ? mayEnd : index;
      ends.push(start);
      filled = sumOf(widths, start, index + 1);
    }
    if (breakAfter.has(letter)) mayEnd = index + 1;
  }
  return [...ends, letters.length];
}

function sumOf(widths: readonly number[], start: number, end: number): number {
  let sum = 0;
  for (let index = start; index < end; index += 1) sum += widths[index] ?? 0;
  return sum;
}

type Glyphs = {
  /** Answers the width. */
  include(codePoint: number): number;
  numberOf(codePoint: number): number;
  encode(): Uint8Array;
};

function subsetOf(font: Font): Glyphs {
  const subset = font.createSubset();
  const numbers = new Map<number, number>([[0, 0]]);
  const used = new Map<number, number>();
  return {
    include(codePoint) {
      const isMissing = !font.hasGlyphForCodePoint(codePoint);
      // What only changes its neighbours (joiners, directions, accents) is not drawn where it is unknown.
      const isUnseen = isMissing && /[\p{Cf}\p{Mn}\p{Me}]/u.test(String.fromCodePoint(codePoint));
      const glyph = font.glyphForCodePoint(isUnseen ? 0x20 : codePoint);
      subset.includeGlyph(glyph);
      const number = numbers.get(glyph.id) ?? numbers.size;
      numbers.set(glyph.id, number);
      used.set(codePoint, number);
      return isUnseen ? 0 : glyph.advanceWidth / font.unitsPerEm;
    },
    numberOf: (codePoint) => used.get(codePoint) ?? 0,
    encode: () => subset.encode(),
  };
}

type Used = { font: Font; codePoints: readonly number[]; characters: Characters; glyphs: Glyphs };

async function* embedded(
  file: PdfFile,
  object: number,
  { font, codePoints, characters, glyphs }: Used,
): AsyncGenerator<Buffer> {
  const [descendant, descriptor, program, unicode, toGlyph] = file.allocate(5);
  const name = `/SEBAAA+${font.postscriptName}`;
  const scale = (length: number): number => Math.round((length / font.unitsPerEm) * 1000);
  const widths = codePoints.map((codePoint) => Math.round((knownCharacter(characters, codePoint)?.width ?? 0) * 1000));
  yield file.object(
    object,
    `<</Type/Font/Subtype/Type0/BaseFont${name}/Encoding/Identity-H/DescendantFonts[${descendant} 0 R]/ToUnicode ${unicode} 0 R>>`,
  );
  yield file.object(
    descendant,
    `<</Type/Font/Subtype/CIDFontType2/BaseFont${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${descriptor} 0 R/DW 500/W[1[${widths.join(' ')}]]/CIDToGIDMap ${toGlyph} 0 R>>`,
  );
  const { minX, minY, maxX, maxY } = font.bbox;
  yield file.object(
    descriptor,
    `<</Type/FontDescriptor/FontName${name}/Flags 4/FontBBox[${[minX, minY, maxX, maxY].map(scale).join(' ')}]/ItalicAngle 0/Ascent ${scale(font.ascent)}/Descent ${scale(font.descent)}/CapHeight ${scale(font.capHeight)}/StemV 80/FontFile2 ${program} 0 R>>`,
  );
  const bytes = Buffer.from(glyphs.encode());
  yield await file.stream(program, `/Length1 ${bytes.length}`, bytes);
  yield await file.stream(unicode, '', Buffer.from(toUnicode(codePoints), 'latin1'));
  const map = Buffer.alloc(2 * (codePoints.length + 1));
  for (const [index, codePoint] of codePoints.entries()) map.writeUInt16BE(glyphs.numberOf(codePoint), 2 * (index + 1));
  yield await file.stream(toGlyph, '', map);
}

/** The map from numbers back to text; at most a hundred entries a block, as the format has it. */
function toUnicode(codePoints: readonly number[]): string {
  const entries = codePoints.map((codePoint, index) => {
    const text = Buffer.from(String.fromCodePoint(codePoint), 'utf16le').swap16().toString('hex');
    return `<${(index + 1).toString(16).padStart(4, '0')}><${text}>`;
  });
  let blocks = '';
  for (let at = 0; at < entries.length; at += 100) {
    const block = entries.slice(at, at + 100);
    blocks += `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`;
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
/CMapName/Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><ffff>
endcodespacerange
${blocks}endcmap
CMapName currentdict/CMap defineresource pop
end
end`;
}
