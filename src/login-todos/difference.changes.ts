import { event } from '../audit/events.ts';
import type { Change } from '../audit/record-change.ts';
import type { Tx } from '../db/access.ts';
import { parseForm } from '../http/forms.ts';
import type { Actor } from '../permissions/actor.ts';
import { Conflict, FieldRefused } from '../shared/errors.ts';
import { setDone } from '../todos/todos.changes.ts';
import type { User } from '../users/user.ts';
import type { MailSetting, Organisation } from '../users/users.changes.ts';
import { editUser } from '../users/users.changes.ts';
import { asTyped, editUserForm } from '../users/users.forms.ts';
import type { FieldDifference, ToldField } from './difference.ts';
import { differencesNow, toldFields } from './difference.ts';
import { getDifference } from './login-todos.queries.ts';

type Chosen = { todoId: number; version: number; fields: readonly ToldField[] };

/** Takes over what the login told in the chosen fields, as if it had been typed; the to-do is done. */
export async function takeOver(
  tx: Tx,
  actor: Actor,
  organisation: Organisation,
  { todoId, version, fields }: Chosen,
  mailing: MailSetting,
): Promise<Change<{ fields: ToldField[] }>> {
  const { facts, user, isDone } = await getDifference(tx, organisation.id, todoId);
  if (isDone) throw new Conflict('Huskepunktet er allerede sat som udført. Intet er ændret. Se huskelisten.');
  const taken = differencesNow(facts, user).filter(({ field }) => fields.includes(field));
  if (taken.length === 0) throw new FieldRefused('felt', 'Det står allerede i SEB. Sæt flueben ved punktet i stedet.');
  const { version: seen, ...input } = edited(user, version, taken);
  const change = await editUser(tx, actor, organisation, { userId: user.id, version: seen, input }, mailing);
  if (!(await setDone(tx, actor, todoId))) throw new Error('the to-do was ticked under the lock');
  const about = { organisation, target: { userId: user.id, name: `${input.firstName} ${input.lastName}` } };
  const adopted = event('user.loginDataAdopted', about, {
    provider: facts.provider,
    fields: taken.map(({ field }) => toldFields[field]),
  });
  return {
    ...change,
    outcome: { fields: taken.map(({ field }) => field) },
    events: [adopted, ...change.events],
  };
}

/** A login is not held to the form's rules, SEB's users are. */
function edited(user: User, version: number, taken: readonly FieldDifference[]) {
  const told = Object.fromEntries(taken.map(({ field, inLogin }) => [toldFields[field], inLogin]));
  const form = parseForm(editUserForm, { ...asTyped(user), ...told, version: String(version) });
  if (form.ok) return form.value;
  const [message = ''] = Object.values(form.errors);
  throw new FieldRefused('felt', `Det, loginet fortalte, kan ikke bruges: ${message}. Rediger brugeren i stedet.`);
}
