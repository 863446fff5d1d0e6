import { researchRecipientsPath } from '../access-requests/research-recipients.routes.ts';
import { withoutDeciderPath } from '../access-requests/requests.pages.ts';
import { logPath } from '../audit/log.pages.ts';
import { failedMailsPath } from '../failed-mails/failed-mails.pages.ts';
import { halfYearlyPath } from '../half-yearly/half-yearly.pages.ts';
import { mailTextsPath } from '../mail-templates/mail-templates.pages.ts';
import type { Actor } from '../permissions/actor.ts';
import type { Action } from '../permissions/rules.ts';
import { scope } from '../permissions/scope.ts';
import { keysPath } from '../identity-providers/keys.pages.ts';
import { providersPath } from '../identity-providers/identity-providers.pages.ts';
import { waitingConflictsPath } from '../login-todos/waiting-conflicts.pages.ts';
import { manageStatusPath } from '../status/manage-status.pages.ts';
import { systemRolesPath } from '../system-roles/system-roles.pages.ts';
import { settingsPath } from '../system-settings/system-settings.pages.ts';

/** A page about all organisations; the main ones stand in the menu, all of them on the front page. */
export type SystemPage = { id: string; label: string; href: string; access: Action; isMain: boolean };

const main = (id: string, label: string, href: string, access: Action): SystemPage => ({
  id,
  label,
  href,
  access,
  isMain: true,
});
const further = (id: string, label: string, href: string, access: Action): SystemPage => ({
  ...main(id, label, href, access),
  isMain: false,
});

const pages: readonly SystemPage[] = [
  main('services', 'Services', '/system/services', 'service.edit'),
  main('serviceRequests', 'Anmodninger om services', '/system/anmodninger', 'serviceAccess.decide'),
  main('sor', 'SOR', '/sor-indlaesninger', 'importRun.view'),
  main('reports', 'Rapporter', '/rapporter', 'report.organisations'),
  main('status', 'Drift', manageStatusPath, 'statusMessage.manage'),
  main('settings', 'Indstillinger og tekster', settingsPath, 'systemSettings.view'),
  main('log', 'Log', logPath(null), 'auditLog.view'),
  further('withoutDecider', 'Anmodninger uden svar', withoutDeciderPath, 'request.view'),
  further('research', 'Modtagere for Forskermaskinen', researchRecipientsPath, 'systemSettings.manage'),
  further('agreementTexts', 'Aftaletekster', '/system/aftaletekster', 'systemSettings.view'),
  further('mailTexts', 'Mailtekster', mailTextsPath, 'mailTemplate.view'),
  further('loginConflicts', 'Logins, der skal afgøres', waitingConflictsPath, 'identityConflict.view'),
  further('failedMails', 'Mails, der ikke kom frem', failedMailsPath, 'deadLetter.view'),
  further('halfYearly', 'Halvårlig meddelelse', halfYearlyPath, 'halfYearlyRun.view'),
  further('identityProviders', 'Identitetsudbydere', providersPath(), 'identityProvider.manage'),
  further('keys', 'Nøgler og certifikater', keysPath, 'keys.view'),
  further('systemRoles', 'Systemroller', systemRolesPath, 'systemRole.appoint'),
  further(
    'fewAdministrators',
    'Få organisationsadministratorer',
    '/rapporter/faa-administratorer',
    'report.organisations',
  ),
];

/** What the system's own people keep, as far as this one may. */
export function systemPages(actor: Actor): SystemPage[] {
  return pages.filter(({ access }) => scope(actor, access) === 'all');
}
