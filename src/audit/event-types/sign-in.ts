import { z } from 'zod';
import { eventType, text } from './event-type.ts';

/** Logins, accepted and refused, and refused changes. */
export const signInEvents = {
  'signIn.accepted': eventType(
    z.object({ provider: text, level: text, portal: text }),
    (d, t) => `${t.target} loggede på ${d.portal} via ${d.provider} (sikringsniveau ${d.level}).`,
  ),
  'signIn.refused': eventType(
    z.object({ reason: text, provider: text.nullable(), cvr: text.nullable(), level: text.nullable() }),
    (d) => `Et login blev afvist: ${d.reason}.`,
  ),
  'change.refused': eventType(
    z.object({ action: text, reason: text, path: text }),
    (d, t) => `${t.actor} fik afvist en handling (${d.action}): ${d.reason}`,
  ),
} as const;
