import type { Settings } from './config.ts';

/** A name and a password in the address would end in logs: they have variables of their own. */
export function cvrFaults({ CVR_SOURCE, CVR_URL, CVR_USER, CVR_PASSWORD }: Settings): string[] {
  if (CVR_SOURCE === 'file' || (CVR_SOURCE === undefined && CVR_URL === undefined)) return [];
  const missing = Object.entries({ CVR_URL, CVR_USER, CVR_PASSWORD }).filter(([, value]) => value === undefined);
  const faults = missing.map(
    ([name]) => `${name} is missing: the CVR distribution is asked with all of CVR_URL, CVR_USER and CVR_PASSWORD`,
  );
  const url = CVR_URL === undefined ? null : new URL(CVR_URL);
  if (url !== null && (url.username !== '' || url.password !== ''))
    faults.push('CVR_URL must not hold a name and a password: use CVR_USER and CVR_PASSWORD');
  return faults;
}
