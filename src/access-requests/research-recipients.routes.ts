import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Answer, Page } from '../pages/page.ts';
import { home, page, rejected, seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readReach } from '../pages/visit.ts';
import { FieldRefused } from '../shared/errors.ts';
import { errorList } from '../users/users.pages.ts';
import { recipientForm } from './access-requests.forms.ts';
import { addResearchRecipient, endResearchRecipient } from './research-recipients.changes.ts';
import { listResearchRecipients } from './research-recipients.queries.ts';

export const researchRecipientsPath = '/system/forskermaskinen';

/** Whom the system owner wants told of requests about Forskermaskinen. */
export const researchRecipientsRoutes: Route[] = [
  get(researchRecipientsPath, 'systemSettings.manage', (visit, db) => pageOf(db, visit.draft ?? {}, {}), readReach),
  post(researchRecipientsPath, 'systemSettings.manage', add),
  post(`${researchRecipientsPath}/:id/fjern`, 'systemSettings.manage', end),
];

async function pageOf(db: ReadDb, posted: Posted, errors: FieldErrors): Promise<Page> {
  const recipients = await listResearchRecipients(db);
  const shown = page(
    'access-requests/research',
    'Modtagere for Forskermaskinen',
    {
      recipients: recipients.map((one) => ({ ...one, remove: `${researchRecipientsPath}/${one.id}/fjern` })),
      fields: [
        fieldOf({ name: 'navn', label: 'Navn', isRequired: true }, posted, errors),
        fieldOf({ name: 'email', label: 'E-mailadresse', isRequired: true, inputmode: 'email' }, posted, errors),
      ],
      errors: errorList(errors),
      paths: { form: researchRecipientsPath },
    },
    [home],
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

async function add(visit: Visit): Promise<Answer> {
  const again = (errors: FieldErrors): Promise<Answer> => readReach(visit, (db) => pageOf(db, visit.posted, errors));
  const form = readForm(visit, recipientForm);
  if (!form.ok) return again(form.errors);
  const { navn: name, email } = form.value;
  try {
    await change(visit, null, (tx, actor) => addResearchRecipient(tx, actor, { name, email }));
    return seeOther(researchRecipientsPath, `${name} kan nu vælges som modtager.`);
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}

async function end(visit: Visit): Promise<Answer> {
  const { name } = await change(visit, null, (tx, actor) => endResearchRecipient(tx, actor, idInUrl(visit)));
  return seeOther(researchRecipientsPath, `${name} kan ikke længere vælges.`);
}
