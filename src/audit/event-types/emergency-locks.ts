import { z } from 'zod';
import { because } from '../assignment-detail.ts';
import { eventType, text } from './event-type.ts';

const caseNumber = text;

/** What happens to the servicedesk's emergency locks. */
export const emergencyLockEvents = {
  'user.emergencyLocked': eventType(
    /** `until` as people read it: the moment, not only the day. */
    z.object({ caseNumber, until: text, reason: text }),
    (d, t) => `${t.actor} nødspærrede ${t.target} i 72 timer, til ${d.until}.${because(d)}`,
  ),
  'user.emergencyLockConfirmed': eventType(
    z.object({ caseNumber, reason: text.nullable() }),
    (d, t) => `${t.actor} bekræftede nødspærringen af ${t.target}, som nu er spærret uden slutdato.${because(d)}`,
  ),
  'user.emergencyLockLifted': eventType(
    z.object({ caseNumber, reason: text }),
    (d, t) => `${t.actor} ophævede nødspærringen af ${t.target}.${because(d)}`,
  ),
  'user.emergencyLockExpired': eventType(
    z.object({ caseNumber }),
    (d, t) => `Nødspærringen af ${t.target} (sagsnummer ${d.caseNumber}) udløb efter 72 timer uden at være bekræftet.`,
  ),
} as const;
