import { approvalRoutes } from '../access-requests/approval.routes.ts';
import { researchRecipientsRoutes } from '../access-requests/research-recipients.routes.ts';
import { requestsRoutes } from '../access-requests/requests.routes.ts';
import { accessCheckRoutes } from '../access-check/access-check.routes.ts';
import { fewAdministratorsRoutes } from '../administrators/few-administrators.routes.ts';
import { findAdministratorRoutes } from '../administrators/find-administrator.routes.ts';
import { systemRolesRoutes } from '../system-roles/system-roles.routes.ts';
import { administratorsRoutes } from '../administrators/administrators.routes.ts';
import { accountRoutes } from '../account/account.routes.ts';
import { agreementRegistrationRoutes } from '../agreements/agreement-registration.routes.ts';
import { agreementTextsRoutes } from '../agreements/agreement-texts.routes.ts';
import { agreementsRoutes } from '../agreements/agreements.routes.ts';
import { appointingRoutes } from '../agreements/appointing.routes.ts';
import { auditRoutes } from '../audit/audit.routes.ts';
import { auditSealRoutes } from '../audit-seal/audit-seal.routes.ts';
import { auditPackageRoutes } from '../audit-package/audit-package.routes.ts';
import { lookUpsRoutes } from '../look-ups/look-ups.routes.ts';
import { logRoutes } from '../audit/log.routes.ts';
import { bulkOrdersRoutes } from '../bulk-orders/bulk-orders.routes.ts';
import { batchesRoutes } from '../batches/batches.routes.ts';
import { departuresRoutes } from '../departures/departures.routes.ts';
import { cloningRoutes } from '../cloning/cloning.routes.ts';
import { emergencyLocksRoutes } from '../emergency-locks/emergency-locks.routes.ts';
import { helpRoutes } from '../help/help.routes.ts';
import { keysRoutes } from '../identity-providers/keys.routes.ts';
import { identityProvidersRoutes } from '../identity-providers/identity-providers.routes.ts';
import { homeRoutes } from '../home/home.routes.ts';
import { onBehalfRoutes } from '../on-behalf/on-behalf.routes.ts';
import { organisationRolesRoutes } from '../organisation-roles/organisation-roles.routes.ts';
import { rightsRoutes } from '../organisation-roles/rights.routes.ts';
import { organisationContactsRoutes } from '../organisations/organisation-contacts.routes.ts';
import { organisationCreationRoutes } from '../organisations/organisation-creation.routes.ts';
import { organisationStateRoutes } from '../organisations/organisation-state.routes.ts';
import { organisationsRoutes } from '../organisations/organisations.routes.ts';
import type { Route } from '../pages/route.ts';
import type { PortalFace } from '../pages/shell.ts';
import { ownSessionsRoutes } from '../own-sessions/own-sessions.routes.ts';
import { plannedChangesRoutes } from '../planned-changes/planned-changes.routes.ts';
import { reportExportRoutes } from '../report-exports/report-exports.routes.ts';
import { roleAssignmentsRoutes } from '../role-assignments/role-assignments.routes.ts';
import { repointingRoutes } from '../repointing/repointing.routes.ts';
import { rolesRoutes } from '../roles/roles.routes.ts';
import { serviceAccessRoutes } from '../service-access/service-access.routes.ts';
import { reportsRoutes } from '../reports/reports.routes.ts';
import { retirementRoutes } from '../services/retirement.routes.ts';
import { serviceRolesRoutes } from '../services/service-roles.routes.ts';
import { servicesRoutes } from '../services/services.routes.ts';
import { sorImportsRoutes } from '../sor-imports/sor-imports.routes.ts';
import { sorRoutes } from '../sor/sor.routes.ts';
import { manageStatusRoutes } from '../status/manage-status.routes.ts';
import { mailTemplatesRoutes } from '../mail-templates/mail-templates.routes.ts';
import { failedMailsRoutes } from '../failed-mails/failed-mails.routes.ts';
import { halfYearlyRoutes } from '../half-yearly/half-yearly.routes.ts';
import { statusRoutes } from '../status/status.routes.ts';
import { statementsRoutes } from '../system-settings/statements.routes.ts';
import { systemSettingsRoutes } from '../system-settings/system-settings.routes.ts';
import { conflictRoutes } from '../login-todos/conflict.routes.ts';
import { waitingConflictsRoutes } from '../login-todos/waiting-conflicts.routes.ts';
import { differenceRoutes } from '../login-todos/difference.routes.ts';
import { todosRoutes } from '../todos/todos.routes.ts';
import { userDeletionRoutes } from '../users/user-deletion.routes.ts';
import { sebadminNavigation } from './sebadmin-navigation.ts';
import { userLockRoutes } from '../users/user-lock.routes.ts';
import { userImportRoutes } from '../user-import/user-import.routes.ts';
import { userSearchRoutes } from '../users/user-search.routes.ts';
import { usersRoutes } from '../users/users.routes.ts';

/** sebadmin: administrators, servicedesk and system owner. */
export const sebadmin: PortalFace = { name: 'sebadmin', navigation: sebadminNavigation, employeeNavigation: null };

export const sebadminRoutes: Route[] = [
  ...homeRoutes,
  ...organisationsRoutes,
  ...organisationStateRoutes,
  ...organisationContactsRoutes,
  ...organisationCreationRoutes,
  ...agreementRegistrationRoutes, // before an agreement's own page, whose :id would take "registrer"
  ...agreementsRoutes,
  ...appointingRoutes,
  ...agreementTextsRoutes,
  ...userImportRoutes, // before a user's own page, whose :id would take "indsaet"
  ...userSearchRoutes,
  ...usersRoutes,
  ...administratorsRoutes,
  ...findAdministratorRoutes,
  ...fewAdministratorsRoutes,
  ...systemRolesRoutes,
  ...userLockRoutes,
  ...userDeletionRoutes,
  ...emergencyLocksRoutes,
  ...onBehalfRoutes,
  ...departuresRoutes,
  ...plannedChangesRoutes,
  ...todosRoutes,
  ...conflictRoutes,
  ...waitingConflictsRoutes,
  ...differenceRoutes,
  ...roleAssignmentsRoutes,
  ...cloningRoutes,
  ...bulkOrdersRoutes,
  ...batchesRoutes,
  ...rolesRoutes,
  ...organisationRolesRoutes,
  ...rightsRoutes,
  ...requestsRoutes,
  ...approvalRoutes,
  ...researchRecipientsRoutes,
  ...serviceAccessRoutes,
  ...servicesRoutes,
  ...serviceRolesRoutes,
  ...retirementRoutes,
  ...sorRoutes,
  ...sorImportsRoutes,
  ...repointingRoutes,
  ...accessCheckRoutes,
  ...reportExportRoutes,
  ...reportsRoutes,
  ...auditRoutes,
  ...auditPackageRoutes,
  ...lookUpsRoutes,
  ...auditSealRoutes, // before an event's own page, whose :event would take "forsegling"
  ...logRoutes,
  ...accountRoutes,
  ...ownSessionsRoutes,
  ...identityProvidersRoutes,
  ...keysRoutes,
  ...manageStatusRoutes,
  ...systemSettingsRoutes,
  ...mailTemplatesRoutes,
  ...failedMailsRoutes,
  ...halfYearlyRoutes,
  ...statusRoutes,
  ...helpRoutes,
  ...statementsRoutes,
];
