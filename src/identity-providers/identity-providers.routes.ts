import { readFile } from 'node:fs/promises';
import type { ReadDb } from '../db/access.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed, typedSearch } from '../http/forms.ts';
import type { UploadLimit } from '../http/upload.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { freshly, get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, idInUrl, readForm, readReach } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { mailSettingOf } from '../users/users.routes.ts';
import { BadRequest, Conflict, FieldRefused, StaleForm } from '../shared/errors.ts';
import { addressFault } from './address-policy.ts';
import { fetchMetadata } from './fetch-metadata.ts';
import type { ProviderInput } from './identity-providers.changes.ts';
import { createProvider, editProvider, takeMetadata, turnOff, turnOn } from './identity-providers.changes.ts';
import {
  asTyped,
  createForm,
  editForm,
  packed,
  proposalFor,
  sourceForm,
  takeForm,
  turnOffForm,
  turnOnForm,
} from './identity-providers.forms.ts';
import { providerPage, providersPage, providersPath } from './identity-providers.pages.ts';
import { countLastLogins, getProvider, listCvrsOf, listProviders, placeIn } from './identity-providers.queries.ts';
import { createPage, editPage, metadataPage, previewPage, sourcePage, turnOffPage } from './provider-forms.pages.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import { UnusableMetadata, readProviderMetadata } from './provider-metadata.ts';
import { currentMetadata, noteFetch } from './refresh.changes.ts';

/** The fields of the form, and then its file. */
const metadataFile: UploadLimit = { fields: 20, kilobytes: 30, megabytes: 1 };
const manyFields = { fields: 30, kilobytes: 120 };
const right = 'identityProvider.manage';

export const identityProvidersRoutes: Route[] = [
  get(providersPath(), right, showList, readReach),
  get(providersPath('/opret'), right, async (visit) => sourcePage(visit.draft ?? {}, {})),
  post(providersPath('/opret'), right, readSource, metadataFile),
  get(providersPath('/opret/gem'), right, showCreate),
  freshly(post(providersPath('/opret/gem'), right, create, manyFields)),
  get(providersPath('/:id'), right, showProvider, readReach),
  get(providersPath('/:id/rediger'), right, showEdit, readReach),
  freshly(post(providersPath('/:id/rediger'), right, edit, manyFields)),
  get(
    providersPath('/:id/metadata'),
    right,
    async (visit, db) => metadataPage(await getProvider(db, idInUrl(visit)), {}),
    readReach,
  ),
  post(providersPath('/:id/metadata'), right, previewMetadata, metadataFile),
  get(providersPath('/:id/metadata/gem'), right, showTake, readReach),
  freshly(post(providersPath('/:id/metadata/gem'), right, take, manyFields)),
  freshly(post(providersPath('/:id/slaa-til'), right, enable)),
  get(providersPath('/:id/slaa-til'), right, async (visit) => seeOther(providersPath(`/${idInUrl(visit)}`))),
  get(providersPath('/:id/slaa-fra'), right, showTurnOff, readReach),
  freshly(post(providersPath('/:id/slaa-fra'), right, disable)),
];

async function showList({ query }: Visit, db: ReadDb): Promise<Answer> {
  const search = typedSearch(query, 'soeg');
  const after = placeIn(typed(query, 'fra'));
  return providersPage(await listProviders(db, search, after), {
    search,
    isFirstPage: after === null,
    now: new Date(),
  });
}

async function showProvider(visit: Visit, db: ReadDb): Promise<Answer> {
  const row = await getProvider(db, idInUrl(visit));
  const isTrusted = visit.services.identityProviders.current().some(({ id }) => id === row.slug);
  return providerPage(row, { cvrs: await listCvrsOf(db, row.id), isTrusted, now: new Date() });
}

/** The first step: the metadata, which say who it is. */
async function readSource(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, right);
  const form = readForm(visit, sourceForm);
  if (!form.ok) return sourcePage(visit.posted, form.errors);
  const { adresse: address, kontrolcertifikat: signedBy } = form.value;
  try {
    const xml = address === null ? await uploaded(visit) : await fetchMetadata(address, visit.services.metadataPolicy);
    const metadata = readMetadata(visit, xml, { signedBy: address === null ? null : signedBy, entityId: null });
    const typedBefore = address === null ? {} : { adresse: address, kontrolcertifikat: signedBy ?? '' };
    return createPage({ metadata, posted: proposalFor(metadata, typedBefore), errors: {} });
  } catch (error) {
    return sourcePage(visit.posted, { [address === null ? 'fil' : 'adresse']: faultIn(error) });
  }
}

