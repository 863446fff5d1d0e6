import { notInSebPage } from '../account/employee.pages.ts';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { parseForm, typed, typedList, typedSearch } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { data, seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { personalGet, personalPost } from '../pages/route.ts';
import type { PersonalVisit } from '../pages/visit.ts';
import { changeAsPerson, readAsPerson } from '../pages/visit.ts';
import type { Person } from '../permissions/actor.ts';
import { isUser, organisationOfPerson, ownerOf } from '../permissions/actor.ts';
import { faultOfUnit } from '../role-assignments/assign.queries.ts';
import { faultsOfPeriod } from '../role-assignments/period.ts';
import { findRoles } from '../roles/roles.queries.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { FieldRefused, NotFound } from '../shared/errors.ts';
import { suggestUnits } from '../sor/sor.routes.ts';
import { findUnit, readPlace, searchUnits } from '../sor/sor.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import type { RequestInput } from './access-request.ts';
import type { AskForm } from './access-requests.forms.ts';
import { ordinaryForm, researchForm } from './access-requests.forms.ts';
import type { RequestMailing } from './access-requests.mail.ts';
import { listDeciders, listRolesAsked } from './access-requests.queries.ts';
import type { Asking } from './ask.pages.ts';
import { askPage, askPath, choosePage, chosenUnit, isResearch, reviewPage } from './ask.pages.ts';
import { ownRequestsPath } from './own-requests.pages.ts';
import { listResearchRecipients } from './research-recipients.queries.ts';
import { sendRequest } from './sending.changes.ts';
import { treeStepOf } from './unit-tree.pages.ts';

export const askRoutes: Route[] = [
  personalGet(askPath, 'request.send', showAsk),
  personalPost(askPath, 'request.send', ask),
  personalGet(`${askPath}/enheder`, 'request.send', async ({ person, query }, db) =>
    data(await suggestUnits(db, person.cvr, typedSearch(query, 'find'))),
  ),
];

/** The first question, or the form for the answer to it; a link may have filled in some of it. */
async function showAsk(visit: PersonalVisit, db: ReadDb): Promise<Answer> {
  const { person } = visit;
  if (!isUser(person) && person.organisation === null) return notInSebPage(visit, person);
  const posted = visit.draft ?? visit.query;
  if (!['almindelig', 'forsker'].includes(typed(posted, 'adgang'))) return choosePage();
  return askPage(await askingOf(db, person, posted, {}));
}

type Step = 'rolle' | 'enhed' | 'trae' | 'ret' | 'gennemse' | 'send';
const stepOf = (posted: Posted): Step => {
  if (treeStepOf(posted) !== null) return 'trae';
  const step = typed(posted, 'trin');
  return step === 'enhed' || step === 'ret' || step === 'gennemse' || step === 'send' ? step : 'rolle';
};

/** The form's buttons: search, walk the tree, look through, correct, and send; only the last changes anything. */
async function ask(visit: PersonalVisit): Promise<Answer> {
  const { person } = visit;
  const posted: Posted = { ...visit.posted, sor: chosenUnit(visit.posted) };
  const step = stepOf(posted);
  const again = (errors: FieldErrors): Promise<Answer> =>
    readAsPerson(visit, async (db) => askPage(await askingOf(db, person, posted, errors, step)));
  if (step !== 'gennemse' && step !== 'send') return again({});
  const form = parseForm<typeof ordinaryForm | typeof researchForm>(
    isResearch(posted) ? researchForm : ordinaryForm,
    posted,
  );
  const errors = { ...(form.ok ? {} : form.errors), ...(await faultsOf(visit, posted, form.ok ? form.value : null)) };
  if (!form.ok || Object.keys(errors).length > 0) return again(errors);
  if (step === 'gennemse')
    return readAsPerson(visit, async (db) => reviewPage(await askingOf(db, person, posted, {}, step)));
  return send(visit, inputOf(form.value), again);
}

async function send(
  visit: PersonalVisit,
  input: RequestInput,
  again: (errors: FieldErrors) => Promise<Answer>,
): Promise<Answer> {
  const { person, services, signedIn } = visit;
  await services.limiter.count('accessRequest', ownerOf(person));
  try {
    const { requestId } = await changeAsPerson(visit, (tx, now) =>
      sendRequest(tx, now, input, signedIn.level, mailingOf(visit)),
    );
    return seeOther(`${ownRequestsPath}/${requestId}`, 'Din anmodning er sendt. Du får en kvittering på mail.');
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}

export function mailingOf(visit: Pick<PersonalVisit, 'services'>): RequestMailing {
  return { ...mailSettingOf(visit), sebanmodOrigin: visit.services.origins.sebanmod };
}

/** What is chosen and what the searches find, for showing the form. */
async function askingOf(
  db: ReadDb,
  person: Person,
  posted: Posted,
  errors: FieldErrors,
  step: Step | null = null,
): Promise<Asking> {
  const organisation = organisationOfPerson(person);
  if (organisation === null) throw new NotFound();
  const roleIds = idsIn(posted, 'rolle');
  const search = typedSearch(posted, 'rollesoeg');
  const unitSearch = typedSearch(posted, 'enhedsoeg');
  const code = chosenUnit(posted);
  const unit = /^\d{6,18}$/.test(code) ? await findUnit(db, person.cvr, code) : null;
  const found = search === '' ? null : await findRoles(db, organisation.id, { search, serviceId: null }, null);
  const at = step === 'trae' ? treeStepOf(posted) : null;
  const units = step === 'enhed' && unit === null ? await searchUnits(db, person.cvr, unitSearch, null, 20) : null;
  return {
    person,
    posted,
    errors,
    deciders: await listDeciders(db, organisation.id, isUser(person) ? person.userId : null),
    research: isResearch(posted) ? await listResearchRecipients(db) : [],
    picked: await listRolesAsked(db, organisation.id, roleIds),
    found: found?.filter(({ isGivable }) => isGivable) ?? null,
    unit,
    units: units?.filter(({ isClosed }) => !isClosed) ?? null,
    place: at === null ? null : await readPlace(db, person.cvr, at.code, at.after),
  };
}

function idsIn(posted: Posted, name: string): number[] {
  const texts = typedList(posted, name).filter((value) => /^\d{1,9}$/.test(value));
  return [...new Set(texts.map(Number))].slice(0, 50);
}

/** What the form cannot say by itself; all of it is judged again when it is sent. */
async function faultsOf(visit: PersonalVisit, posted: Posted, form: AskForm | null): Promise<FieldErrors> {
  const { person } = visit;
  const code = chosenUnit(posted);
  const { deciders, unit, research, picked } = await readAsPerson(visit, (db) => askingOf(db, person, posted, {}));
  const unitFault = code === '' ? null : faultOfUnit({ code, unit });
  const isUnfinished = code === '' && typed(posted, 'enhedsoeg').trim() !== '';
  const isListed = (id: string): boolean => deciders.some(({ userId }) => String(userId) === id);
  const recipientFaults = {
    ...(isResearch(posted) &&
    research.length > 0 &&
    !research.some(({ id }) => String(id) === typed(posted, 'forskermodtager'))
      ? { forskermodtager: 'Vælg en modtager for Forskermaskinen' }
      : {}),
    ...(deciders.length > 0 && !isListed(typed(posted, 'modtager'))
      ? { modtager: 'Vælg, hvem der skal have anmodningen' }
      : {}),
  };
  if (form === null) return recipientFaults;
  return {
    ...(isUser(person) && form.brugertype === 'ny'
      ? { brugertype: 'Du er allerede bruger i SEB. Vælg yderligere adgange' }
      : {}),
    ...recipientFaults,
    ...(form.stedfortraeder !== null &&
    (form.stedfortraeder === form.modtager || !isListed(String(form.stedfortraeder)))
      ? { stedfortraeder: 'Vælg en anden administrator end modtageren' }
      : {}),
    ...(picked.length !== form.rolle.length || picked.some(({ isGivable }) => !isGivable)
      ? { rolle: 'Organisationen kan ikke længere give en af rollerne. Fjern den, eller vælg en anden' }
      : {}),
    ...(unitFault === null ? {} : { sor: unitFault }),
    ...(isUnfinished ? { sor: 'Tryk “Find enhed”, og vælg på listen, eller tøm feltet' } : {}),
    ...faultsOfPeriod({ start: form.startdato, stop: form.slutdato }, dayInDenmark()),
  };
}

function inputOf(form: AskForm): RequestInput {
  const research = 'projektnummer' in form ? form : null;
  return {
    kind: research === null ? 'ORDINARY' : 'RESEARCH',
    saysNewUser: form.brugertype === 'ny',
    email: form.email,
    wanted: form.beskrivelse,
    roleIds: form.rolle,
    sorCode: form.sor,
    startsOn: form.startdato,
    endsOn: form.slutdato,
    projectNumber: research?.projektnummer ?? null,
    dataOwnerApproval: research?.godkendelse ?? null,
    researchRecipientId: research?.forskermodtager ?? null,
    recipientId: form.modtager,
    fallbackId: form.stedfortraeder,
  };
}
