import { z } from 'zod';
import { counted, joinedWithAnd } from '../../shared/text.ts';
import { because } from '../assignment-detail.ts';
import { eventType, text } from './event-type.ts';

const asked = z.object({ requestId: z.number(), kind: z.enum(['ORDINARY', 'RESEARCH']), roles: z.array(text) });
const decided = z.object({
  requestId: z.number(),
  decision: z.enum(['GRANTED', 'PARTLY', 'REJECTED']),
  given: z.array(text),
  notGiven: z.array(text),
  reason: text.nullable(),
});

/** Employees ask for access, administrators decide. What was written stands with the request, not in the log. */
export const accessRequestEvents = {
  'request.sent': eventType(asked.extend({ recipient: text.nullable() }), (d, t) => {
    const what = d.kind === 'RESEARCH' ? 'Forskermaskinen' : 'adgang';
    const roles = d.roles.length === 0 ? '' : ` med ønske om ${joinedWithAnd(d.roles)}`;
    return `${t.actor} anmodede om ${what}${roles} (anmodning nr. ${d.requestId}${d.recipient === null ? '' : `, sendt til ${d.recipient}`}).`;
  }),
  'request.withdrawn': eventType(
    z.object({ requestId: z.number() }),
    (d, t) => `${t.actor} trak anmodning nr. ${d.requestId} om adgang tilbage.`,
  ),
  'request.commented': eventType(
    z.object({ requestId: z.number() }),
    (d, t) => `${t.actor} skrev en kommentar til anmodning nr. ${d.requestId} om adgang.`,
  ),
  'request.taken': eventType(
    z.object({ requestId: z.number(), from: text.nullable() }),
    (d, t) =>
      `${t.actor} tog anmodning nr. ${d.requestId} fra ${t.target}${d.from === null ? '' : `, som ${d.from} havde`}.`,
  ),
  'request.handedOver': eventType(
    z.object({ requestId: z.number(), to: text }),
    (d, t) => `${t.actor} gav anmodning nr. ${d.requestId} fra ${t.target} videre til ${d.to}.`,
  ),
  'request.decided': eventType(decided, (d, t) => decisionSentence(d, t)),
  'request.selfDecided': eventType(decided, (d, t) => decisionSentence(d, { ...t, target: 'sig selv' })),
  'request.escalated': eventType(
    z.object({ requestId: z.number(), step: z.number(), told: z.number() }),
    (d, t) =>
      `${t.actor} gav besked om anmodning nr. ${d.requestId}, som ingen havde taget, til ${steps[d.step - 1] ?? 'flere'} (${d.told} mails).`,
  ),
  'request.removed': eventType(
    z.object({ requests: z.int(), months: z.int() }),
    (d, t) =>
      `${t.actor} fjernede ${counted(d.requests, 'anmodning', 'anmodninger')} om adgang, som var afgjort eller trukket tilbage for mere end ${d.months} måneder siden.`,
  ),
  'researchRecipient.added': eventType(
    z.object({ name: text, email: text }),
    (d, t) => `${t.actor} tilføjede ${d.name} (${d.email}) som modtager af anmodninger om Forskermaskinen.`,
  ),
  'researchRecipient.ended': eventType(
    z.object({ name: text, email: text }),
    (d, t) => `${t.actor} fjernede ${d.name} (${d.email}) som modtager af anmodninger om Forskermaskinen.`,
  ),
} as const;

const steps = ['stedfortræderen og de andre administratorer', 'organisationsadministratorerne', 'servicedesk'];

function decisionSentence(d: z.output<typeof decided>, t: { actor: string; target: string }): string {
  if (d.decision === 'REJECTED') return `${t.actor} afviste anmodning nr. ${d.requestId} fra ${t.target}.${because(d)}`;
  const given = d.given.length === 0 ? 'ingen roller' : joinedWithAnd(d.given);
  const not = d.notGiven.length === 0 ? '' : `; ikke givet: ${joinedWithAnd(d.notGiven)}`;
  return `${t.actor} godkendte ${d.decision === 'PARTLY' ? 'en del af ' : ''}anmodning nr. ${d.requestId} fra ${t.target} og gav ${given}${not}.${because(d)}`;
}