function readMetadata(
  { services }: Visit,
  xml: string,
  { signedBy, entityId }: { signedBy: string | null; entityId: string | null },
): ProviderMetadata {
  return readProviderMetadata(xml, { ...services.metadataPolicy, now: new Date(), signedBy, entityId });
}

async function uploaded({ upload }: Visit): Promise<string> {
  if (upload === null) throw new UnusableMetadata('Vælg en fil med metadata (XML)');
  return upload.use((file) => readFile(file, 'utf8'));
}

function faultIn(error: unknown): string {
  if (error instanceof UnusableMetadata || error instanceof BadRequest) return error.message;
  throw error;
}

async function showCreate({ draft }: Visit): Promise<Answer> {
  const form = draft === null ? null : createForm.safeParse(draft);
  if (draft === null || !form?.success) return seeOther(providersPath('/opret'));
  return createPage({ metadata: form.data.metadata, posted: draft, errors: {} });
}

async function create(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, right);
  const form = readForm(visit, createForm);
  const packedBefore = createForm.in.shape.metadata.safeParse(visit.posted.metadata);
  if (!packedBefore.success) return seeOther(providersPath('/opret'), 'Vælg metadata igen. Intet er gemt.', 'info');
  const again = (errors: FieldErrors): Page =>
    createPage({ metadata: packedBefore.data, posted: visit.posted, errors });
  if (!form.ok) return again(form.errors);
  const fault = faultOf(visit, form.value.input, form.value.metadata);
  if (fault !== null) return again(fault);
  try {
    const { providerId } = await change(visit, null, (tx, actor) =>
      createProvider(tx, actor, form.value, mailSettingOf(visit)),
    );
    return seeOther(
      providersPath(`/${providerId}`),
      'Identitetsudbyderen er oprettet. Slå den til, når alt er aftalt.',
    );
  } catch (error) {
    if (error instanceof FieldRefused) return again({ [error.field]: error.message });
    throw error;
  }
}

/** Addresses are judged by where SEB runs, which the form's own rules do not know. */
function faultOf(
  { services }: Visit,
  input: ProviderInput | null,
  metadata: ProviderMetadata | null,
): FieldErrors | null {
  const policy = services.metadataPolicy;
  const own = input?.metadataUrl == null ? null : addressFault(input.metadataUrl, policy);
  if (own !== null) return { adresse: `Adressen kan ikke bruges: ${own}` };
  const urls = metadata === null ? [] : [metadata.ssoUrl, metadata.sloUrl, metadata.sloResponseUrl];
  const fault = urls.map((url) => (url === null ? null : addressFault(url, policy))).find((one) => one !== null);
  return fault == null ? null : { metadata: `En adresse i metadata kan ikke bruges: ${fault}` };
}

async function showEdit(visit: Visit, db: ReadDb): Promise<Answer> {
  const row = await getProvider(db, idInUrl(visit));
  return editPage(row, { posted: visit.draft ?? asTyped(row), errors: {} });
}

async function edit(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, right);
  const found = () => readReach(visit, (db) => getProvider(db, idInUrl(visit)));
  const again = async (errors: FieldErrors, isStale = false): Promise<Page> =>
    editPage(await found(), { posted: visit.posted, errors }, isStale);
  const form = readForm(visit, editForm);
  if (!form.ok) return again(form.errors);
  const fault = faultOf(visit, form.value.input, null);
  if (fault !== null) return again(fault);
  try {
    const providerId = idInUrl(visit);
    const { changed } = await change(visit, null, (tx, actor) =>
      editProvider(tx, actor, { providerId, ...form.value }, mailSettingOf(visit)),
    );
    return done(visit, changed ? 'Ændringerne er gemt.' : 'Der var ingen ændringer at gemme.');
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return again({}, true);
  }
}

