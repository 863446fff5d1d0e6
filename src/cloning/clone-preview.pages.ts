import type { Posted } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import { fullName } from '../permissions/actor.ts';
import { chosenModel } from '../role-assignments/assign.pages.ts';
import { cprWarning } from '../role-assignments/assign-preview.pages.ts';
import type { WithoutCpr } from '../role-assignments/assign.queries.ts';
import { asJob } from '../bulk-orders/bulk-order.ts';
import { periodOf, placementText, scopeText } from '../role-assignments/assignment.ts';
import { counted, formatNumber } from '../shared/text.ts';
import type { User } from '../users/user.ts';
import { organisationLine, usersCrumbs, usersPath } from '../users/users.pages.ts';
import type { Between, CloneOutlook } from './clone-outlook.ts';
import { totalsOf } from './clone-outlook.ts';
import { cloneFields } from './cloning.forms.ts';
import { clonePath } from './cloning.pages.ts';

type Preview = {
  between: Between;
  user: User;
  outlook: CloneOutlook;
  isReplacing: boolean;
  withoutCpr: WithoutCpr;
  posted: Posted;
  isOutdated: boolean;
  /** More assignments than this are carried out by a job. */
  mostAtOnce: number;
};

/** What "Klon" will do, receiver by receiver, before anything is saved. */
export function clonePreviewPage(preview: Preview): Page {
  const { between, user, outlook, isReplacing, posted, isOutdated } = preview;
  const { chosen, plan, rows } = outlook;
  const totals = totalsOf(rows);
  const path = clonePath(between.from, user.id);
  const fields = cloneFields(posted);
  const counts: [string, string][] = [
    ['antal', String(chosen.receivers.length)],
    ['nye', String(totals.added)],
    ['fjernes', String(totals.withdrawn)],
  ];
  const shown = page(
    'cloning/clone-preview',
    'Gennemse kloningen',
    {
      organisation: { line: organisationLine(between.from) },
      to: { line: organisationLine(between.to) },
      user: { name: fullName(user) },
      isOutdated,
      isReplacing,
      ...chosenModel(chosen),
      summary: `${counted(plan.given.length, 'rolle', 'roller')} klones til ${counted(chosen.receivers.length, 'bruger', 'brugere')} i ${between.to.name}.`,
      figures: [
        { label: 'Nye tildelinger', value: formatNumber(totals.added) },
        { label: 'Findes i forvejen', value: formatNumber(totals.alreadyThere) },
        { label: 'Tildelinger, der fjernes', value: formatNumber(totals.withdrawn) },
      ],
      cprWarning: cprWarning(
        plan.given.map(({ role }) => ({ name: role.roleName, needsCpr: role.needsCpr })),
        preview.withoutCpr,
      ),
      given: plan.given.map(({ role, ...placed }) => ({
        ...role,
        placement: placementText(placed),
        scopeName: scopeText({ ...placed, scope: role.scope }) ?? '–',
        period: periodOf(role),
      })),
      leftOutRoles: plan.leftOut.map(({ role, reason }) => ({
        name: role.roleName,
        placement: placementText(role),
        reason,
      })),
      rows: chosen.receivers.map((receiver) => {
        const { added = 0, alreadyThere = 0, withdrawn = 0 } = rows.find((row) => row.userId === receiver.id) ?? {};
        return { name: fullName(receiver), email: receiver.email, added, alreadyThere, withdrawn };
      }),
      asJob: asJob(totals.added + totals.withdrawn, preview.mostAtOnce),
      maySave: totals.added + totals.withdrawn > 0 && plan.given.length > 0,
      fields: [...fields, ...counts],
      backFields: fields,
      paths: {
        form: path,
        save: `${path}?brugerorganisation=${between.to.cvr}`,
        user: usersPath(between.from, `/${user.id}`),
      },
    },
    usersCrumbs(between.from, user),
  );
  return isOutdated ? rejected(shown, 409) : shown;
}
