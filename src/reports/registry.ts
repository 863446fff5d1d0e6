import { NotFound } from '../shared/errors.ts';
import { rightsToRoles } from './definitions/rights-to-roles.report.ts';
import { usersOfOrganisation } from './definitions/users-of-organisation.report.ts';
import type { Report } from './report.ts';

/** Every report, in the order of the menu. */
export const reports: readonly Report[] = [usersOfOrganisation, rightsToRoles];

/** @throws NotFound */
export function getReport(id: string): Report {
  const report = reports.find((one) => one.id === id);
  if (report === undefined) throw new NotFound('Rapporten findes ikke. Vælg en på listen over rapporter.');
  return report;
}
