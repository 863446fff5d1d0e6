import { readRegistration } from '../agreements/agreement-registration.forms.ts';
import { appointableFrom } from '../agreements/agreement.ts';
import { listOpenServices } from '../agreements/agreements.queries.ts';
import { noFile, signedFileOf, signedForm, withFile } from '../agreements/upload.ts';
import type { Company } from '../cvr/company.ts';
import type { FieldErrors } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readWithin } from '../pages/visit.ts';
import { isCvr } from '../shared/danish-numbers.ts';
import { BadRequest, FieldRefused } from '../shared/errors.ts';
import type { Contact } from './organisation.ts';
import { organisationPath } from './organisation.ts';
import { readContacts } from './organisation-contacts.forms.ts';
import { createOrganisation } from './organisation-creation.changes.ts';
import { chooseCvrPage, creationPage, creationPath, creationRows } from './organisation-creation.pages.ts';
import { findByCvr } from './organisations.queries.ts';

export const organisationCreationRoutes: Route[] = [
  // Not by `get`: the register is asked before the database, so that no transaction waits for it.
  {
    method: 'get',
    audience: 'signedIn',
    right: 'own',
    freshLogin: false,
    path: creationPath,
    access: 'organisation.create',
    body: null,
    answer: show,
  },
  post(creationPath, 'organisation.create', create, signedForm),
];

type LookedUp = { ok: true; company: Company } | { ok: false; message: string; href: string | null };

async function show(visit: Visit): Promise<Answer> {
  const cvr = cvrIn(typed(visit.query, 'cvr') || typed(visit.draft ?? {}, 'cvr'));
  if (cvr === '') return chooseCvrPage(visit.actor, '', null);
  const known = await readWithin(visit, 'all', (db) => findByCvr(db, cvr));
  if (known !== null)
    return chooseCvrPage(visit.actor, cvr, {
      message: `${known.name} er allerede oprettet i SEB.`,
      href: organisationPath(known),
    });
  const found = await lookUp(visit, cvr);
  return found.ok ? form(visit, found.company, {}, 200) : chooseCvrPage(visit.actor, cvr, found);
}

/** "39 91 00 12" is read as people write it. */
function cvrIn(text: string): string {
  return text.replace(/[\s.]+/g, '').slice(0, 20);
}

async function lookUp(visit: Visit, cvr: string): Promise<LookedUp> {
  const refused = (message: string): LookedUp => ({ ok: false, message, href: null });
  const { services } = visit;
  if (!isCvr(cvr, services.cvrCheck)) return refused('Skriv et rigtigt CVR-nummer med otte cifre');
  const answer = await services.cvr.find(cvr);
  if (answer.kind === 'unknown') return refused('CVR kender ikke nummeret. Kontrollér det på blanketten');
  if (answer.kind === 'unavailable') {
    services.log.warn({ reference: visit.reference, fault: answer.fault }, 'CVR could not be asked');
    return refused('CVR svarer ikke lige nu, så navnet kan ikke slås op. Prøv igen om lidt');
  }
  if (answer.company.isCeased)
    return refused(`${answer.company.name} er ophørt i CVR og kan ikke oprettes. Kontrollér nummeret på blanketten`);
  return { ok: true, company: answer.company };
}

async function form(visit: Visit, company: Company, errors: FieldErrors, status: number): Promise<Answer> {
  const services = await readWithin(visit, 'all', listOpenServices);
  const posted = visit.draft ?? visit.posted;
  return creationPage({ actor: visit.actor, company, services, posted, errors, status });
}

async function create(visit: Visit): Promise<Answer> {
  const cvr = cvrIn(typed(visit.posted, 'cvr'));
  const found = await lookUp(visit, cvr);
  if (!found.ok) return chooseCvrPage(visit.actor, cvr, found);
  const { company } = found;
  const registration = readRegistration(visit.posted, 1);
  const security = readContacts(visit.posted, creationRows);
  if (!registration.ok || !security.ok) {
    const errors = { ...(registration.ok ? {} : registration.errors), ...(security.ok ? {} : security.errors) };
    return form(visit, company, { ...errors, ...(visit.upload === null ? { fil: noFile } : {}) }, 422);
  }
  try {
    const file = await signedFileOf(visit);
    const contacts = [...security.value, ...registration.value.contacts.map(asContact)];
    const created = await change(withFile(visit, file), null, (tx, actor) =>
      createOrganisation(tx, actor, { company, contacts, signed: { registration: registration.value, file } }),
    );
    return seeOther(
      organisationPath(created, `/aftaler/${created.agreementId}`),
      `${company.name} er oprettet. ${nextStep(registration.value)}`,
    );
  } catch (error) {
    if (error instanceof FieldRefused) return chooseCvrPage(visit.actor, cvr, error);
    if (error instanceof BadRequest) return form(visit, company, { fil: error.message }, error.status);
    throw error;
  }
}

function nextStep(registration: { validFrom: string }): string {
  const from = appointableFrom(registration);
  return from === null
    ? 'Udpeg nu den organisationsadministrator, som aftalen nævner.'
    : `Den organisationsadministrator, som aftalen nævner, kan udpeges fra ${from}, når aftalen gælder.`;
}

function asContact({ name, email }: { name: string; email: string }, place: number): Contact {
  return { kind: 'CONTACT', position: place + 1, name, title: null, email, phone: null };
}
