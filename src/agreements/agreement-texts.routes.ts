import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { organisationPath } from '../organisations/organisation.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, organisationOf, read, readForm, readWithin } from '../pages/visit.ts';
import { can } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { NotFound, StaleForm } from '../shared/errors.ts';
import { counted } from '../shared/text.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { acceptText, publishDraft, saveDraft } from './agreement-texts.changes.ts';
import { acceptForm, draftForm, publishForm } from './agreement-texts.forms.ts';
import {
  acceptancePage,
  draftAsTyped,
  draftPage,
  publishPage,
  textPage,
  textsPage,
  textsPath,
} from './agreement-texts.pages.ts';
import {
  countOpenOrganisations,
  findAcceptance,
  findDraft,
  findLatestText,
  findText,
  listAcceptances,
  listTexts,
} from './agreement-texts.queries.ts';

const everywhere = (visit: Visit, work: (db: ReadDb) => Promise<Answer>): Promise<Answer> =>
  readWithin(visit, 'all', work);
const longText = { fields: 20, kilobytes: 400 };

export const agreementTextsRoutes: Route[] = [
  get(textsPath, 'systemSettings.view', showTexts, everywhere),
  get(`${textsPath}/kladde`, 'systemSettings.manage', (visit, db) => showDraft(visit, db)),
  post(`${textsPath}/kladde`, 'systemSettings.manage', save, longText),
  get(`${textsPath}/kladde/udgiv`, 'systemSettings.manage', (_visit, db) => showPublish(db, false), everywhere),
  post(`${textsPath}/kladde/udgiv`, 'systemSettings.manage', publish),
  get(`${textsPath}/:id`, 'systemSettings.view', showText, everywhere),
  get('/organisationer/:cvr/aftaletekst', 'agreement.view', (visit, db) => showAcceptance(visit, db, {})),
  post('/organisationer/:cvr/aftaletekst', 'agreement.accept', accept),
];

async function showTexts(visit: Visit, db: ReadDb): Promise<Answer> {
  return textsPage({
    rows: await listTexts(db),
    draft: await findDraft(db),
    organisations: await countOpenOrganisations(db),
    mayWrite: mayEver(visit.actor, 'systemSettings.manage', visit.actor.organisationId),
  });
}

async function showText(visit: Visit, db: ReadDb): Promise<Answer> {
  const text = await findText(db, idInUrl(visit));
  if (text === null) throw new NotFound('Aftaleteksten findes ikke. Se listen over aftaletekster.');
  const onlyMissing = typed(visit.query, 'vis') === 'mangler';
  const id = typed(visit.query, 'efterid');
  const after = /^\d{1,9}$/.test(id)
    ? { name: typed(visit.query, 'efternavn').replace(/\p{C}/gu, ' ').slice(0, 300), id: Number(id) }
    : null;
  return textPage({ text, rows: await listAcceptances(db, text.id, { onlyMissing, after }), onlyMissing });
}

async function showDraft(visit: Visit, db: ReadDb): Promise<Answer> {
  const draft = await findDraft(db);
  return draftPage({ draft, posted: visit.draft ?? draftAsTyped(draft), errors: {}, isStale: false });
}

async function save(visit: Visit): Promise<Answer> {
  const { posted } = visit;
  const again = (errors: FieldErrors, isStale = false): Promise<Answer> =>
    read(visit, async (db) => draftPage({ draft: await findDraft(db), posted, errors, isStale }));
  const form = readForm(visit, draftForm);
  if (!form.ok) return again(form.errors);
  const { aendringer: changes, tekst: body, version } = form.value;
  try {
    const { number } = await change(visit, null, (tx, actor) => saveDraft(tx, actor, { changes, body, version }));
    return seeOther(textsPath, `Kladden til aftaletekst nr. ${number} er gemt.`);
  } catch (error) {
    if (error instanceof StaleForm) return again({}, true);
    throw error;
  }
}

async function showPublish(db: ReadDb, isStale: boolean): Promise<Answer> {
  const draft = await findDraft(db);
  if (draft === null) return seeOther(textsPath, 'Der er ingen kladde at udgive.', 'info');
  return publishPage(draft, await countOpenOrganisations(db), isStale);
}

async function publish(visit: Visit): Promise<Answer> {
  const again = (): Promise<Answer> => readWithin(visit, 'all', (db) => showPublish(db, true));
  const form = readForm(visit, publishForm);
  if (!form.ok) return again();
  try {
    const { number, told } = await change(visit, null, (tx, actor) =>
      publishDraft(tx, actor, form.value.version, mailSettingOf(visit)),
    );
    const who = counted(told, 'organisationsadministrator', 'organisationsadministratorer');
    return seeOther(textsPath, `Aftaletekst nr. ${number} er udgivet. ${who} får en mail.`);
  } catch (error) {
    if (error instanceof StaleForm) return again();
    throw error;
  }
}

async function showAcceptance(visit: Visit, db: ReadDb, errors: FieldErrors): Promise<Answer> {
  const organisation = organisationOf(visit);
  const text = await findLatestText(db);
  const acceptance = text === null ? null : await findAcceptance(db, organisation.id, text.id);
  const mayAccept = can(visit.actor, 'agreement.accept', { organisationId: organisation.id });
  return acceptancePage({ actor: visit.actor, organisation, text, acceptance, mayAccept, errors });
}

async function accept(visit: Visit): Promise<Answer> {
  const organisation = organisationOf(visit);
  const form = readForm(visit, acceptForm);
  if (!form.ok) return read(visit, (db) => showAcceptance(visit, db, form.errors));
  const { accepted, number } = await change(visit, organisation, (tx, actor) =>
    acceptText(tx, actor, organisation, form.value.tekst),
  );
  return seeOther(
    organisationPath(organisation, '/aftaletekst'),
    accepted ? `Aftaletekst nr. ${number} er accepteret.` : 'Teksten var allerede accepteret af en anden.',
  );
}
