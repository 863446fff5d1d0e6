import { asJob } from '../bulk-orders/bulk-order.ts';
import type { Posted } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { dayInDenmark } from '../shared/dates.ts';
import { counted, formatNumber, joinedWithAnd } from '../shared/text.ts';
import { organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { Judged } from './assign-judgement.ts';
import { assignFields, assignPath, chosenModel, unitModel } from './assign.pages.ts';
import type { CountedUnit, InTheWay, PreviewRow, WithoutCpr } from './assign.queries.ts';
import { periodOf, placementText, scopeNames, scopeText } from './assignment.ts';
import { periodText } from './period.ts';
import type { Chosen, Selection } from './selection.ts';
import { selectionFields } from './selection.ts';

export const alreadyShown = 20;
export const cprNamesShown = 10;

type Preview = {
  organisation: AddressedOrganisation;
  selection: Selection;
  chosen: Chosen;
  judged: Judged;
  units: CountedUnit[];
  rows: PreviewRow[];
  already: InTheWay[];
  withoutCpr: WithoutCpr;
  posted: Posted;
  /** Something changed since the preview that was sent. */
  isOutdated: boolean;
  /** More assignments than this are carried out by a job. */
  mostAtOnce: number;
};

/** What "Gem" will do, in words and numbers, before anything is saved. */
export function assignPreviewPage(preview: Preview): Page {
  const { organisation, selection, chosen, judged, units, rows, already, posted, isOutdated } = preview;
  const { grants, roles, input } = judged;
  const added = rows.reduce((sum, row) => sum + row.added, 0);
  const alreadyThere = rows.reduce((sum, row) => sum + row.alreadyThere, 0);
  const fields = assignFields(posted);
  const shown = page(
    'role-assignments/assign-preview',
    'Gennemse tildelingen',
    {
      organisation: { line: organisationLine(organisation) },
      isOutdated,
      ...chosenModel(chosen),
      summary: summaryOf(preview),
      period: periodText(grants, dayInDenmark()),
      reason: input.begrundelse,
      caseNumber: input.sagsnummer,
      figures: [
        { label: 'Nye tildelinger', value: formatNumber(added) },
        { label: 'Findes i forvejen', value: formatNumber(alreadyThere) },
        { label: 'Brugere, der ikke kan få roller', value: formatNumber(chosen.leftOut.length) },
      ],
      rows: rows.map((row) => ({
        ...row,
        placement: placementText(row),
        added: formatNumber(row.added),
        alreadyThere: formatNumber(row.alreadyThere),
      })),
      scopeName: scopeNames[grants.scope],
      coversSubunits: grants.scope === 'UNIT_AND_SUBUNITS',
      units: units.map(unitModel),
      already: already.slice(0, alreadyShown).map((row) => ({
        ...row,
        text: [row.roleName, placementText(row), scopeText(row), periodOf(row)].filter(Boolean).join(', '),
        href: usersPath(organisation, `/${row.userId}/roller/${row.assignmentId}`),
      })),
      alreadyText: counted(alreadyThere, 'tildeling', 'tildelinger'),
      otherAlready: Math.max(0, alreadyThere - alreadyShown),
      cprWarning: cprWarning(roles, preview.withoutCpr),
      asJob: asJob(added, preview.mostAtOnce),
      maySave: added > 0,
      saveText: `Gem ${counted(added, 'ny tildeling', 'nye tildelinger')}`,
      fields: [...fields, ['antal', String(chosen.receivers.length)], ['nye', String(added)]],
      backFields: [...selectionFields(selection), ...fields],
      paths: { form: assignPath(organisation), save: savePath(preview), list: usersPath(organisation) },
    },
    usersCrumbs(organisation),
  );
  return isOutdated ? rejected(shown, 409) : shown;
}

// The selection and the service stay in the address, so that the form can be shown again after a new login.
function savePath({ organisation, selection, judged }: Preview): string {
  const fields = [...selectionFields(selection), ['tildelservice', String(judged.input.tildelservice)]];
  return assignPath(organisation, `?${new URLSearchParams(fields).toString()}`);
}

function summaryOf({ chosen, judged: { roles, units } }: Preview): string {
  const names = roles.map((role) => role.name);
  const where = units.length === 0 ? '' : ` ved ${counted(units.length, 'SOR-enhed', 'SOR-enheder')}`;
  return `${counted(chosen.receivers.length, 'bruger', 'brugere')} får ${counted(roles.length, 'rolle', 'roller')}${where}: ${joinedWithAnd(names)}.`;
}

/** Roles that need a CPR number work only for logins that carry one; null when nobody is concerned. */
export function cprWarning(
  roles: readonly { name: string; needsCpr: boolean }[],
  { count, names }: WithoutCpr,
): string | null {
  const needing = [...new Set(roles.filter((role) => role.needsCpr).map((role) => role.name))];
  if (needing.length === 0 || count === 0) return null;
  const others = count > names.length ? ` og ${formatNumber(count - names.length)} andre` : '';
  return `${joinedWithAnd(needing)} kræver CPR-nummer i brugerens login. Sidste login uden CPR-nummer: ${names.join(', ')}${others}. Rollen kan tildeles, men virker først efter et login med CPR-nummer.`;
}