/** What new metadata would change, before anybody's login is judged by them. */
async function previewMetadata(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, right);
  const row = await readReach(visit, (db) => getProvider(db, idInUrl(visit)));
  const isFetched = typed(visit.posted, 'handling') === 'hent';
  try {
    const metadata = isFetched
      ? await currentMetadata(row, visit.services.metadataPolicy, new Date())
      : readMetadata(visit, await uploaded(visit), { signedBy: null, entityId: row.entityId });
    if (isFetched) await noteFetch(visit.services, row.id, null);
    const packedOnes = packed(metadata);
    const posted = {
      metadata: packedOnes,
      version: String(row.version),
      bevis: isFetched ? visit.services.keys.sign(fetchedPurpose, fetchedText(row.id, packedOnes)) : '',
    };
    return previewPage(row, metadata, posted);
  } catch (error) {
    const fault = faultIn(error);
    if (isFetched) await noteFetch(visit.services, row.id, fault);
    return metadataPage(row, { [isFetched ? 'hent' : 'fil']: fault });
  }
}

async function showTake(visit: Visit, db: ReadDb): Promise<Answer> {
  const row = await getProvider(db, idInUrl(visit));
  const form = visit.draft === null ? null : takeForm.safeParse(visit.draft);
  if (visit.draft === null || !form?.success) return seeOther(providersPath(`/${row.id}/metadata`));
  return previewPage(row, form.data.metadata, visit.draft);
}

async function take(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, right);
  const form = readForm(visit, takeForm);
  const providerId = idInUrl(visit);
  if (!form.ok) return seeOther(providersPath(`/${providerId}/metadata`), 'Vælg metadata igen. Intet er gemt.', 'info');
  const { version, metadata } = form.value;
  const source = wasFetched(visit, providerId) ? 'address' : 'upload';
  const fault = faultOf(visit, null, metadata)?.metadata;
  if (fault !== undefined) throw new Conflict(`${fault}. Intet er gemt.`);
  await change(visit, null, (tx, actor) =>
    takeMetadata(tx, actor, { providerId, version, metadata, source }, mailSettingOf(visit)),
  );
  return done(visit, 'De nye metadata er taget i brug.');
}

const fetchedPurpose = 'fetched-metadata';
const fetchedText = (providerId: number, packedOnes: string): string => `${providerId} ${packedOnes}`;

/** The log says "from the address" only of what this server fetched from there itself, and its pinned certificate signed. */
function wasFetched({ services, posted }: Visit, providerId: number): boolean {
  const text = fetchedText(providerId, typed(posted, 'metadata'));
  return services.keys.isSigned(fetchedPurpose, text, typed(posted, 'bevis'));
}

async function enable(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, right);
  const form = readForm(visit, turnOnForm);
  if (!form.ok) throw new BadRequest(form.errors.version ?? 'Åbn siden igen, og prøv dér.', 422);
  await change(visit, null, (tx, actor) =>
    turnOn(tx, actor, { providerId: idInUrl(visit), ...form.value }, mailSettingOf(visit)),
  );
  return done(visit, 'Identitetsudbyderen er slået til. Den kan vælges på login-siden inden for ti sekunder.');
}

async function showTurnOff(visit: Visit, db: ReadDb): Promise<Answer> {
  return turnOffAgain(visit, db, {});
}

async function turnOffAgain(visit: Visit, db: ReadDb, errors: FieldErrors): Promise<Page> {
  const row = await getProvider(db, idInUrl(visit));
  const users = await countLastLogins(db, row.slug);
  const isOwn = visit.signedIn.providerId === row.slug;
  return turnOffPage(row, { users, isOwn, posted: visit.draft ?? visit.posted, errors });
}

async function disable(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, right);
  const form = readForm(visit, turnOffForm);
  if (!form.ok) return readReach(visit, (db) => turnOffAgain(visit, db, form.errors));
  const { version, begrundelse: reason } = form.value;
  const providerId = idInUrl(visit);
  await change(visit, null, (tx, actor) => turnOff(tx, actor, { providerId, version, reason }, mailSettingOf(visit)));
  return done(visit, 'Identitetsudbyderen er slået fra. Ingen kan logge på gennem den.');
}

function done(visit: Visit, text: string): Answer {
  visit.services.identityProviders.forget();
  return seeOther(providersPath(`/${idInUrl(visit)}`), text);
}
