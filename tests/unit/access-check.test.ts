import { describe, expect, it } from 'vitest';
import type {
  AccessFacts,
  CheckedRole,
  CheckedUser,
  Disruption,
  RefusedLogin,
} from '../../src/access-check/access-facts.ts';
import { asReference } from '../../src/access-check/access-check.routes.ts';
import type { Check } from '../../src/access-check/checks.ts';
import { checksOf } from '../../src/access-check/checks.ts';
import { refusalWords } from '../../src/audit/refusal-words.ts';
import { refusalReasons } from '../../src/sign-in/saml/refusal.ts';

const user: CheckedUser = {
  id: 1,
  firstName: 'Åse',
  lastName: 'Østergård',
  rid: '0012',
  username: 'asos100001',
  uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4',
  createdOn: '01-02-2024',
  deletedOn: null,
  isLocked: false,
  lockedFrom: null,
  lockedUntil: null,
  plannedLockFrom: null,
  lockReason: null,
  emergencyLockUntil: null,
  lastWorkingDay: null,
  isAdministrator: false,
  organisationClosedOn: null,
  lastLogin: '20-11-2026 kl. 08.00',
  lastLevel: 'Substantial',
  lastCarriedCpr: true,
};
const role: CheckedRole = {
  roleName: 'Læge',
  serviceId: 7,
  serviceName: 'FMK',
  sorCode: '90000031000016005',
  unitName: 'Kirurgi',
  state: 'active',
  validFrom: '01-01-2026',
  validTo: null,
  needsCpr: true,
  isRetired: false,
  rightIsWithdrawn: false,
  unitClosedOn: null,
  unitIsAnothers: false,
};
const refusal: RefusedLogin = {
  reference: '7F3K-22QX-9ABM',
  at: '21-11-2026 kl. 09.00',
  isLatest: true,
  portal: 'sebanmod',
  reason: 'locked',
  provider: 'NemLog-in',
  cvr: '39910012',
  organisationName: 'Region Eksempel',
  organisationId: 1,
  level: 'Low',
  requiredLevel: 'Substantial',
  carriedCpr: false,
  name: 'Åse Østergård',
  uuid: null,
  rid: '0012',
};

type Changed = {
  user?: Partial<CheckedUser>;
  roles?: Partial<CheckedRole>[];
  refused?: Partial<RefusedLogin>[];
  disruptions?: Disruption[];
};
function factsWith({ user: changed = {}, roles = [{}], refused = [], disruptions = [] }: Changed): AccessFacts {
  return {
    user: { ...user, ...changed },
    roles: roles.map((one) => ({ ...role, ...one })),
    refused: refused.map((one) => ({ ...refusal, ...one })),
    disruptions,
  };
}

function checkOf(title: string, changed: Changed): Check | undefined {
  return checksOf(factsWith(changed), 'helper').find((check) => check.title === title);
}

it('finds nothing wrong with somebody for whom all is well', () => {
  expect(checksOf(factsWith({}), 'helper').map(({ state }) => state)).toEqual(Array(11).fill('ok'));
});

