import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { because } from '../assignment-detail.ts';
import { changedFields, day, eventType, fieldList, text } from './event-type.ts';

const administratorKinds = {
  ORGANISATION: 'organisationsadministrator',
  USER: 'brugeradministrator',
  READ_ONLY: 'read-only administrator',
} as const;
const kind = z.enum(['ORGANISATION', 'USER', 'READ_ONLY']);

const termNames = {
  kind: 'rollen',
  area: 'SEB Ansvarsområde',
  services: 'services',
  startsOn: 'gyldig fra',
  endsOn: 'gyldig til og med',
};

/** What happens to administrators. */
export const administratorEvents = {
  'administrator.appointed': eventType(
    z.object({ kind, startsOn: day.nullable(), endsOn: day.nullable() }),
    (d, t) => `${t.actor} gjorde ${t.target} til ${administratorKinds[d.kind]}${period(d)}.`,
  ),
  'administrator.changed': eventType(
    z.object({ changes: changedFields }),
    (d, t) => `${t.actor} ændrede ${fieldList(d.changes, termNames)} for administratoren ${t.target}.`,
  ),
  'administrator.ended': eventType(
    z.object({ kind, reason: text.nullish() }),
    (d, t) => `${t.actor} fjernede ${t.target} som ${administratorKinds[d.kind]}.${because(d)}`,
  ),
  'administrator.substituteAppointed': eventType(
    z.object({ kind, away: text, startsOn: day.nullable(), endsOn: day }),
    (d, t) => `${t.actor} gjorde ${t.target} til vikar for ${d.away} (${administratorKinds[d.kind]})${period(d)}.`,
  ),
  'administrator.substituteEnded': eventType(
    z.object({ away: text }),
    (d, t) => `${t.actor} afsluttede, at ${t.target} er vikar for ${d.away}.`,
  ),
} as const;

function period({ startsOn, endsOn }: { startsOn: string | null; endsOn: string | null }): string {
  const from = startsOn === null ? '' : ` fra ${danishDay(startsOn)}`;
  return endsOn === null ? from : `${from} til og med ${danishDay(endsOn)}`;
}
