import { counted, joinedWithAnd } from '../shared/text.ts';
import type { AccessFacts, CheckedRole, CheckedUser } from './access-facts.ts';
import { levelName } from './access-facts.ts';
import { refusalWords } from '../audit/refusal-words.ts';

/** ok: green, fault: red, keeps the person out or a role from working; note: worth knowing. */
export type Check = { title: string; state: 'ok' | 'fault' | 'note'; text: string; advice: string | null };

/** Whom the page speaks to: the person, or somebody who looks after the person. */
export type Reader = 'oneself' | 'helper';

const ok = (title: string, text: string): Check => ({ title, state: 'ok', text, advice: null });
const fault = (title: string, text: string, advice: string): Check => ({ title, state: 'fault', text, advice });
const note = (title: string, text: string, advice: string | null = null): Check => ({
  title,
  state: 'note',
  text,
  advice,
});

const askAdministrator = 'Kontakt en administrator i din organisation.';

/** Everything that may keep a person out, in the order in which a login meets it. */
export function checksOf(facts: AccessFacts, reader: Reader): Check[] {
  const { user, roles } = facts;
  const checks = [
    existence(user),
    organisation(user),
    lock(user, reader),
    identity(facts),
    lastLogin(facts),
    level(facts),
    ...rolesHeld(roles, user),
    cpr(user, roles),
    units(roles),
    services(roles),
    disturbed(facts),
  ];
  return reader === 'helper' ? checks : checks.map(forOneself);
}

// One's own page leads to those who can change something.
function forOneself(check: Check): Check {
  return check.state === 'fault' ? { ...check, advice: askAdministrator } : check;
}

function existence({ deletedOn, createdOn, username }: CheckedUser): Check {
  return deletedOn === null
    ? ok('Bruger', `Findes i SEB siden ${createdOn} (SEB-brugernavn ${username}).`)
    : fault('Bruger', `Slettet ${deletedOn}.`, 'Opret brugeren igen, hvis personen stadig skal have adgang.');
}

function organisation({ organisationClosedOn }: CheckedUser): Check {
  return organisationClosedOn === null
    ? ok('Organisation', 'Organisationen er åben i SEB.')
    : fault(
        'Organisation',
        `Organisationen blev lukket ${organisationClosedOn}.`,
        'Kun systemejeren kan åbne den igen.',
      );
}

function lock(user: CheckedUser, reader: Reader): Check {
  const why = reader === 'helper' && user.lockReason !== null ? ` Årsag: ${user.lockReason.replace(/\.+$/, '')}.` : '';
  if (user.emergencyLockUntil !== null)
    return fault(
      'Spærring',
      `Nødspærret af servicedesk til ${user.emergencyLockUntil}.${why}`,
      'En organisationsadministrator kan bekræfte eller ophæve det på nødspærringens side.',
    );
  if (user.isLocked) {
    const until = user.lockedUntil === null ? 'indtil nogen låser op' : `til og med ${user.lockedUntil}`;
    return fault(
      'Spærring',
      `Spærret fra ${user.lockedFrom ?? ''}, ${until}.${why}`,
      'En administrator i organisationen kan låse brugeren op, hvis spærringen ikke længere skal gælde.',
    );
  }
  if (user.plannedLockFrom !== null)
    return note('Spærring', `Ikke spærret nu, men bliver det fra ${user.plannedLockFrom}.${why}`);
  if (user.lastWorkingDay !== null)
    return note(
      'Spærring',
      `Ikke spærret nu. Sidste arbejdsdag er ${user.lastWorkingDay}; derefter mistes roller og login.`,
    );
  return ok('Spærring', 'Ikke spærret.');
}

const identityReasons = new Set([
  'unknown',
  'uuidMissing',
  'uuidOfAnother',
  'conflict',
  'noIdentifier',
  'noCvr',
  'privatePerson',
]);

function identity({ user, refused }: AccessFacts): Check {
  const failed = refused.find((one) => one.isLatest && identityReasons.has(one.reason));
  if (failed !== undefined) {
    const { why, advice } = refusalWords(failed.reason);
    return fault('Identitet', `${why} Afvist ${failed.at}, reference ${failed.reference}.`, advice);
  }
  return user.uuid === null
    ? note(
        'Identitet',
        `Endnu ikke knyttet til et login. Ved det første login skal RID-nummeret i MitID Erhverv være præcis ${user.rid}.`,
      )
    : ok('Identitet', `Knyttet til ét login (UUID ${user.uuid}, RID-nummer ${user.rid}).`);
}

const otherReasons = new Set(['too-low-level', ...identityReasons, 'locked', 'deleted', 'organisationClosed']);

function lastLogin({ user, refused }: AccessFacts): Check {
  const last = user.lastLogin === null ? 'Har aldrig logget på.' : `Senest logget på ${user.lastLogin}.`;
  const failed = refused.find((one) => one.isLatest && !otherReasons.has(one.reason));
  if (failed === undefined) return user.lastLogin === null ? note('Login', last) : ok('Login', last);
  const { why, advice } = refusalWords(failed.reason);
  const text = `${last} Derefter afvist ${failed.at} i ${failed.portal}: ${why} Reference ${failed.reference}.`;
  return failed.reason === 'noAdministratorRole' ? note('Login', text, advice) : fault('Login', text, advice);
}

