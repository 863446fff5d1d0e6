import type pg from 'pg';
import { SchemaStateError } from './schema-state.ts';

/** The application must not run as a role that could alter the log: neither a superuser nor the owner of the tables. */
export async function assertOwnsNothing(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  const { rows } = await pool.query<{ role: string; unfit: boolean; mayShadow: boolean }>(`
    select current_user as role, r.rolsuper or r.rolbypassrls or exists (
      select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relowner = r.oid) as unfit,
      has_database_privilege(current_database(), 'TEMPORARY') as "mayShadow"
    from pg_roles r where r.rolname = current_user`);
  if (rows[0]?.unfit !== false) {
    throw new SchemaStateError(
      `DATABASE_URL connects as ${rows[0]?.role ?? 'an unknown role'}, which owns the tables. Use the role seb_app.`,
    );
  }
  if (rows[0].mayShadow) {
    throw new SchemaStateError(
      'The application may make temporary tables, which could stand in for ours. Run `revoke temporary on database … from public` (docs/database.md).',
    );
  }
}
