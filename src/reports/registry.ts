import { NotFound } from '../shared/errors.ts';
import { accessAsOf, ownAccessAsOf } from './definitions/access-as-of.report.ts';
import { administrators } from './definitions/administrators.report.ts';
import { changesByUser } from './definitions/changes-by-user.report.ts';
import { changesOnUser } from './definitions/changes-on-user.report.ts';
import { closedUnits } from './definitions/closed-units.report.ts';
import { differences } from './definitions/differences.report.ts';
import { endingAgreements } from './definitions/ending-agreements.report.ts';
import { expiring } from './definitions/expiring.report.ts';
import { fewAdministrators } from './definitions/few-administrators.report.ts';
import { notLoggedIn } from './definitions/not-logged-in.report.ts';
import { rightsToRoles } from './definitions/rights-to-roles.report.ts';
import { roleHolders } from './definitions/role-holders.report.ts';
import { services } from './definitions/services.report.ts';
import { ownRoles, singleUser } from './definitions/single-user.report.ts';
import { usersOfOrganisation } from './definitions/users-of-organisation.report.ts';
import { withoutRoles } from './definitions/without-roles.report.ts';
import type { Report } from './report.ts';

/** Every report, in the order of the menu. */
export const reports: readonly Report[] = [
  usersOfOrganisation,
  rightsToRoles,
  singleUser,
  roleHolders,
  administrators,
  changesByUser,
  changesOnUser,
  accessAsOf,
  differences,
  expiring,
  notLoggedIn,
  withoutRoles,
  closedUnits,
  fewAdministrators,
  endingAgreements,
  services,
];

/** Those about oneself. */
export const ownReports: readonly Report[] = [ownRoles, ownAccessAsOf];

/** @throws NotFound */
export function getReport(id: string): Report {
  const report = [...reports, ...ownReports].find((one) => one.id === id);
  if (report === undefined) throw new NotFound('Rapporten findes ikke. Vælg en på listen over rapporter.');
  return report;
}