function level({ user, refused }: AccessFacts): Check {
  const failed = refused.find((one) => one.isLatest && one.reason === 'too-low-level');
  if (failed !== undefined) {
    const needed = failed.requiredLevel === null ? '' : `, og SEB kræver ${levelName(failed.requiredLevel)}`;
    return fault(
      'Sikringsniveau',
      `Det seneste login var på niveau ${levelName(failed.level ?? 'ukendt')}${needed}. Afvist ${failed.at}, reference ${failed.reference}.`,
      refusalWords('too-low-level').advice,
    );
  }
  return user.lastLevel === null
    ? note('Sikringsniveau', 'Ukendt, til personen har logget på første gang.')
    : ok('Sikringsniveau', `Det seneste login var på niveau ${levelName(user.lastLevel)}.`);
}

const active = (roles: readonly CheckedRole[]): CheckedRole[] => roles.filter(({ state }) => state === 'active');

function rolesHeld(roles: CheckedRole[], user: CheckedUser): Check[] {
  const now = active(roles);
  const future = roles.filter(({ state }) => state === 'future');
  const ended = roles.filter(({ state }) => state === 'ended');
  const held =
    now.length > 0
      ? ok('Roller nu', `${counted(now.length, 'rolle', 'roller')} gælder nu.`)
      : user.isAdministrator
        ? note('Roller nu', 'Ingen roller til sundhedstjenester gælder nu. Personen er administrator i SEB.')
        : fault('Roller nu', 'Ingen roller gælder nu.', 'Tildel de roller, som personen har brug for.');
  return [
    held,
    ...(future.length === 0 ? [] : [note('Roller senere', `${listed(future, (role) => `fra ${role.validFrom}`)}.`)]),
    ...(ended.length === 0
      ? []
      : [
          note(
            'Udløbne roller',
            `${listed(ended, (role) => `til og med ${role.validTo ?? ''}`)}.`,
            'Tildel rollen igen, hvis personen stadig har brug for den.',
          ),
        ]),
  ];
}

function cpr(user: CheckedUser, roles: CheckedRole[]): Check {
  const needing = active(roles).filter(({ needsCpr }) => needsCpr);
  if (needing.length === 0) return ok('CPR-nummer', 'Ingen af rollerne, der gælder nu, kræver CPR-nummer i login.');
  const names = listed(needing, () => null);
  if (user.lastCarriedCpr === null)
    return note('CPR-nummer', `Ukendt, til personen har logget på. Kræves af: ${names}.`);
  return user.lastCarriedCpr
    ? ok('CPR-nummer', `Det seneste login havde CPR-nummer, som kræves af: ${names}.`)
    : fault(
        'CPR-nummer',
        `Det seneste login havde ikke CPR-nummer, så disse roller virker ikke: ${names}.`,
        'Organisationens MitID Erhverv-administrator skal knytte CPR-nummer til medarbejderen. Derefter skal personen logge på igen.',
      );
}

function units(roles: CheckedRole[]): Check {
  const bad = active(roles).filter((role) => role.unitClosedOn !== null || role.unitIsAnothers);
  if (bad.length === 0) return ok('SOR-enheder', 'Rollernes SOR-enheder er åbne og organisationens egne.');
  const why = (role: CheckedRole): string =>
    role.unitClosedOn === null ? 'hører nu til en anden organisation' : `lukket ${role.unitClosedOn}`;
  const text = listed(bad, (role) => `${role.unitName ?? role.sorCode ?? ''}, ${why(role)}`);
  return fault('SOR-enheder', `${text}.`, 'Flyt rollerne til en af organisationens åbne enheder.');
}

function services(roles: CheckedRole[]): Check {
  const retired = active(roles).filter(({ isRetired }) => isRetired);
  const withdrawn = active(roles).filter((role) => role.rightIsWithdrawn && !role.isRetired);
  if (retired.length > 0)
    return fault(
      'Services',
      `Udgået: ${listed(retired, () => null)}.`,
      'Tildel den rolle, der er kommet i stedet, eller spørg servicedesk.',
    );
  if (withdrawn.length > 0)
    return note('Services', `Organisationen kan ikke længere tildele: ${listed(withdrawn, () => null)}.`);
  return ok('Services', 'Rollernes services er i brug.');
}

function disturbed({ disruptions }: AccessFacts): Check {
  if (disruptions.length === 0) return ok('Driftsstatus', 'Ingen driftsforstyrrelser på rollernes services.');
  const text = disruptions.map(({ title, concerns, period }) => `${title} (${concerns}), ${period}`).join('; ');
  return note('Driftsstatus', `${text}.`, 'Vent, til forstyrrelsen er ovre. Se driftsstatus.');
}

const mostNamed = 8;

function listed(roles: CheckedRole[], more: (role: CheckedRole) => string | null): string {
  const named = roles.slice(0, mostNamed).map((role) => {
    const about = more(role);
    return `${role.roleName} i ${role.serviceName}${about === null ? '' : ` (${about})`}`;
  });
  const rest = roles.length - named.length;
  return joinedWithAnd(rest === 0 ? named : [...named, counted(rest, 'rolle til', 'roller til')]);
}
