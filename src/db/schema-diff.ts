import { noFilters, openSchemaEngineWithoutDatabase } from './schema-engine.ts';

/** The SQL that leads from one schema.prisma to the next; triggers, policies and grants are written by hand. */
export async function diffSchemas(before: string, after: string): Promise<string> {
  await using opened = await openSchemaEngineWithoutDatabase();
  const { stdout } = await opened.engine.diff({
    from: datamodel(before),
    to: datamodel(after),
    script: true,
    exitCode: null,
    filters: noFilters,
  });
  return stdout ?? '';
}

function datamodel(content: string) {
  return { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] };
}
