import { readMigrationConfig } from '../config.ts';

/** The owner's connection for commands of operators: the configured server, else the embedded one that is running. */
export async function ownerUrl(): Promise<string> {
  const { databaseMigrationUrl, environment, dataDir } = readMigrationConfig();
  if (databaseMigrationUrl !== null) return databaseMigrationUrl;
  if (environment === 'production') {
    throw new Error("DATABASE_MIGRATION_URL is missing: set it to the owner's role (seb_owner) on the server");
  }
  // Only development has an embedded database, and production's image is built without it.
  const { findEmbeddedPostgres } = await import('../demo/embedded-postgres.ts');
  const running = await findEmbeddedPostgres(dataDir);
  if (running) return running.ownerUrl;
  throw new Error('No database is running: set DATABASE_MIGRATION_URL, or start the embedded one with `npm start`');
}
