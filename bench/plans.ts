import { withClient } from './cluster.ts';
import type { MeasuredPage } from './pages.ts';
import type { Stage } from './stage.ts';

/** The pages of which a statement, planned behind the wall of the organisation, reads a growing table from end to end. */
export function sequentialScans(stage: Stage, pages: readonly MeasuredPage[]): Promise<string[]> {
  return withClient(stage.cluster.appUrl, async (client) => {
    await client.query("select set_config('seb.organisations', '1', false)");
    const found: string[] = [];
    for (const { name, statements } of pages) {
      for (const { text, values } of statements) {
        const { rows } = await client.query<Record<string, string>>(`explain ${text}`, values);
        const plan = rows.map((row) => row['QUERY PLAN'] ?? '').join('\n');
        const scanned = /Seq Scan on (app_user|role_assignment|audit_event|sor_unit|user_login)\b/.exec(plan)?.[1];
        if (scanned !== undefined) found.push(`${name}: ${scanned}\n${plan}`);
      }
    }
    return found;
  });
}
