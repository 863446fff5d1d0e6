import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, organisationOf, read, readForm } from '../pages/visit.ts';
import { StaleForm } from '../shared/errors.ts';
import { editableKinds, editContacts } from './organisation-contacts.changes.ts';
import type { ContactRow } from './organisation-contacts.forms.ts';
import { contactRows, readContacts, versionForm } from './organisation-contacts.forms.ts';
import { contactsAsTyped, contactsPage } from './organisation-contacts.pages.ts';
import { organisationPath } from './organisation.ts';
import { getOrganisation, listContacts } from './organisations.queries.ts';

export const organisationContactsRoutes: Route[] = [
  get('/organisationer/:cvr/kontaktpersoner', 'organisation.editOwnContact', show),
  post('/organisationer/:cvr/kontaktpersoner', 'organisation.editOwnContact', save),
];

/** The rows that the actor may edit; what else a form holds is not read. */
function rowsOf(visit: Visit): ContactRow[] {
  const kinds = editableKinds(visit.actor, organisationOf(visit).id);
  return contactRows.filter(({ kind }) => kinds.includes(kind));
}

async function show(visit: Visit, db: ReadDb): Promise<Answer> {
  const { id } = organisationOf(visit);
  const posted = visit.draft ?? contactsAsTyped(await listContacts(db, id));
  const organisation = await getOrganisation(db, id);
  return contactsPage({ actor: visit.actor, organisation, rows: rowsOf(visit), posted, errors: {}, isStale: false });
}

async function save(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const { actor, posted } = visit;
  const rows = rowsOf(visit);
  const again = (errors: FieldErrors, isStale = false): Promise<Answer> =>
    read(visit, async (db) =>
      contactsPage({ actor, organisation: await getOrganisation(db, organisation.id), rows, posted, errors, isStale }),
    );
  const version = readForm(visit, versionForm);
  const contacts = readContacts(posted, rows);
  if (!version.ok || !contacts.ok)
    return again({ ...(version.ok ? {} : version.errors), ...(contacts.ok ? {} : contacts.errors) });
  const edit = { id: organisation.id, version: version.value.version, contacts: contacts.value };
  try {
    const { changed } = await change(visit, organisation, (tx, person) => editContacts(tx, person, edit));
    return seeOther(
      organisationPath(organisation),
      changed ? 'Kontaktpersonerne er gemt.' : 'Der var ingen ændringer at gemme.',
    );
  } catch (error) {
    if (error instanceof StaleForm) return again({}, true);
    throw error;
  }
}
