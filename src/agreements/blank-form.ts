import Pdf from 'pdfkit';
import { fontFiles } from '../shared/typeface.ts';

// The autorisationsblanket as a PDF of our own, in the design system's typeface.

type Sheet = PDFKit.PDFDocument;

let made: Promise<Buffer> | null = null;

/** The blank form to be signed; made once, since it is the same for everybody. */
export function blankForm(): Promise<Buffer> {
  made ??= drawBlankForm().catch((error: unknown) => {
    made = null; // the next one tries again
    throw error;
  });
  return made;
}

async function drawBlankForm(): Promise<Buffer> {
  const sheet = new Pdf({
    size: 'A4',
    margins: { top: 56, bottom: 56, left: 62, right: 62 },
    lang: 'da',
    tagged: true,
    pdfVersion: '1.7',
    displayTitle: true,
    // Of this edition of the form, so that it is the same file each time.
    info: {
      CreationDate: new Date('2026-11-22T00:00:00Z'),
      Title: title,
      Author: 'SEB',
      Subject: 'Tilslutning af en brugerorganisation til SEB',
    },
  });
  const pieces: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    sheet.on('data', (piece: Buffer) => pieces.push(piece));
    sheet.on('end', () => resolve(Buffer.concat(pieces)));
    sheet.on('error', reject);
  });
  sheet.registerFont('text', fontFiles.text);
  sheet.registerFont('bold', fontFiles.bold);
  draw(sheet);
  sheet.end();
  return whole;
}

const title = 'Autorisationsblanket for tilslutning til SEB';

function draw(sheet: Sheet): void {
  sheet.font('bold').fontSize(18).text(title);
  sheet.font('text').fontSize(10).moveDown(0.3);
  sheet.text('SEB – Sundhedsvæsenets Elektroniske Brugerstyring').moveDown(0.8);
  paragraph(
    sheet,
    'Med denne blanket indgår organisationen aftale med systemejeren af SEB om selv at administrere sine brugere. Udfyld den, lad en tegningsberettiget underskrive, og send den til systemejeren som PDF.',
  );
  heading(sheet, '1. Organisationen');
  lines(sheet, ['CVR-nummer', 'Navn (som i CVR)']);
  heading(sheet, '2. Aftalens periode og services');
  lines(sheet, [
    'Gælder fra (dd-mm-åååå)',
    'Gælder til og med (tom: uden slutdato)',
    'Services, som aftalen dækker',
    '',
  ]);
  heading(sheet, '3. Sikkerhedspolitik');
  paragraph(sheet, 'Organisationen har vedtaget og indført en sikkerhedspolitik efter (sæt kryds):');
  ticks(sheet, ['DS 484', 'ISO/IEC 27001', 'En tilsvarende standard, nemlig:']);
  lines(sheet, ['Standardens navn']);
  lines(sheet, ['Sikkerhedsansvarlig: navn og titel', 'E-mailadresse og telefon']);
  heading(sheet, '4. Organisationsadministratorer');
  paragraph(
    sheet,
    'De nævnte bliver organisationsadministratorer i SEB. Skriv RID-nummer eller UUID fra medarbejderens MitID Erhverv. Det anbefales at nævne mindst to. Skriv ikke CPR-numre.',
  );
  for (const number of [1, 2])
    lines(sheet, [`Administrator ${number}: fornavn og efternavn`, 'E-mailadresse', 'RID-nummer eller UUID']);
  heading(sheet, '5. Kontaktpersoner');
  lines(sheet, ['Kontaktperson: navn', 'E-mailadresse', 'Endnu en kontaktperson: navn', 'E-mailadresse']);
  heading(sheet, '6. Erklæring og underskrift');
  paragraph(
    sheet,
    'Organisationen kender reglerne for adgang til personhenførbare oplysninger, har det fulde ansvar for at tildele, vedligeholde og fjerne sine brugeres roller og rettigheder, og fjerner adgangen, når en medarbejder ikke længere skal have den. Administratorer logger på med en medarbejderidentitet, der indeholder organisationens CVR-nummer.',
  );
  lines(sheet, ['Navn', 'Titel', 'Dato (dd-mm-åååå)', 'Underskrift']);
}

function heading(sheet: Sheet, text: string): void {
  room(sheet, 90);
  sheet.moveDown(0.7).font('bold').fontSize(12);
  sheet.text(text, { structType: 'H2' });
  sheet.font('text').fontSize(10).moveDown(0.3);
}

function paragraph(sheet: Sheet, text: string): void {
  room(sheet, 60);
  sheet.font('text').fontSize(10).text(text, { lineGap: 2 }).moveDown(0.4);
}

/** A label with a line to write on beside it. */
function lines(sheet: Sheet, labels: readonly string[]): void {
  const { left, right } = sheet.page.margins;
  for (const label of labels) {
    room(sheet, 26);
    const top = sheet.y;
    sheet.text(label, left, top + 6, { width: 200 });
    sheet
      .moveTo(left + 205, top + 19)
      .lineTo(sheet.page.width - right, top + 19)
      .lineWidth(0.5)
      .stroke();
    sheet.x = left;
    sheet.y = top + 24;
  }
}

function ticks(sheet: Sheet, labels: readonly string[]): void {
  const { left } = sheet.page.margins;
  for (const label of labels) {
    room(sheet, 20);
    const top = sheet.y;
    sheet
      .rect(left, top + 2, 10, 10)
      .lineWidth(0.7)
      .stroke();
    sheet.text(label, left + 18, top, { width: 300 });
    sheet.x = left;
    sheet.y = top + 18;
  }
}

/** A new page where so much would not fit on this one. */
function room(sheet: Sheet, height: number): void {
  if (sheet.y + height > sheet.page.height - sheet.page.margins.bottom) sheet.addPage();
}
