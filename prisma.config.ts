import { defineConfig } from 'prisma/config';

/** Read by Prisma's own commands only, e.g. `prisma migrate deploy` where its engine can be downloaded. */
const url = process.env.DATABASE_MIGRATION_URL;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url } } : {}),
});
