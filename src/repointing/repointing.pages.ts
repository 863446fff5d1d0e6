import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import type { ChosenUnit } from '../role-assignments/assign.queries.ts';
import { faultOfUnit } from '../role-assignments/assign.queries.ts';
import { scopeNames } from '../role-assignments/assignment.ts';
import { danishDay } from '../shared/dates.ts';
import { counted, formatNumber } from '../shared/text.ts';
import { errorList, organisationLine, usersPath } from '../users/users.pages.ts';
import type { Move } from './judgement.ts';
import type { AssignmentAt, UnusableUnit } from './repointing.queries.ts';

export function unitsPath({ cvr }: { cvr: string }, rest = ''): string {
  return `/organisationer/${cvr}/lukkede-enheder${rest}`;
}
const movePath = (organisation: { cvr: string }, code: string, rest = ''): string =>
  unitsPath(organisation, `/${code}/flyt${rest}`);

const crumbs = (organisation: { cvr: string }) => [home, { label: 'Lukkede enheder', href: unitsPath(organisation) }];

function whyUnusable({ closedOn, isAnothers }: UnusableUnit): string {
  if (closedOn !== null) return `Lukket ${closedOn}`;
  return isAnothers ? 'Hører nu til en anden organisation' : 'Åben';
}

/** "7 tildelinger peger på enheder, der er lukket eller har fået en anden ejer" */
export function unusableText(assignments: number): string {
  return `${counted(assignments, 'tildeling peger', 'tildelinger peger')} på enheder, der er lukket eller har fået en anden ejer`;
}

/** Lukkede enheder: which units assignments still point at, with how many. */
export function unusableUnitsPage(organisation: AddressedOrganisation, units: UnusableUnit[], mayMove: boolean): Page {
  const assignments = units.reduce((sum, unit) => sum + unit.assignments, 0);
  return page(
    'repointing/index',
    'Lukkede enheder',
    {
      organisation: { line: organisationLine(organisation) },
      summary: assignments === 0 ? null : `${unusableText(assignments)}.`,
      mayMove,
      rows: units.map((unit) => ({
        ...unit,
        why: whyUnusable(unit),
        assignmentsText: formatNumber(unit.assignments),
        usersText: formatNumber(unit.users),
        href: movePath(organisation, unit.code),
      })),
      paths: { changes: `/organisationer/${organisation.cvr}/sor/aendringer` },
    },
    [home],
  );
}

type Chooser = {
  organisation: AddressedOrganisation;
  unit: UnusableUnit;
  assignments: AssignmentAt[];
  target: ChosenUnit | null;
  posted: Posted;
  errors: FieldErrors;
};

const mostListed = 200;

/** Flyt til: the new unit, which assignments, and why. */
export function movePage({ organisation, unit, assignments, target, posted, errors }: Chooser): Page {
  const ticked = new Set(typedList(posted, 'tildeling'));
  const shown = page(
    'repointing/move',
    `Flyt tildelinger fra ${unit.name}`,
    {
      organisation: { line: organisationLine(organisation) },
      unit: { ...unit, why: whyUnusable(unit), assignmentsText: counted(unit.assignments, 'tildeling', 'tildelinger') },
      sor: typed(posted, 'sor'),
      target: target === null || faultOfUnit(target) !== null ? null : target.unit,
      choice: typed(posted, 'valg') || 'alle',
      rows: assignments
        .slice(0, mostListed)
        .map((row) => ({ ...assignmentLine(row), isTicked: ticked.has(String(row.id)) })),
      others: Math.max(0, unit.assignments - mostListed),
      why: [
        fieldOf(
          {
            name: 'begrundelse',
            label: 'Begrundelse',
            isRequired: true,
            hint: 'Står i ændringsloggen ved hver tildeling. Skriv ikke CPR-numre.',
          },
          { ...posted, begrundelse: typed(posted, 'begrundelse') || defaultReason(unit) },
          errors,
        ),
        fieldOf({ name: 'sagsnummer', label: 'Sagsnummer' }, posted, errors),
      ],
      errors: errorList(errors),
      errorOf: errors,
      paths: {
        form: movePath(organisation, unit.code),
        preview: movePath(organisation, unit.code, '/gennemse'),
        picker: `/organisationer/${organisation.cvr}/sor`,
        find: `/organisationer/${organisation.cvr}/sor/find`,
        back: unitsPath(organisation),
      },
    },
    crumbs(organisation),
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function defaultReason({ name, closedOn }: UnusableUnit): string {
  return closedOn === null ? `SOR-enheden ${name} har fået en anden ejer` : `SOR-enheden ${name} er lukket`;
}

function assignmentLine(row: AssignmentAt): { id: number; user: string; [more: string]: string | number } {
  const { id, user, roleName, serviceName, scope, startsOn, endsOn } = row;
  const period = endsOn === null ? `Fra ${danishDay(startsOn)}` : `${danishDay(startsOn)} – ${danishDay(endsOn)}`;
  return { id, user: fullName(user), roleName, serviceName, scopeName: scopeNames[scope], period };
}

type Preview = { organisation: AddressedOrganisation; move: Move; posted: Posted; isOutdated: boolean };

/** What moving will do to each assignment, before anything is. */
export function movePreviewPage({ organisation, move, posted, isOutdated }: Preview): Page {
  const { unit, target, movable, staying, mark } = move;
  const fields: [string, string][] = [
    ['sor', target.code],
    ['valg', typed(posted, 'valg')],
    ...typedList(posted, 'tildeling').map((id): [string, string] => ['tildeling', id]),
    ['begrundelse', typed(posted, 'begrundelse')],
    ['sagsnummer', typed(posted, 'sagsnummer')],
  ];
  const shown = page(
    'repointing/preview',
    'Gennemse flytningen',
    {
      organisation: { line: organisationLine(organisation) },
      isOutdated,
      from: `${unit.name} (${unit.code})`,
      to: `${target.unit?.name ?? ''} (${target.code})`,
      figures: [
        { label: 'Tildelinger, der flyttes', value: formatNumber(movable.length) },
        { label: 'Brugere', value: formatNumber(new Set(movable.map(({ user }) => user.id)).size) },
        { label: 'Bliver, hvor de er', value: formatNumber(staying.length) },
      ],
      rows: [
        ...staying.map(({ assignment, reason }) => ({ ...lineWithLink(organisation, assignment), reason })),
        ...movable.slice(0, mostListed).map((row) => ({ ...lineWithLink(organisation, row), reason: null })),
      ],
      others: Math.max(0, movable.length - mostListed),
      mayMove: movable.length > 0,
      buttonText: `Flyt ${counted(movable.length, 'tildeling', 'tildelinger')}`,
      fields: [...fields, ['maerke', mark]],
      backFields: fields,
      paths: { form: movePath(organisation, unit.code), back: unitsPath(organisation) },
    },
    crumbs(organisation),
  );
  return isOutdated ? rejected(shown, 409) : shown;
}

function lineWithLink(organisation: AddressedOrganisation, row: AssignmentAt): object {
  return { ...assignmentLine(row), href: usersPath(organisation, `/${row.user.id}/roller`) };
}
