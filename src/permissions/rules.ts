/**
 * Who may do what: the one table. Reach by action and kind of actor; what is not in the table is denied.
 * Source: the guide's delegation of user administration (chapters 1.2, 3.2, 6.1.1) as agreed in the permission table.
 *
 * A row reads, from left to right: systemejer, servicedesk, organisationsadministrator, brugeradministrator,
 * read-only administrator, user (self), employee without a user, nobody, service client, the system's own jobs.
 */
export const actorKinds = [
  'systemOwner',
  'servicedesk',
  'organisationAdministrator',
  'userAdministrator',
  'readOnlyAdministrator',
  'user',
  'employee',
  'anyone',
  'serviceClient',
  'system',
] as const;
export type ActorKind = (typeof actorKinds)[number];

/**
 * all: every organisation · organisation: where the actor holds that role · self: the own user · none: never ·
 * emergency: the system owner on an organisation's behalf, with a written reason, its own kind in the log and a mail.
 * What is seen: figures (no names) · withoutFreeText · namesOnly · finderOnly · withoutAddressesAndAdministrators.
 */
export type Reach = 'none' | 'self' | 'organisation' | 'all' | 'emergency';
export type Limit =
  | 'figures'
  | 'withoutFreeText'
  | 'namesOnly'
  | 'finderOnly'
  | 'withoutAddressesAndAdministrators'
  | 'contactDataOnly'
  | 'ownChangesOnly'
  | 'ownService'
  | 'earlierOnly'
  | 'withoutAuditPackage';

/** The numbered conditions of the table; each is one function in conditions.ts. */
export type Condition =
  | 'notAnAdministrator' // 1: a brugeradministrator changes no administrator of any kind, except withdrawing their own
  | 'confirmedByMail' // 2: a changed e-mail is told to the old address; the own is confirmed at the new one
  | 'withCaseNumberFor72Hours' // 3
  | 'notOneself' // 4, 8, 9
  | 'notTheLastOrganisationAdministrator' // 4, 8
  | 'onlyGivableRoles' // 5
  | 'notToOneselfUnlessAllowed' // 6
  | 'asTheAgreementNames' // 7
  | 'notOneselfUpwards' // 8
  | 'notOwnRequestOrAccess' // 9
  | 'notTheLockedOne';

export type Cell = { reach: Reach; conditions: readonly Condition[]; limit: Limit | null };

export type Row = Readonly<Record<ActorKind, Cell>>;

type Columns = [Cell, Cell, Cell, Cell, Cell, Cell];
type FurtherColumns = { employee?: Cell; anyone?: Cell; serviceClient?: Cell; system?: Cell };

const cell = (reach: Reach, conditions: readonly Condition[] = [], limit: Limit | null = null): Cell => ({
  reach,
  conditions,
  limit,
});
const none = cell('none');
const all = cell('all');
const org = cell('organisation');
const self = cell('self');
const emergency = cell('emergency');
const emergencyIf = (...conditions: Condition[]): Cell => cell('emergency', conditions);
const orgIf = (...conditions: Condition[]): Cell => cell('organisation', conditions);
const seen = (reach: Reach, limit: Limit): Cell => cell(reach, [], limit);

/** Six columns are always given; the four further ones are "none" unless named. */
function row(columns: Columns, further: FurtherColumns = {}): Row {
  const [systemOwner, servicedesk, organisationAdministrator, userAdministrator, readOnlyAdministrator, user] = columns;
  return {
    systemOwner,
    servicedesk,
    organisationAdministrator,
    userAdministrator,
    readOnlyAdministrator,
    user,
    employee: further.employee ?? none,
    anyone: further.anyone ?? none,
    serviceClient: further.serviceClient ?? none,
    system: further.system ?? none,
  };
}

const everyone: Row = row([all, all, all, all, all, all], { employee: all, anyone: all });
const readers: Columns = [all, all, org, org, org, none];

