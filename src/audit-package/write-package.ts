import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { actorNames } from '../audit/actor-names.ts';
import { sentenceOf } from '../audit/events.ts';
import { rootWithSignature } from '../audit-seal/root-statement.ts';
import { readPage } from '../db/access.ts';
import type { Database } from '../db/client.ts';
import type { Sql } from '../db/sql.ts';
import { streamRows } from '../db/stream.ts';
import type { CellValue, DocumentColumn, DocumentHead } from '../reports/document.ts';
import { toXlsx } from '../reports/to-xlsx.ts';
import type { Written } from '../reports/write-hashed.ts';
import type { ZipParts } from '../reports/zip-parts.ts';
import { writeZip } from '../reports/zip-parts.ts';
import { danishDay } from '../shared/dates.ts';
import { administratorNames } from '../users/user.ts';
import type { AdministratorRow, ChangeRow, Contents, RequestRow, UserRow } from './contents.queries.ts';
import {
  changesStatement,
  listAdministrators,
  listAgreementFiles,
  listRootTexts,
  requestsStatement,
  usersStatement,
} from './contents.queries.ts';

export type Packing = {
  database: Database;
  contents: Contents;
  organisation: { id: number; cvr: string; name: string };
  madeBy: string;
  madeAt: Date;
  reference: string;
  /** The public key of the seals. */
  publicKey: string;
  onStep(step: string): Promise<void>;
};

type Column<Row> = DocumentColumn & { value(row: Row): CellValue };
const column = <Row>(
  label: string,
  width: number,
  value: (row: Row) => CellValue,
  format: DocumentColumn['format'] = 'text',
): Column<Row> => ({ label, width, format, value });

/** `hashes` are those of the files in it. */
export type PackageWritten = Written & { hashes: string[] };

/** Writes the zip to `out`, a sheet after the other, each out of a cursor: neither side holds the whole. */
export async function writePackage(packing: Packing, out: Writable): Promise<PackageWritten> {
  const manifest: [name: string, sha256: string][] = [];
  const written = await writeZip(out, packing, async (zip) => {
    let rows = 0;
    for (const sheet of sheetsOf(packing)) {
      await packing.onStep(sheet.title);
      const written = await addSheet(zip, packing, sheet);
      manifest.push([sheet.file, written.sha256]);
      rows += written.rows;
    }
    for (const [name, content] of await plainFiles(packing)) {
      zip.addBytes(name, content);
      manifest.push([name, createHash('sha256').update(content).digest('hex')]);
    }
    zip.addText('manifest.sha256', manifest.map(([name, sha256]) => `${sha256}  ${name}\n`).join(''));
    return rows;
  });
  return { ...written, hashes: manifest.map(([, sha256]) => sha256) };
}

type Sheet = {
  file: string;
  title: string;
  columns: readonly DocumentColumn[];
  rows: AsyncIterable<CellValue[][]>;
};

async function addSheet(zip: ZipParts, packing: Packing, { file, title, columns, rows }: Sheet): Promise<Written> {
  const { organisation, contents, madeBy, madeAt, reference } = packing;
  const head: DocumentHead = {
    title,
    organisation,
    filters: [{ label: 'Periode', value: `${danishDay(contents.from)} til ${danishDay(contents.to)}` }],
    madeBy,
    madeAt,
    reference,
  };
  const through = new PassThrough();
  const [written] = await Promise.all([
    toXlsx({ head, columns, rows }, through),
    zip.addPieces(file, through as AsyncIterable<Buffer>),
  ]);
  return written;
}

function* sheetsOf(packing: Packing): Generator<Sheet> {
  const { contents } = packing;
  const streamed = <Row>(file: string, title: string, columns: readonly Column<Row>[], statement: Sql): Sheet => ({
    file,
    title,
    columns,
    rows: cells(streamRows<Row>(packing.database, [contents.organisationId], statement), columns),
  });
  const day = danishDay(contents.to);
  yield streamed<UserRow>('brugere.xlsx', `Brugere og roller ${day}`, userColumns, usersStatement(contents));
  yield streamed<ChangeRow>('aendringer.xlsx', 'Loggen i perioden', changeColumns, changesStatement(contents));
  yield {
    file: 'administratorer.xlsx',
    title: 'Administratorer i perioden',
    columns: administratorColumns,
    rows: cells(administrators(packing), administratorColumns),
  };
  yield streamed<RequestRow>('anmodninger.xlsx', 'Anmodninger om adgang', requestColumns, requestsStatement(contents));
}

async function* administrators({ database, contents }: Packing): AsyncGenerator<AdministratorRow[]> {
  yield await readPage(database, [contents.organisationId], (db) => listAdministrators(db, contents));
}

async function* cells<Row>(
  batches: AsyncIterable<Row[]>,
  columns: readonly Column<Row>[],
): AsyncGenerator<CellValue[][]> {
  for await (const batch of batches) yield batch.map((row) => columns.map(({ value }) => value(row)));
}

