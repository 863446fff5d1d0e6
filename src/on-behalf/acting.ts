import type { z } from 'zod';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import type { Prisma } from '../db/generated/client.ts';
import type { FieldErrors, FormResult } from '../http/forms.ts';
import type { Visit } from '../pages/visit.ts';
import { change, organisationOf, readForm } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import type { Ensure } from '../permissions/can.ts';
import { ensureEmergency } from '../permissions/can.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { markOnBehalf } from './on-behalf.changes.ts';
import { onBehalfForm } from './on-behalf.forms.ts';

/** The act's own form and the reason for doing it in the organisation's place, with the faults of both. */
export function readActForm<Schema extends z.ZodType>(
  visit: Visit,
  schema: Schema,
): FormResult<{ input: z.output<Schema>; reason: string }> {
  const form = readForm(visit, schema);
  const why = readForm(visit, onBehalfForm);
  if (form.ok && why.ok) return { ok: true, value: { input: form.value, reason: why.value.paaVegne } };
  const errors: FieldErrors = { ...(why.ok ? {} : why.errors), ...(form.ok ? {} : form.errors) };
  return { ok: false, errors };
}

/** Carries out a change by the system owner's right in the organisation's place. */
export function act<Outcome extends Prisma.InputJsonValue>(
  visit: Visit,
  { act: what, reason }: { act: string; reason: string },
  work: (tx: Tx, actor: Actor, ensure: Ensure) => Promise<Change<Outcome>>,
): Promise<Outcome> {
  const organisation = organisationOf(visit);
  return change(visit, organisation, async (tx, actor) =>
    markOnBehalf(
      tx,
      actor,
      { organisation, act: what, reason },
      await work(tx, actor, ensureEmergency),
      mailSettingOf(visit),
    ),
  );
}
