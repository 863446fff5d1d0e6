import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { KeptFresh } from '../shared/kept-fresh.ts';
import { keptFresh } from '../shared/kept-fresh.ts';
import type { IdentityProvider } from '../sign-in/identity-providers.ts';
import type { TrustPolicy } from './identity-provider.ts';
import { trustedProvider } from './identity-provider.ts';
import { listTrusted } from './identity-providers.queries.ts';

export type TrustedProviders = KeptFresh<readonly IdentityProvider[]>;

const freshSeconds = 10;

/** Whom logins are taken from, as of at most ten seconds ago: a change on the pages counts in every process without a restart. */
export function keptProviders(database: Database, policy: TrustPolicy, log: Pick<Logger, 'warn'>): TrustedProviders {
  let told = '';
  return keptFresh<readonly IdentityProvider[]>({
    initial: [],
    seconds: freshSeconds,
    onFault: (error) => log.warn({ err: error }, 'the identity providers could not be read'),
    async read() {
      const judged = (await listTrusted(database)).map((row) => ({
        slug: row.slug,
        ...asked(trustedProvider(row, policy)),
      }));
      const left = judged.flatMap(({ slug, fault }) => (fault === null ? [] : [`${slug}: ${fault}`]));
      // Once, not every ten seconds.
      if (left.join() !== told && left.length > 0)
        log.warn({ providers: left }, 'identity providers are turned on, but not trusted here');
      told = left.join();
      return judged.flatMap(({ provider }) => provider ?? []);
    },
  });
}

function asked(judged: IdentityProvider | { fault: string }) {
  return 'fault' in judged ? { provider: null, fault: judged.fault } : { provider: judged, fault: null };
}