const userColumns: readonly Column<UserRow>[] = [
  column('Fornavn', 16, (row) => row.firstName),
  column('Efternavn', 18, (row) => row.lastName),
  column('E-mail', 30, (row) => row.email),
  column('RID', 14, (row) => row.rid, 'code'),
  column('SEB-brugernavn', 14, (row) => row.username, 'code'),
  column('Service', 24, (row) => row.service),
  column('Rolle', 26, (row) => row.role),
  column('Rollekode', 18, (row) => row.roleCode, 'code'),
  column('SOR-enhed', 26, (row) => row.unit),
  column('SOR-kode', 19, (row) => row.sorCode, 'code'),
  column('Fra', 12, (row) => row.startsOn, 'date'),
  column('Til og med', 12, (row) => row.endsOn, 'date'),
];

const changeColumns: readonly Column<ChangeRow>[] = [
  column('Tidspunkt', 18, (row) => row.at, 'dateTime'),
  column('Hvem', 24, (row) => row.actorName),
  column('I hvilken rolle', 24, roleOf),
  column('På hvem', 24, (row) => row.targetName),
  column('Hvad', 80, (row) =>
    sentenceOf(row.kind, row.detail, { actor: row.actorName, target: row.targetName ?? 'ukendt' }),
  ),
  column('Slags', 22, (row) => row.kind, 'code'),
  column('Referencenummer', 16, (row) => row.requestId, 'code'),
  column('Netværksadresse', 16, (row) => row.networkAddress, 'code'),
  column('Hændelse', 10, (row) => row.id, 'code'),
  column('Forseglet som nr.', 12, (row) => row.seq, 'code'),
];

const administratorColumns: readonly Column<AdministratorRow>[] = [
  column('Navn', 26, (row) => row.name),
  column('Slags', 26, (row) => administratorNames[row.kind as keyof typeof administratorNames]),
  column('Ansvarsområde', 30, (row) => row.area),
  column('Fra', 12, (row) => row.from, 'date'),
  column('Til og med', 12, (row) => row.to, 'date'),
];

const requestStates: Record<string, string> = {
  open: 'Afventer',
  taken: 'Under behandling',
  withdrawn: 'Trukket tilbage',
  granted: 'Godkendt',
  partly: 'Delvist godkendt',
  rejected: 'Afvist',
};

const requestColumns: readonly Column<RequestRow>[] = [
  column('Nr.', 8, (row) => row.id, 'number'),
  column('Hvem', 24, (row) => row.name),
  column('Ønske', 40, (row) => row.wanted),
  column('Roller', 40, (row) => row.roles),
  column('Status', 16, (row) => requestStates[row.state] ?? row.state),
  column('Sendt', 18, (row) => row.createdAt, 'dateTime'),
  column('Afgjort', 18, (row) => row.decidedAt, 'dateTime'),
  column('Afgjort af', 24, (row) => row.decidedBy),
  column('Begrundelse', 40, (row) => row.reason),
];

function roleOf({ actorRole, onBehalf }: ChangeRow): string {
  const role = Object.hasOwn(actorNames, actorRole) ? actorNames[actorRole as keyof typeof actorNames] : actorRole;
  return onBehalf ? `${role}, på organisationens vegne` : role;
}

async function plainFiles({ database, contents, publicKey, onStep }: Packing): Promise<[string, Buffer][]> {
  await onStep('Aftaler og forseglinger');
  const [agreements, roots] = await readPage(database, [contents.organisationId], (db) =>
    Promise.all([listAgreementFiles(db, contents), listRootTexts(db, contents)]),
  );
  const seals = roots.map(({ statement, signature }) => `${rootWithSignature(statement, signature)}\n`).join('');
  return [
    ...agreements.map(({ id, signedOn, content }): [string, Buffer] => [
      `aftaler/aftale-${id}-${signedOn}.pdf`,
      content,
    ]),
    ['forsegling/roedder.txt', Buffer.from(seals)],
    ['forsegling/noegle.pem', Buffer.from(publicKey)],
    ['LAES-MIG.txt', Buffer.from(readMe)],
  ];
}

const readMe = `Revisionspakke fra SEB

brugere.xlsx           brugere med de roller, de havde ved udgangen af periodens sidste dag
aendringer.xlsx        loggen i perioden, med hver hændelses nummer i den forseglede kæde
administratorer.xlsx   administratorer i perioden
anmodninger.xlsx       anmodninger om adgang, og hvad der blev afgjort
aftaler/               organisationens underskrevne aftaler, som gjaldt i perioden
forsegling/            rødderne, som lukker hver dag i loggen, og den offentlige nøgle, de er underskrevet med
manifest.sha256        SHA-256 af hver fil: kontrollér dem med sha256sum -c manifest.sha256
`;