describe.each<[string, Changed, Check['state'], string]>([
  ['Bruger', { user: { deletedOn: '02-03-2026' } }, 'fault', 'Slettet 02-03-2026'],
  ['Organisation', { user: { organisationClosedOn: '02-03-2026' } }, 'fault', 'lukket 02-03-2026'],
  [
    'Spærring',
    { user: { isLocked: true, lockedFrom: '01-11-2026', lockedUntil: '30-11-2026', lockReason: 'Orlov.' } },
    'fault',
    'Spærret fra 01-11-2026, til og med 30-11-2026. Årsag: Orlov.',
  ],
  ['Spærring', { user: { isLocked: true, lockedFrom: '01-11-2026' } }, 'fault', 'indtil nogen låser op'],
  [
    'Spærring',
    { user: { isLocked: true, emergencyLockUntil: '24-11-2026 kl. 08.00' } },
    'fault',
    'Nødspærret af servicedesk til 24-11-2026 kl. 08.00',
  ],
  ['Spærring', { user: { plannedLockFrom: '01-12-2026' } }, 'note', 'bliver det fra 01-12-2026'],
  ['Spærring', { user: { lastWorkingDay: '31-12-2026' } }, 'note', 'Sidste arbejdsdag er 31-12-2026'],
  ['Identitet', { user: { uuid: null } }, 'note', 'præcis 0012'],
  ['Identitet', { refused: [{ reason: 'uuidOfAnother' }] }, 'fault', 'knyttet til et andet login'],
  ['Identitet', { refused: [{ reason: 'uuidOfAnother', isLatest: false }] }, 'ok', 'Knyttet til ét login'],
  ['Login', { user: { lastLogin: null } }, 'note', 'aldrig'],
  ['Login', { refused: [{ reason: 'cancelled' }] }, 'fault', 'Derefter afvist'],
  ['Login', { refused: [{ reason: 'noAdministratorRole' }] }, 'note', 'ikke administrator'],
  ['Sikringsniveau', { refused: [{ reason: 'too-low-level' }] }, 'fault', 'på niveau Lav, og SEB kræver Betydelig'],
  ['Sikringsniveau', { user: { lastLevel: null } }, 'note', 'Ukendt'],
  ['CPR-nummer', { user: { lastCarriedCpr: false } }, 'fault', 'virker ikke: Læge i FMK'],
  ['CPR-nummer', { user: { lastCarriedCpr: false }, roles: [{ needsCpr: false }] }, 'ok', 'Ingen af rollerne'],
  ['CPR-nummer', { user: { lastCarriedCpr: null } }, 'note', 'Kræves af: Læge i FMK'],
  ['Roller nu', { roles: [{ state: 'future' }] }, 'fault', 'Ingen roller gælder nu'],
  ['Roller nu', { roles: [], user: { isAdministrator: true } }, 'note', 'administrator i SEB'],
  [
    'Roller senere',
    { roles: [{}, { state: 'future', validFrom: '01-12-2026' }] },
    'note',
    'Læge i FMK (fra 01-12-2026)',
  ],
  ['Udløbne roller', { roles: [{}, { state: 'ended', validTo: '01-10-2026' }] }, 'note', 'til og med 01-10-2026'],
  ['SOR-enheder', { roles: [{ unitClosedOn: '01-10-2026' }] }, 'fault', 'Kirurgi, lukket 01-10-2026'],
  ['SOR-enheder', { roles: [{ unitIsAnothers: true }] }, 'fault', 'hører nu til en anden organisation'],
  ['SOR-enheder', { roles: [{}, { state: 'ended', unitClosedOn: '01-10-2026' }] }, 'ok', 'åbne'],
  ['Services', { roles: [{ isRetired: true }] }, 'fault', 'Udgået: Læge i FMK'],
  ['Services', { roles: [{ rightIsWithdrawn: true }] }, 'note', 'kan ikke længere tildele'],
  [
    'Driftsstatus',
    { disruptions: [{ title: 'FMK er ustabil', concerns: 'FMK', period: 'fra 22-11-2026 kl. 08.00 indtil videre' }] },
    'note',
    'FMK er ustabil (FMK), fra 22-11-2026 kl. 08.00 indtil videre.',
  ],
])('%s with %j', (title, changed, state, text) => {
  it(`is ${state}: ${text}`, () => {
    const check = checkOf(title, changed);
    expect(check?.state).toBe(state);
    expect(check?.text).toContain(text);
    if (state === 'fault') expect(check?.advice).toMatch(/[.]$/);
  });
});

it('tells a person oneself neither the reason of a lock nor what only administrators can do', () => {
  const facts = factsWith({ user: { isLocked: true, lockedFrom: '01-11-2026', lockReason: 'Mistanke' } });
  const [faulty] = checksOf(facts, 'oneself').filter(({ state }) => state === 'fault');
  expect(faulty?.text).not.toContain('Mistanke');
  expect(faulty?.advice).toContain('Kontakt en administrator');
});

it('names at most eight roles', () => {
  const roles = Array.from({ length: 20 }, () => ({ state: 'ended' as const }));
  expect(checkOf('Udløbne roller', { roles: [{}, ...roles] })?.text).toContain('og 12 roller til');
});

it.each([
  ['7f3k-22qx-9abm', '7F3K-22QX-9ABM'],
  [' 7F3K22QX 9ABM ', '7F3K-22QX-9ABM'],
  ['7F3K-22QX', null],
  ["' or 1=1 --", null],
  ['', null],
])('reads %j as the reference %j', (text, reference) => {
  expect(asReference(text)).toBe(reference);
});

it('has words for every reason that a login can be refused for', () => {
  for (const reason of refusalReasons) expect(refusalWords(reason).why).not.toContain('Ukendt årsag');
  expect(refusalWords('made-up').why).toContain('made-up');
});
