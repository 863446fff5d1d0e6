import { approvalRoutes } from '../../src/access-requests/approval.routes.ts';
import { askRoutes } from '../../src/access-requests/ask.routes.ts';
import { ownRequestsRoutes } from '../../src/access-requests/own-requests.routes.ts';
import { requestsRoutes } from '../../src/access-requests/requests.routes.ts';
import { researchRecipientsRoutes } from '../../src/access-requests/research-recipients.routes.ts';
import { handBackRoutes } from '../../src/account/hand-back.routes.ts';
import { accessCheckRoutes } from '../../src/access-check/access-check.routes.ts';
import { administratorsRoutes } from '../../src/administrators/administrators.routes.ts';
import { agreementRegistrationRoutes } from '../../src/agreements/agreement-registration.routes.ts';
import { agreementTextsRoutes } from '../../src/agreements/agreement-texts.routes.ts';
import { agreementsRoutes } from '../../src/agreements/agreements.routes.ts';
import { appointingRoutes } from '../../src/agreements/appointing.routes.ts';
import { organisationContactsRoutes } from '../../src/organisations/organisation-contacts.routes.ts';
import { organisationCreationRoutes } from '../../src/organisations/organisation-creation.routes.ts';
import { organisationStateRoutes } from '../../src/organisations/organisation-state.routes.ts';
import { organisationsRoutes } from '../../src/organisations/organisations.routes.ts';
import { fewAdministratorsRoutes } from '../../src/administrators/few-administrators.routes.ts';
import { findAdministratorRoutes } from '../../src/administrators/find-administrator.routes.ts';
import { systemRolesRoutes } from '../../src/system-roles/system-roles.routes.ts';
import { auditSealRoutes } from '../../src/audit-seal/audit-seal.routes.ts';
import { auditPackageRoutes } from '../../src/audit-package/audit-package.routes.ts';
import { lookUpsRoutes, ownLookUpsRoutes } from '../../src/look-ups/look-ups.routes.ts';
import { ownChangesRoutes } from '../../src/audit/audit.routes.ts';
import { logRoutes } from '../../src/audit/log.routes.ts';
import { batchesRoutes } from '../../src/batches/batches.routes.ts';
import { bulkOrdersRoutes } from '../../src/bulk-orders/bulk-orders.routes.ts';
import { emergencyLocksRoutes } from '../../src/emergency-locks/emergency-locks.routes.ts';
import { identityProvidersRoutes } from '../../src/identity-providers/identity-providers.routes.ts';
import { conflictRoutes } from '../../src/login-todos/conflict.routes.ts';
import { waitingConflictsRoutes } from '../../src/login-todos/waiting-conflicts.routes.ts';
import { differenceRoutes } from '../../src/login-todos/difference.routes.ts';
import { keysRoutes } from '../../src/identity-providers/keys.routes.ts';
import { helpRoutes } from '../../src/help/help.routes.ts';
import { userSearchRoutes } from '../../src/users/user-search.routes.ts';
import { onBehalfRoutes } from '../../src/on-behalf/on-behalf.routes.ts';
import { ownSessionsRoutes } from '../../src/own-sessions/own-sessions.routes.ts';
import { failedMailsRoutes } from '../../src/failed-mails/failed-mails.routes.ts';
import { halfYearlyRoutes } from '../../src/half-yearly/half-yearly.routes.ts';
import { mailTemplatesRoutes } from '../../src/mail-templates/mail-templates.routes.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { ownReportExportRoutes, reportExportRoutes } from '../../src/report-exports/report-exports.routes.ts';
import { repointingRoutes } from '../../src/repointing/repointing.routes.ts';
import { ownReportsRoutes } from '../../src/reports/own-reports.routes.ts';
import { reportsRoutes } from '../../src/reports/reports.routes.ts';
import { sorImportsRoutes } from '../../src/sor-imports/sor-imports.routes.ts';
import type { Route } from '../../src/pages/route.ts';
import { manageStatusRoutes } from '../../src/status/manage-status.routes.ts';
import { statusRoutes } from '../../src/status/status.routes.ts';
import { statementsRoutes } from '../../src/system-settings/statements.routes.ts';
import { systemSettingsRoutes } from '../../src/system-settings/system-settings.routes.ts';

/** Routes whose pages have a page sweep of their own, in a file beside this one, which asserts that none is left out. */
export const sweptElsewhere: readonly Route[] = [
  ...conflictRoutes,
  ...waitingConflictsRoutes,
  ...differenceRoutes,
  ...askRoutes,
  ...ownRequestsRoutes,
  ...handBackRoutes,
  ...requestsRoutes,
  ...approvalRoutes,
  ...researchRecipientsRoutes,
  ...administratorsRoutes,
  ...organisationsRoutes.filter(({ path }) => path !== '/organisationer'),
  ...organisationStateRoutes,
  ...organisationContactsRoutes,
  ...organisationCreationRoutes,
  ...agreementRegistrationRoutes,
  ...agreementsRoutes,
  ...appointingRoutes,
  ...agreementTextsRoutes,
  ...fewAdministratorsRoutes,
  ...findAdministratorRoutes,
  ...systemRolesRoutes,
  ...emergencyLocksRoutes,
  ...auditPackageRoutes,
  ...lookUpsRoutes,
  ...ownLookUpsRoutes,
  ...auditSealRoutes,
  ...logRoutes,
  ...ownChangesRoutes,
  ...accessCheckRoutes,
  ...onBehalfRoutes,
  ...identityProvidersRoutes,
  ...keysRoutes,
  ...ownSessionsRoutes,
  ...repointingRoutes,
  ...reportsRoutes,
  ...sorImportsRoutes,
  ...batchesRoutes,
  ...bulkOrdersRoutes,
  ...userSearchRoutes,
  ...reportExportRoutes,
  ...ownReportExportRoutes,
  ...ownReportsRoutes,
  ...statusRoutes,
  ...manageStatusRoutes,
  ...systemSettingsRoutes,
  ...mailTemplatesRoutes,
  ...failedMailsRoutes,
  ...halfYearlyRoutes,
  ...helpRoutes,
  ...statementsRoutes,
  ...catalogueRoutes,
];
