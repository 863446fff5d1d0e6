import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg, { type ClientBase } from 'pg';
import { mergeServices, recordImport, type ImportRecord } from './merge.changes.ts';
import { parseServices, type ServiceInFile } from './services-file.ts';

export type ServicesImport = {
  /** Connection of the database's owner: the application's role may not change the catalogue. */
  ownerUrl: string;
  file: string;
  /** Who runs the import, for the log. */
  actorName: string;
  progress: (line: string) => void;
};

export type Report = ImportRecord;

export type ServicesFile = { fileName: string; sha256: string; services: ServiceInFile[] };

/** Brings services and roles to what the file says, in one transaction with its event in the log; a second run changes nothing. */
export async function importServices({ ownerUrl, file, actorName, progress }: ServicesImport): Promise<Report> {
  const read = await readServicesFile(file);
  progress(`${read.fileName}: ${read.services.length} services and ${countRoles(read.services)} roles read`);
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('begin');
    const report = await mergeServicesFile(client, read, actorName);
    await client.query('commit');
    return report;
  } finally {
    // An open transaction ends with its connection.
    await client.end();
  }
}

/** @throws ServicesFileError when the file cannot be used */
export async function readServicesFile(file: string): Promise<ServicesFile> {
  const content = await readFile(file);
  const fileName = path.basename(file);
  return {
    fileName,
    sha256: createHash('sha256').update(content).digest('hex'),
    services: parseServices(content, fileName),
  };
}

/** The import inside the caller's transaction. */
export async function mergeServicesFile(client: ClientBase, read: ServicesFile, actorName: string): Promise<Report> {
  const { fileName, sha256, services } = read;
  const outcome = await mergeServices(client, services);
  const report = { fileName, sha256, services: services.length, roles: countRoles(services), ...outcome };
  await recordImport(client, report, actorName);
  return report;
}

function countRoles(services: readonly ServiceInFile[]): number {
  return services.reduce((count, { roller }) => count + roller.length, 0);
}
