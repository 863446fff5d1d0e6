import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';

/** Somebody saw a person's information, or searched for people. */
export type LookUp = {
  /** Whose information it is; null for a search in all organisations. */
  organisationId: number | null;
  actorUserId: number;
  actorName: string;
  actorRole: string;
  /** Null for a search, which has its words. */
  targetUserId: number | null;
  search: string | null;
  /** The page, as its route names it. */
  page: string;
  requestId: string;
};

/** Gathers look-ups, so that no page waits for its own. */
export type LookUps = {
  note(lookUp: LookUp): void;
  /** Writes what was gathered; never fails, since what could not be written is tried again. */
  flush(): Promise<void>;
};

const withinMs = 1_000;
const atATime = 500;
/** While the database is away so many wait; what comes after is counted and told. */
const most = 20_000;

type Gathered = LookUp & { since: number };

/** Best effort, unlike changes: a page is shown though its look-up cannot be written, but nothing is lost without a word. */
export function createLookUps({ pool }: Pick<Database, 'pool'>, log: Pick<Logger, 'warn' | 'error'>): LookUps {
  let waiting: Gathered[] = [];
  let lost = 0;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const some = waiting.slice(0, atATime);
      await pool.query('select record_lookups($1::jsonb)', [JSON.stringify(some.map(asRecord))]);
      waiting = waiting.slice(some.length);
    }
    if (lost > 0) log.error({ lost }, 'Look-ups were lost while the database was away');
    lost = 0;
  };
  const flush = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing ??= write()
      .catch((error: unknown) => {
        log.warn({ err: error, waiting: waiting.length }, 'Look-ups could not be written and are tried again');
        later();
      })
      .finally(() => {
        writing = null;
      });
    await writing;
  };
  const later = (): void => {
    timer ??= setTimeout(() => void flush(), withinMs).unref();
  };
  return {
    note(lookUp) {
      if (waiting.length >= most) lost += 1;
      else waiting.push({ ...lookUp, since: performance.now() });
      if (waiting.length >= atATime && writing === null) void flush();
      else later();
    },
    flush,
  };
}

function asRecord({ since, ...lookUp }: Gathered): Record<string, unknown> {
  return {
    ago: performance.now() - since,
    organisation_id: lookUp.organisationId,
    actor_user_id: lookUp.actorUserId,
    actor_name: lookUp.actorName,
    actor_role: lookUp.actorRole,
    target_user_id: lookUp.targetUserId,
    search: lookUp.search,
    page: lookUp.page,
    request_id: lookUp.requestId,
  };
}
