import { prepareJobSchema } from '../jobs/job-schema.ts';
import { markMigrationRolledBack, migrateDatabase } from './migrate.ts';
import { ownerUrl } from './owner-url.ts';

const usage = 'Usage: npm run db:migrate [-- --rolled-back <migration>]';

try {
  await run(await ownerUrl(), process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run(url: string, [option, name, ...rest]: string[]): Promise<void> {
  if (option === undefined) {
    await migrateDatabase(url, console.log);
    await prepareJobSchema(url);
    return;
  }
  if (option !== '--rolled-back' || !name || rest.length > 0) throw new Error(usage);
  await markMigrationRolledBack(url, name);
  console.log(`${name} is marked as rolled back.`);
}
