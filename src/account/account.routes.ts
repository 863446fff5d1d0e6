import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { mailFaultText } from '../mail/mail-fault.ts';
import type { Answer, Page } from '../pages/page.ts';
import { home, page, rejected, seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readForm, readWithin } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { NotFound, StaleForm } from '../shared/errors.ts';
import { formatCvr } from '../shared/text.ts';
import type { User, UserField } from '../users/user.ts';
import { asTyped, fieldModels, ownDetailsForm } from '../users/users.forms.ts';
import { errorList } from '../users/users.pages.ts';
import { findUser } from '../users/users.queries.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { confirmEmail, editOwnDetails } from './account.changes.ts';

export const accountRoutes: Route[] = [
  get('/mine-oplysninger', 'user.editOwn', showOwnDetails),
  post('/mine-oplysninger', 'user.editOwn', saveOwnDetails),
  get('/mine-oplysninger/bekraeft/:token', 'user.editOwn', showConfirm),
  post('/mine-oplysninger/bekraeft/:token', 'user.editOwn', confirm),
];

const ownFields: UserField[] = ['email', 'address', 'postcode', 'city', 'phone'];
const path = '/mine-oplysninger';
const crumbs = [home];

async function showOwnDetails(visit: Visit, db: ReadDb): Promise<Answer> {
  const user = await ownUser(visit, db);
  return ownDetailsPage(visit, user, visit.draft ?? asTyped(user), {});
}

async function ownUser({ actor }: Visit, db: ReadDb): Promise<User> {
  const user = await findUser(db, actor.organisationId, actor.userId);
  if (user === null) throw new NotFound();
  return user;
}

function ownDetailsPage({ actor }: Visit, user: User, posted: Posted, errors: FieldErrors, isStale = false): Page {
  const shown = page(
    'account/own-details',
    'Mine oplysninger',
    {
      user: {
        name: fullName(user),
        username: user.username,
        rid: user.rid,
        organisation: actor.organisationName,
        cvr: formatCvr(actor.cvr),
        mailFault: user.mailFault === null ? null : mailFaultText(user.mailFault),
      },
      fields: fieldModels(ownFields, posted, errors),
      errors: errorList(errors),
      version: isStale ? String(user.version) : typed(posted, 'version') || String(user.version),
      isStale,
      paths: { form: path },
    },
    crumbs,
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

async function saveOwnDetails(visit: Visit): Promise<Answer> {
  const { actor } = visit;
  const own = [actor.organisationId];
  const form = readForm(visit, ownDetailsForm);
  if (!form.ok)
    return readWithin(visit, own, async (db) =>
      ownDetailsPage(visit, await ownUser(visit, db), visit.posted, form.errors),
    );
  // Each new address is written to before anybody has confirmed that it is theirs.
  if (form.value.email !== actor.email) await visit.services.limiter.count('emailChange', String(actor.userId));
  const mailing = { ...mailSettingOf(visit), portalOrigin: visit.services.origins[visit.portal] };
  try {
    const done = await change(visit, ownOrganisation(visit), (tx, now) => editOwnDetails(tx, now, form.value, mailing));
    return seeOther(path, doneText(done, form.value.email));
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return readWithin(visit, own, async (db) =>
      ownDetailsPage(visit, await ownUser(visit, db), visit.posted, {}, true),
    );
  }
}

function doneText({ changed, confirms }: { changed: boolean; confirms: boolean }, email: string): string {
  if (confirms)
    return `Vi har sendt en mail til ${email}. Åbn linket i den inden 24 timer, så skifter din e-mailadresse.${changed ? ' Resten er gemt.' : ''}`;
  return changed ? 'Dine oplysninger er gemt.' : 'Der var ingen ændringer at gemme.';
}

async function showConfirm(visit: Visit): Promise<Answer> {
  return page('account/confirm-email', 'Bekræft din nye e-mailadresse', { paths: { form: confirmPath(visit) } }, [
    ...crumbs,
    { label: 'Mine oplysninger', href: path },
  ]);
}

async function confirm(visit: Visit): Promise<Answer> {
  const token = visit.params.token ?? '';
  const { email } = await change(visit, ownOrganisation(visit), (tx, actor) =>
    confirmEmail(tx, actor, token, mailSettingOf(visit)),
  );
  return seeOther(path, `Din e-mailadresse er nu ${email}.`);
}

function confirmPath({ params }: Visit): string {
  const token = params.token ?? '';
  if (!/^[\w-]{20,100}$/.test(token)) throw new NotFound();
  return `${path}/bekraeft/${token}`;
}

function ownOrganisation({ actor }: Visit): { id: number; cvr: string } {
  return { id: actor.organisationId, cvr: actor.cvr };
}
