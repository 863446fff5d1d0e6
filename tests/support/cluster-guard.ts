import { removeEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';

/** Waits for the end of the process that started it, whichever way it ends, and removes its PostgreSQL. */
const [dataDir] = process.argv.slice(2);
if (!dataDir) throw new Error('cluster-guard needs the data folder');

process.stdin.resume();
process.stdin.once('close', () => void removeEmbeddedPostgres(dataDir));
