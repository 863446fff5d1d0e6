import { z } from 'zod';
import { counted, joinedWithAnd } from '../../shared/text.ts';
import { refusalWords } from '../refusal-words.ts';
import { eventType, text } from './event-type.ts';

/** Logins, accepted and refused, sessions that their person ended from another, and refused changes. */
export const signInEvents = {
  'signIn.accepted': eventType(
    z.object({ provider: text, level: text, portal: text }),
    (d, t) => `${t.target} loggede på ${d.portal} via ${d.provider} (sikringsniveau ${d.level}).`,
  ),
  'signIn.employee': eventType(
    z.object({ provider: text, level: text, portal: text, cvr: text }),
    (d, t) =>
      `${t.actor} i CVR ${d.cvr} loggede på ${d.portal} via ${d.provider} (sikringsniveau ${d.level}) for at anmode om adgang.`,
  ),
  'signIn.employeeEnded': eventType(
    z.object({ by: z.enum(['person', 'provider']), portal: text, provider: text, cvr: text }),
    (d, t) =>
      d.by === 'person'
        ? `${t.actor} i CVR ${d.cvr} loggede af ${d.portal}.`
        : `${t.actor} i CVR ${d.cvr} blev logget af ${d.portal} af ${d.provider}.`,
  ),
  'signIn.ended': eventType(z.object({ by: z.enum(['person', 'provider']), portal: text, provider: text }), (d, t) =>
    d.by === 'person'
      ? `${t.target} loggede af ${d.portal}.`
      : `${t.target} blev logget af ${d.portal} af ${d.provider}.`,
  ),
  'signIn.refused': eventType(
    z.object({ reason: text, provider: text.nullable(), cvr: text.nullable(), level: text.nullable() }),
    (d) => `Et login blev afvist. ${refusalWords(d.reason.split(':')[0] ?? '').why}`,
  ),
  'identity.conflictFound': eventType(z.object({ provider: text, other: text.nullable() }), (d, t) =>
    d.other === null
      ? `Et login via ${d.provider} havde RID-nummeret for ${t.target}, som er knyttet til et andet login. Det blev afvist.`
      : `Et login via ${d.provider} havde RID-nummeret for ${t.target} og UUID’et for ${d.other}. Det blev afvist.`,
  ),
  'identity.conflictDecided': eventType(
    z.object({
      decision: z.enum(['uuid', 'rid', 'afvis']),
      uuid: text.nullable(),
      rid: text,
      provider: text,
      byRid: text,
      byUuid: text.nullable(),
    }),
    (d, t) => `${t.actor} afgjorde, hvem et login via ${d.provider} med RID-nummer ${d.rid} tilhører: ${decided(d)}.`,
  ),
  'identity.differenceFound': eventType(
    z.object({ provider: text, name: z.boolean(), email: z.boolean() }),
    (d, t) =>
      `${t.target} loggede på via ${d.provider} med ${joinedWithAnd([...(d.name ? ['et andet navn'] : []), ...(d.email ? ['en anden e-mailadresse'] : [])])} end i SEB.`,
  ),
  'session.ended': eventType(
    z.object({ portal: text, browser: text, loggedInAt: text }),
    (d, t) =>
      `${t.target} loggede af ${d.portal} i ${d.browser} (logget på ${d.loggedInAt}) fra sin liste over sessioner.`,
  ),
  'session.endedEverywhere': eventType(
    z.object({ sessions: z.int(), isAlsoHere: z.boolean() }),
    (d, t) =>
      `${t.target} loggede af alle ${d.isAlsoHere ? 'steder' : 'andre steder'} (${counted(d.sessions, 'session', 'sessioner')}).`,
  ),
  'change.refused': eventType(
    z.object({ action: text, reason: text, path: text }),
    (d, t) => `${t.actor} fik afvist en handling: ${d.reason}`,
  ),
} as const;

function decided({ decision, byRid, byUuid }: { decision: string; byRid: string; byUuid: string | null }): string {
  if (decision === 'uuid') return byRid;
  if (decision === 'rid') return byUuid ?? '';
  return `ingen af dem, så intet blev ændret for ${joinedWithAnd([byRid, ...(byUuid === null ? [] : [byUuid])])}`;
}