// prettier-ignore
export const rules = {
  // Organisations and agreements             systemejer  servicedesk org.adm.  brugeradm.  read-only  user
  'organisation.view':              row([all,        all,        org,        org,        org,        seen('organisation', 'namesOnly')]),
  'organisation.create':            row([all,        none,       none,       none,       none,       none]),
  'organisation.editContact':       row([all,        none,       none,       none,       none,       none]),
  'organisation.close':             row([all,        none,       none,       none,       none,       none]),
  'organisation.allowSelfAssignment': row([all,      none,       none,       none,       none,       none]),
  'organisation.editOwnContact':    row([all,        none,       org,        none,       none,       none]),
  'organisation.settings':          row([all,        none,       org,        none,       none,       none]),
  'agreement.view':                 row([all,        all,        org,        none,       none,       none]),
  'agreement.register':             row([all,        none,       none,       none,       none,       none]),
  'agreement.renew':                row([all,        none,       none,       none,       none,       none]),
  'agreement.end':                  row([all,        none,       none,       none,       none,       none]),
  'agreement.blankForm':           everyone,
  'agreement.accept':               row([none,       none,       org,        none,       none,       none]),
  'organisationRole.view':          row([all,        all,        org,        org,        org,        none]),
  'organisationRole.grant':         row([all,        none,       none,       none,       none,       none]),
  'organisationRole.withdraw':      row([all,        none,       none,       none,       none,       none]),
  'serviceAccess.request':          row([none,       none,       org,        none,       none,       none]),
  'serviceAccess.decide':           row([all,        none,       none,       none,       none,       none]),
  'service.create':                 row([all,        none,       none,       none,       none,       none]),
  'service.edit':                   row([all,        none,       none,       none,       none,       none]),
  'service.retire':                 row([all,        none,       none,       none,       none,       none]),
  'role.create':                    row([all,        none,       none,       none,       none,       none]),
  'role.edit':                      row([all,        none,       none,       none,       none,       none]),
  'role.retire':                    row([all,        none,       none,       none,       none,       none]),
  'sor.view':                       row(readers),
  'sor.import':                     row([all,        none,       none,       none,       none,       none], { system: all }),
  'importRun.view':                row([all,        all,        none,       none,       none,       none]),
  'sor.repoint':                    row([none,       none,       orgIf('onlyGivableRoles'), orgIf('onlyGivableRoles'), none, none]),
  'identityProvider.manage':        row([all,        none,       none,       none,       none,       none]),
  'statusMessage.manage':           row([all,        none,       none,       none,       none,       none]),

  // Users
  'user.list':                      row([all,        all,        org,        org,        org,        self]),
  'user.view':                      row([all,        all,        org,        org,        org,        self]),
  'user.create':                    row([emergency,  none,       org,        org,        none,       none]),
  'user.edit':                      row([emergencyIf('notOneself'), none,       orgIf('notOneself'), orgIf('notAnAdministrator', 'notOneself'), none, none]),
  'user.editOwn':                   row([none,       none,       none,       none,       none,       cell('self', ['confirmedByMail'], 'contactDataOnly')]),
  'user.lock':                      row([emergencyIf('notOneself', 'notTheLastOrganisationAdministrator'), cell('all', ['withCaseNumberFor72Hours', 'notOneself']),
                                         orgIf('notOneself', 'notTheLastOrganisationAdministrator'),
                                         orgIf('notAnAdministrator', 'notOneself', 'notTheLastOrganisationAdministrator'), none, none]),
  'user.unlock':                    row([emergencyIf('notOneself'), none,       orgIf('notOneself'), orgIf('notAnAdministrator', 'notOneself'), none, none]),
  'user.delete':                    row([emergencyIf('notOneself', 'notTheLastOrganisationAdministrator'), none,       orgIf('notOneself', 'notTheLastOrganisationAdministrator'),
                                         orgIf('notAnAdministrator', 'notOneself', 'notTheLastOrganisationAdministrator'), none, none]),
  'user.departure':                 row([none,       none,       orgIf('notOneself', 'notTheLastOrganisationAdministrator'),
                                         orgIf('notAnAdministrator', 'notOneself', 'notTheLastOrganisationAdministrator'), none, none]),
  'user.clone':                     row([none,       none,       orgIf('onlyGivableRoles', 'notToOneselfUnlessAllowed'),
                                         orgIf('notAnAdministrator', 'onlyGivableRoles', 'notToOneselfUnlessAllowed'), none, none]),
  'user.import':                    row([none,       none,       orgIf('onlyGivableRoles', 'notToOneselfUnlessAllowed'),
                                         orgIf('notAnAdministrator', 'onlyGivableRoles', 'notToOneselfUnlessAllowed'), none, none]),

  // Role assignments
  'role.assign':                    row([none,       none,       orgIf('onlyGivableRoles', 'notToOneselfUnlessAllowed'),
                                         orgIf('notAnAdministrator', 'onlyGivableRoles', 'notToOneselfUnlessAllowed'), none, none]),
  'role.withdraw':                  row([emergencyIf('notOneself'), none,       org,        orgIf('notAnAdministrator'), none, self], { system: all }),
  'bulk.undo':                      row([none,       none,       org,        org,        none,       none]),
  'roleFinder.view':                row([all,        all,        org,        org,        org,        seen('organisation', 'finderOnly')]),
  'roleHolders.view':               row(readers),

  // Administrators and system roles
  'administrator.view':             row([all,        all,        org,        org,        org,        seen('organisation', 'namesOnly')]),
  'administrator.appointFirst':     row([cell('all', ['asTheAgreementNames']), none, none, none, none, none]),
  'administrator.appointOnAgreement': row([cell('all', ['asTheAgreementNames']), none, none, none, none, none]),
  'administrator.appoint':          row([none,       none,       orgIf('notOneselfUpwards'), none,   none,       none]),
  'administrator.change':           row([none,       none,       orgIf('notOneselfUpwards', 'notTheLastOrganisationAdministrator'), none, none, none]),
  'administrator.remove':           row([none,       none,       orgIf('notTheLastOrganisationAdministrator'), none, none, none]),
  'systemRole.appoint':             row([cell('all', ['notOneselfUpwards']), none, none, none, none, none]),
  'systemRole.remove':              row([cell('all', ['notOneself']), none, none, none, none, none]),

  // Requests for access
  'request.send':                   row([none,       none,       none,       none,       none,       self], { employee: self }),
  'request.withdraw':               row([none,       none,       none,       none,       none,       self], { employee: self }),
  'request.follow':                 row([none,       none,       none,       none,       none,       self], { employee: self }),
  'request.view':                   row([none,       seen('all', 'withoutFreeText'), org, org, org, self]),
  'request.decide':                 row([none,       none,       orgIf('onlyGivableRoles', 'notOwnRequestOrAccess'),
                                         orgIf('notAnAdministrator', 'onlyGivableRoles', 'notOwnRequestOrAccess'), none, none]),

  // Access reviews
  'review.view':                    row([seen('all', 'figures'), seen('all', 'figures'), org, org, org, none]),
  'review.decide':                  row([none,       none,       orgIf('notOwnRequestOrAccess'), orgIf('notOwnRequestOrAccess'), none, none]),
  'review.declare':                 row([none,       none,       orgIf('notOwnRequestOrAccess'), orgIf('notOwnRequestOrAccess'), none, none]),
  'review.schedule':                row([all,        none,       seen('organisation', 'earlierOnly'), none, none, none]),

  // Reports and the log
  'report.usersOfOrganisation':     row(readers),
  'report.rightsToRoles':           row(readers),
  'report.singleUser':              row([all,        all,        org,        org,        org,        self]),
  'report.administrators':          row(readers),
  'report.changesByUser':           row([all,        all,        org,        org,        none,       none]),
  'report.changesOnUser':           row([all,        all,        org,        org,        none,       self]),
  'report.asOf':                    row([all,        all,        org,        org,        org,        self]),
  'report.organisations':           row([all,        all,        none,       none,       none,       none]),
  'report.other':                   row([all,        all,        org,        org,        seen('organisation', 'withoutAuditPackage'), none]),
  'auditLog.view':                  row([all,        all,        org,        seen('organisation', 'withoutAddressesAndAdministrators'), none,
                                         seen('self', 'ownChangesOnly')]),
  'auditLog.verify':                row([all,        all,        org,        seen('organisation', 'withoutAddressesAndAdministrators'), none, none]),
  'job.view':                       row([self,       self,       self,       self,       self,       self]),
  'report.download':                row([self,       self,       self,       self,       self,       self]),

  // Running the system
  'mailTemplate.manage':            row([all,        none,       none,       none,       none,       none]),
  'mailTemplate.view':              row([all,        all,        none,       none,       none,       none]),
  'deadLetter.manage':              row([all,        none,       none,       none,       none,       none]),
  'deadLetter.view':                row([all,        all,        none,       none,       none,       none]),
  'halfYearlyRun.manage':           row([all,        none,       none,       none,       none,       none], { system: all }),
  'halfYearlyRun.view':             row([all,        all,        none,       none,       none,       none]),
  'systemSettings.manage':          row([all,        none,       none,       none,       none,       none]),
  'systemSettings.view':            row([all,        all,        none,       none,       none,       none]),
  'keys.view':                      row([all,        all,        none,       none,       none,       none]),
  'identityConflict.view':          row([none,       all,        org,        orgIf('notAnAdministrator'), none, none]),
  'identityConflict.decide':        row([none,       none,       orgIf('notOneself'), orgIf('notAnAdministrator', 'notOneself'), none, none]),
  'accessCheck.view':               row([all,        all,        org,        org,        org,        self]),
  'emergencyLock.view':             row([all,        all,        org,        none,       none,       none]),
  'emergencyLock.confirm':          row([all,        none,       orgIf('notTheLockedOne'), none, none, none]),
  'emergencyLock.lift':             row([all,        none,       orgIf('notTheLockedOne'), none, none, none], { system: all }),
  'apiClient.manage':               row([all,        none,       none,       none,       none,       none]),
  'serviceRoles.read':              row([none,       none,       none,       none,       none,       none], { serviceClient: seen('all', 'ownService') }),

  // Oneself and everybody
  'portal.enter':                   row([self,       self,       self,       self,       self,       self], { employee: self }),
  'sebadmin.enter':                 row([self,       self,       self,       self,       self,       none]),
  'ownSessions.view':               row([self,       self,       self,       self,       self,       self], { employee: self }),
  'ownSessions.end':                row([self,       self,       self,       self,       self,       self], { employee: self }),
  'ownAdministrators.find':         row([self,       self,       self,       self,       self,       self], { employee: self }),
  'status.view':                    everyone,
  'statement.view':                 everyone,
  'login.use':                      everyone,
} as const satisfies Record<string, Row>;

export type Action = keyof typeof rules;

export const actions = Object.keys(rules) as Action[];

/** An action named in code or by a route; anything else is not in the table and denied. */
export function isAction(name: string): name is Action {
  return Object.hasOwn(rules, name);
}
