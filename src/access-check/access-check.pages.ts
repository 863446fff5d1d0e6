import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import { counted, formatCvr } from '../shared/text.ts';
import { organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { Meant } from './access-check.queries.ts';
import type { AccessFacts, RefusedLogin } from './access-facts.ts';
import { levelName } from './access-facts.ts';
import type { Check } from './checks.ts';
import { checksOf } from './checks.ts';
import { refusalWords } from '../audit/refusal-words.ts';

export const searchPath = '/adgangstjek';
const portalNames = { sebadmin: 'SEB brugeradministration', sebanmod: 'SEB for brugere' };
const stateNames: Record<Check['state'], string> = { ok: 'I orden', fault: 'Fejl', note: 'Bemærk' };

export function checkPath(organisation: { cvr: string }, userId: number): string {
  return usersPath(organisation, `/${userId}/adgangstjek`);
}

/** The checks with what they come to in one sentence. */
function verdictModel(checks: Check[]): object {
  const faults = checks.filter(({ state }) => state === 'fault').length;
  return {
    verdict:
      faults === 0
        ? 'Der er ikke fundet fejl, der forhindrer login eller roller i SEB.'
        : `${counted(faults, 'ting', 'ting')} kan forhindre adgang.`,
    hasFaults: faults > 0,
    checks: checks.map((check) => ({ ...check, stateName: stateNames[check.state] })),
  };
}

/** Hvorfor kan personen ikke komme ind? of a user, for whoever looks after the organisation. */
export function userCheckPage(organisation: { name: string; cvr: string }, facts: AccessFacts): Page {
  const { user, refused } = facts;
  const isThere = user.deletedOn === null;
  return page(
    'access-check/user',
    'Adgangstjek',
    {
      organisation: { line: organisationLine(organisation) },
      user: { name: fullName(user) },
      ...verdictModel(checksOf(facts, 'helper')),
      refused: refused.map((one) => ({
        ...one,
        portalName: portalNames[one.portal],
        why: refusalWords(one.reason).why,
        href: `${searchPath}?reference=${one.reference}`,
      })),
      paths: { user: isThere ? usersPath(organisation, `/${user.id}`) : null },
    },
    usersCrumbs(organisation, isThere ? user : null),
  );
}

/** The same for oneself, in sebanmod. */
export function ownCheckPage(facts: AccessFacts): Page {
  return page(
    'access-check/own',
    'Virker mine adgange?',
    { name: fullName(facts.user), ...verdictModel(checksOf(facts, 'oneself')) },
    [{ label: 'Mine adgange', href: '/' }],
  );
}

type Found = { refused: RefusedLogin; meant: Meant[]; facts: AccessFacts | null };

/** Search by the reference number of a refused login: what came, why it was refused, and the checks of whom it meant. */
export function searchedPage(actor: Actor, typedText: string, found: Found | null): Page {
  return page(
    'access-check/search',
    'Hvorfor kan personen ikke komme ind?',
    {
      typed: typedText,
      isMissing: found === null && typedText !== '',
      seesAll: actor.systemRoles.length > 0,
      found: found === null ? null : foundModel(actor, found),
      searchPath,
    },
    [home],
  );
}

function foundModel(actor: Actor, { refused, meant, facts }: Found): object {
  return {
    ...refusalWords(refused.reason),
    reference: refused.reference,
    at: refused.at,
    portalName: portalNames[refused.portal],
    arrived: arrivedRows(refused),
    meant: meant.map((user) => ({
      name: fullName(user),
      isDeleted: user.isDeleted,
      check: can(actor, 'accessCheck.view', {
        organisationId: user.organisationId,
        user: { ...user, isAdministrator: false },
      })
        ? checkPath(user, user.id)
        : null,
    })),
    isUnknown: meant.length === 0 && refused.organisationId !== null,
    of: facts === null ? null : { name: fullName(facts.user), ...verdictModel(checksOf(facts, 'helper')) },
  };
}

function arrivedRows(refused: RefusedLogin): { label: string; value: string }[] {
  const { name, organisationName, cvr, rid, uuid, provider, level, requiredLevel, carriedCpr } = refused;
  const rows: [string, string | null][] = [
    ['Navn', name],
    ['Organisation', organisationName],
    ['CVR-nummer', cvr === null ? null : formatCvr(cvr)],
    ['RID-nummer', rid],
    ['UUID', uuid],
    ['Loginudbyder', provider],
    ['Sikringsniveau', level === null ? null : levelName(level)],
    ['SEB kræver mindst', requiredLevel === null ? null : levelName(requiredLevel)],
    ['CPR-nummer i login', carriedCpr === null ? null : carriedCpr ? 'Ja' : 'Nej'],
  ];
  return rows.flatMap(([label, value]) => (value === null || value === '' ? [] : [{ label, value }]));
}
