import type { ClientBase } from 'pg';
import { event } from '../../audit/events.ts';
import type { RoleInFile, ServiceInFile } from './services-file.ts';

/** What an import did, by code: "plov" is a service, "plov/plovGodkender" a role. */
export type MergeOutcome = { added: string[]; changed: string[]; missing: string[] };

export type ImportRecord = MergeOutcome & { fileName: string; sha256: string; services: number; roles: number };

type MergedRow = { action: 'INSERT' | 'UPDATE'; code: string };

/**
 * Makes services and roles as the file has them, inside the caller's transaction. What the file leaves out (descriptions,
 * synonyms, sensitivity) stays; what is gone from it is named and left alone, since roles that people hold hang on it.
 */
export async function mergeServices(client: ClientBase, services: readonly ServiceInFile[]): Promise<MergeOutcome> {
  await client.query('lock table service, role in share row exclusive mode');
  const merged = [
    ...(await merge(client, mergeServiceRows, services.map(serviceRow))),
    ...(await merge(client, mergeRoleRows, services.flatMap(roleRows))),
  ];
  const codes = codesOf(services);
  const actions = new Map(merged.map(({ action, code }) => [code, action]));
  return {
    added: codes.filter((code) => actions.get(code) === 'INSERT'),
    changed: codes.filter((code) => actions.get(code) === 'UPDATE'),
    missing: await listMissing(client, codes),
  };
}

function codesOf(services: readonly ServiceInFile[]): string[] {
  return services.flatMap(({ kode, roller }) => [kode, ...roller.map((role) => `${kode}/${role.kode}`)]);
}

/** The import's event in the log, in the transaction of the change. */
export async function recordImport(client: ClientBase, report: ImportRecord, actorName: string): Promise<void> {
  const { added, changed, missing, ...counts } = report;
  const detail = {
    ...counts,
    added: added.length,
    changed: changed.length,
    missing: missing.length,
    changedCodes: changed,
    missingCodes: missing,
  };
  const checked = event('service.imported', { organisation: null, target: null }, detail);
  await client.query(
    `insert into audit_event (kind, actor_kind, actor_name, actor_role, detail) values ($1, 'OPERATOR', $2, 'Drift', $3)`,
    [checked.kind, actorName, checked.detail],
  );
}

async function merge(client: ClientBase, statement: string, rows: object[]): Promise<MergedRow[]> {
  const result = await client.query<MergedRow>(statement, [JSON.stringify(rows)]);
  return result.rows;
}

function serviceRow({ kode, navn, ejer, kilde, beskrivelse }: ServiceInFile) {
  return { code: kode, name: navn, owner: ejer, source: kilde, description: beskrivelse ?? null };
}

function roleRows({ kode, roller }: ServiceInFile) {
  return roller.map((role: RoleInFile) => ({
    service_code: kode,
    code: role.kode,
    name: role.navn,
    needs_sor: role.kraeverSor,
    needs_cpr: role.kraeverCpr,
    source: role.kilde,
    description: role.beskrivelse ?? null,
    synonyms: role.synonymer ?? null,
    sensitivity: role.foelsomhed ?? null,
  }));
}

const mergeServiceRows = `
  merge into service s
  using jsonb_to_recordset($1::jsonb) as f (code text, name text, owner text, source text, description text)
  on s.code = f.code
  when matched and (s.name, s.owner, s.source, s.description)
      is distinct from (f.name, f.owner, f.source, coalesce(f.description, s.description)) then
    update set name = f.name, owner = f.owner, source = f.source, description = coalesce(f.description, s.description),
      version = s.version + 1
  when not matched then
    insert (code, name, owner, source, description) values (f.code, f.name, f.owner, f.source, coalesce(f.description, ''))
  returning merge_action() as action, s.code as code`;

const mergeRoleRows = `
  merge into role r
  using (
    select s.id as service_id, f.* from jsonb_to_recordset($1::jsonb) as f (service_code text, code text, name text,
      needs_sor boolean, needs_cpr boolean, source text, description text, synonyms text[], sensitivity sensitivity)
    join service s on s.code = f.service_code) as f
  on r.service_id = f.service_id and r.code = f.code
  when matched and (r.name, r.needs_sor, r.needs_cpr, r.source, r.description, r.synonyms, r.sensitivity)
      is distinct from (f.name, f.needs_sor, f.needs_cpr, f.source, coalesce(f.description, r.description),
        coalesce(f.synonyms, r.synonyms), coalesce(f.sensitivity, r.sensitivity)) then
    update set name = f.name, needs_sor = f.needs_sor, needs_cpr = f.needs_cpr, source = f.source,
      description = coalesce(f.description, r.description), synonyms = coalesce(f.synonyms, r.synonyms),
      sensitivity = coalesce(f.sensitivity, r.sensitivity), version = r.version + 1
  when not matched then
    insert (service_id, code, name, needs_sor, needs_cpr, source, description, synonyms, sensitivity)
    values (f.service_id, f.code, f.name, f.needs_sor, f.needs_cpr, f.source, coalesce(f.description, ''),
      coalesce(f.synonyms, '{}'), coalesce(f.sensitivity, 'NORMAL'))
  returning merge_action() as action, f.service_code || '/' || r.code as code`;

async function listMissing(client: ClientBase, inFile: string[]): Promise<string[]> {
  const { rows } = await client.query<{ code: string }>(
    `select code from (
       select code from service where retired_at is null
       union all
       select s.code || '/' || r.code from role r join service s on s.id = r.service_id
       where r.retired_at is null and s.retired_at is null) as kept
     where code <> all ($1::text[]) order by code collate "C"`,
    [inFile],
  );
  return rows.map(({ code }) => code);
}
