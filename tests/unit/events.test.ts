import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EventKind } from '../../src/audit/events.ts';
import { event, eventTypes, sentenceOf } from '../../src/audit/events.ts';

const told = { actor: 'Åse Østergård', target: 'Søren Nørgård' };
const assignment = {
  assignmentId: 1,
  role: 'AFD_LÆGE',
  roleName: 'Læge',
  service: 'FMK',
  sorCode: '90000031000016005',
  unitName: 'Kirurgi',
  scope: 'UNIT_ONLY' as const,
};

const statusMessage = {
  messageId: 1,
  title: 'Servicevindue fredag',
  kind: 'WINDOW' as const,
  severity: 'YELLOW' as const,
  concerns: 'Hele SEB',
  period: '11-04-2025 kl. 13.00 til kl. 14.00',
};

const agreementDetail = {
  agreementId: 2,
  signedBy: 'Åse Østergård, direktør',
  signedOn: '2026-11-01',
  from: '2026-11-01',
  to: null,
  policy: 'DS 484',
  services: 2,
  sha256: 'a'.repeat(64),
  renews: null,
};

const filledProvider = {
  slug: 'region',
  name: 'Region Eksempel',
  entityId: 'https://idp.region.example',
  certificates: ['AA:BB'],
  cvrs: 'CVR 39 91 00 12',
};

const details: Record<EventKind, object> = {
  'mailText.saved': { title: 'E-mailadressen er ændret', version: 2, fields: ['emne', 'tekst'] },
  'mailText.tried': { title: 'E-mailadressen er ændret' },
  'mailText.restored': { title: 'E-mailadressen er ændret', version: 3 },
  'mail.resent': { mails: 2, titles: ['E-mailadressen er ændret'] },
  'mail.givenUp': { mails: 1, titles: ['E-mailadressen er ændret'] },
  'halfYearly.started': { runId: 1, plannedFor: '2026-10-01', recipients: 40 },
  'halfYearly.ended': { runId: 1, mails: 39, leftOut: 1 },
  'user.created': { username: 'asos100001', rid: '0012', email: 'a@b.dk' },
  'user.edited': { changes: { phone: { from: null, to: '1' }, lastName: { from: 'A', to: 'B' } } },
  'user.ridChanged': { from: '1', to: '2', hadUuid: true },
  'user.ownDetailsEdited': { changes: { city: { from: 'Aarhus', to: null } } },
  'user.ownEmailRequested': { to: 'c@d.dk' },
  'user.ownEmailConfirmed': { from: 'a@b.dk', to: 'c@d.dk' },
  'user.uuidBound': { uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4', provider: 'NemLog-in' },
  'request.sent': { requestId: 7, kind: 'RESEARCH', roles: ['Læge (FMK)'], recipient: 'Åse Østergård' },
  'request.withdrawn': { requestId: 7 },
  'request.commented': { requestId: 7 },
  'request.taken': { requestId: 7, from: 'Åse Østergård' },
  'request.handedOver': { requestId: 7, to: 'Åse Østergård' },
  'request.decided': {
    requestId: 7,
    decision: 'PARTLY',
    given: ['Læge (FMK)'],
    notGiven: ['Sygeplejerske'],
    reason: 'Nok',
  },
  'request.selfDecided': { requestId: 7, decision: 'GRANTED', given: [], notGiven: [], reason: 'Alene' },
  'request.escalated': { requestId: 7, step: 1, told: 3 },
  'request.removed': { requests: 12, months: 24 },
  'researchRecipient.added': { name: 'Forskerservice', email: 'a@b.dk' },
  'researchRecipient.ended': { name: 'Forskerservice', email: 'a@b.dk' },
  'signIn.employee': { provider: 'NemLog-in', level: 'Substantial', portal: 'sebanmod', cvr: '39910012' },
  'signIn.employeeEnded': { by: 'person', portal: 'sebanmod', provider: 'NemLog-in', cvr: '39910012' },
  'user.contactDataRemoved': { months: 24 },
  'retention.carriedOut': { removed: { mails: 2, orders: 1 }, kept: { mails: 90, orders: 7 } },
  'auditPackage.ordered': { packageId: 1, from: '2026-01-01', to: '2026-11-30' },
  'auditPackage.made': { packageId: 1, from: '2026-01-01', to: '2026-11-30', sha256: 'ab', bytes: 12 },
  'auditPackage.failed': { packageId: 1, from: '2026-01-01', to: '2026-11-30', reason: 'Spærret.' },
  'auditPackage.downloaded': { packageId: 1, from: '2026-01-01', to: '2026-11-30' },
  'auditLog.dayClosed': { day: '2026-11-29', events: 12, lastNumber: 4711, keyId: 'abcdefghijklmnop' },
  'auditLog.verificationOrdered': { withOutsideRoot: true },
  'auditLog.verified': { events: 4711, faults: 1 },
  'signIn.ended': { by: 'provider', portal: 'sebadmin', provider: 'NemLog-in' },
  'identityProvider.filled': filledProvider,
  'identityProvider.created': filledProvider,
  'identityProvider.edited': {
    slug: 'region',
    name: 'Region Eksempel',
    changes: { minimumLevel: { from: 'Substantial', to: 'High' } },
  },
  'identityProvider.metadataTaken': {
    slug: 'region',
    name: 'Region Eksempel',
    source: 'address',
    added: ['AA:BB'],
    removed: ['CC:DD'],
    addresses: [{ label: 'Login', from: 'https://a.example', to: 'https://b.example' }],
  },
  'identityProvider.turnedOn': { slug: 'region', name: 'Region Eksempel' },
  'identityProvider.turnedOff': { slug: 'region', name: 'Region Eksempel', reason: 'Aftalen er ophørt' },
  'identity.conflictFound': { provider: 'NemLog-in', other: 'Åse Østergård' },
  'identity.conflictDecided': {
    decision: 'afvis',
    uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4',
    rid: '1118061020234',
    provider: 'NemLog-in',
    byRid: 'Søren Nørgård',
    byUuid: 'Åse Østergård',
  },
  'identity.differenceFound': { provider: 'NemLog-in', name: true, email: true },
  'signIn.accepted': { provider: 'NemLog-in', level: 'Substantial', portal: 'sebadmin' },
  'session.ended': { portal: 'sebanmod', browser: 'Chrome på Windows', loggedInAt: '22-11-2026 kl. 08.00' },
  'session.endedEverywhere': { sessions: 2, isAlsoHere: false },
  'user.loginDataAdopted': { provider: 'NemLog-in', fields: ['lastName', 'email'] },
  'user.uuidMoved': { uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4', from: 'Åse Østergård' },
  'user.uuidRemoved': { uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4', to: 'Søren Nørgård' },
  'user.locked': { from: null, until: '2026-12-31', reason: 'Orlov.' },
  'user.unlocked': { wasPlanned: false },
  'user.emergencyLocked': { caseNumber: 'SD-1', until: '25-11-2026 kl. 08.00', reason: 'Kort stjålet' },
  'user.emergencyLockConfirmed': { caseNumber: 'SD-1', reason: null },
  'user.emergencyLockLifted': { caseNumber: 'SD-1', reason: 'Fejl' },
  'user.emergencyLockExpired': { caseNumber: 'SD-1' },
  'organisation.actedFor': { act: 'spærrede brugeren', reason: 'Ingen kunne træffes' },
  'user.deleted': { username: 'asos100001', rid: '0012', roles: 2, reason: null },
  'user.departurePlanned': { lastDay: '2026-12-31', before: '2026-11-30', reason: 'Pension' },
  'user.departureCancelled': { lastDay: '2026-12-31' },
  'user.departed': { lastDay: '2026-12-31', roles: 0 },
  'systemRole.appointed': { kind: 'SERVICEDESK', organisation: 'Region Eksempel' },
  'systemRole.removed': { kind: 'SYSTEM_OWNER', organisation: 'Region Eksempel', reason: 'Fratrådt' },
  'administrator.appointed': { kind: 'USER', startsOn: '2026-12-01', endsOn: null },
  'administrator.changed': {
    changes: {
      kind: { from: 'Brugeradministrator', to: 'Organisationsadministrator' },
      area: { from: null, to: 'FUT' },
    },
  },
  'administrator.substituteAppointed': {
    kind: 'ORGANISATION',
    away: 'Åse Østergård',
    startsOn: null,
    endsOn: '2026-12-31',
  },
  'administrator.substituteEnded': { away: 'Åse Østergård' },
  'administrator.ended': { kind: 'USER', reason: 'Fratrådt' },
  'report.made': {
    report: 'alle-brugere',
    title: 'Alle brugere i et CVR',
    form: 'XLSX',
    filters: [{ label: 'Status', value: 'Spærret' }],
    rows: 1250,
    hasMore: false,
  },
  'report.ordered': {
    report: 'alle-brugere',
    title: 'Alle brugere i et CVR',
    form: 'PDF',
    reference: 'SEB-7K2Q-9FJM-3XW8',
  },
  'report.stopped': {
    report: 'alle-brugere',
    title: 'Alle brugere i et CVR',
    form: 'PDF',
    reference: 'SEB-7K2Q-9FJM-3XW8',
    reason: 'Du har ikke længere ret til rapporten.',
  },
  'report.downloaded': {
    report: 'alle-brugere',
    title: 'Alle brugere i et CVR',
    form: 'XLSX',
    reference: 'SEB-7K2Q-9FJM-3XW8',
  },
  'todo.done': { kind: 'signature.deactivate', about: 'Deaktiver medarbejdersignaturen' },
  'role.assigned': assignment,
  'role.selfAssigned': { ...assignment, reason: 'alene' },
  'role.namesakeAssigned': { ...assignment, caseNumber: '26/1' },
  'role.assignmentChanged': {
    ...assignment,
    from: { sorCode: null, unitName: null, scope: 'UNIT_AND_SUBUNITS', startsOn: '2026-01-01', endsOn: null },
    to: { ...assignment, startsOn: '2026-02-01', endsOn: '2026-12-31' },
  },
  'user.cloned': {
    sourceUserId: null,
    sourceName: null,
    sourceOrganisation: 'Region Eksempel',
    added: 1,
    alreadyThere: 2,
    withdrawn: 0,
  },
  'user.clonedFrom': { organisation: 'Region Eksempel', receivers: 1 },
  'role.withdrawn': { ...assignment, sorCode: null, unitName: null },
  'bulkOrder.placed': { orderId: 7, summary: '1 rolle til 600 brugere: Læge.', users: 600, assignments: 600 },
  'bulkOrder.finished': {
    orderId: 7,
    summary: '1 rolle til 600 brugere: Læge.',
    users: 600,
    added: 599,
    alreadyThere: 0,
    withdrawn: 0,
    leftOut: 1,
  },
  'bulkOrder.stopped': {
    orderId: 7,
    summary: '1 rolle til 600 brugere: Læge.',
    users: 600,
    added: 1,
    alreadyThere: 0,
    withdrawn: 0,
    leftOut: 0,
    notReached: 1,
    reason: 'Den, der satte ændringen i gang, har ikke længere ret til den.',
  },
  'user.imported': { importId: 1, created: 2, changed: 1, assigned: 3, errors: 0, leftOut: 4 },
  'batch.undone': { batch: '7F3K-22QX-9ABM', withdrawn: 3, assigned: 1, changedBack: 0, left: 2 },
  'signIn.refused': { reason: 'unknown', provider: null, cvr: null, level: null },
  'change.refused': { action: 'user.edit', reason: 'Det har du ikke rettighed til.', path: '/x' },
  'organisation.created': { cvr: '39911000', status: 'Aktiv' },
  'organisation.renamed': { from: 'Klinik A', to: 'Klinik B' },
  'organisation.ceased': { status: 'Ophørt', ceasedOn: '2026-03-31' },
  'organisation.contactsEdited': { from: '', to: 'Bo Ørn · bo@klinik.example' },
  'organisation.closed': { users: 1, reason: 'Klinikken er lukket' },
  'organisation.reopened': { reason: 'Lukket ved en fejl.' },
  'organisation.selfAssignmentSwitched': { isAllowed: true, reason: 'Kun én læge' },
  'agreement.registered': agreementDetail,
  'agreement.renewed': { ...agreementDetail, to: '2028-12-31', renews: 1 },
  'agreement.ended': { agreementId: 2, lastDay: '2026-12-31', reason: 'Opsagt af organisationen' },
  'agreement.reminded': { agreementId: 2, lastDay: '2026-12-31', daysBefore: 30 },
  'agreement.accepted': { number: 3 },
  'agreementText.drafted': { number: 3, characters: 1200 },
  'agreementText.published': { number: 3, changes: 'Afsnit 4 om logning.' },
  'administrator.appointedFirst': { agreementId: 2 },
  'administrator.appointedOnAgreement': { agreementId: 2, reason: 'Fratrådt', stoodDown: 'Anders Øland' },
  'administrator.firstLoginExtended': { until: '06-12-2026 kl. 12.00' },
  'administrator.firstLogin': { provider: 'NemLog-in', level: 'Substantial', rid: '0012' },
  'sor.imported': { fileName: 'sor.csv', rows: 1, added: 1, changed: 0, closed: 0 },
  'service.imported': { fileName: 'services.json', services: 1, roles: 2 },
  'service.created': { code: 'plov', name: 'Plejehjemsoversigten', owner: 'Sundhedsdatastyrelsen' },
  'service.edited': { code: 'plov', name: 'Plejehjemsoversigten', changes: { owner: { from: 'A', to: 'B' } } },
  'service.roleCreated': { service: 'plov', role: 'laes', roleName: 'Læser', needsSor: true, needsCpr: false },
  'service.roleEdited': {
    service: 'plov',
    role: 'laes',
    roleName: 'Læser',
    changes: { needsSor: { from: 'Ja', to: 'Nej' } },
  },
  'service.retirementPlanned': {
    code: 'laes',
    name: 'Læser',
    service: 'plov',
    day: '2026-12-31',
    before: '2026-11-30',
    successor: 'Redaktør',
    organisations: 2,
    users: 1,
    reason: 'Ny version.',
  },
  'service.retirementTold': { code: 'plov', name: 'Plov', service: null, day: '2026-12-31', successor: null, users: 0 },
  'service.retirementCancelled': { code: 'plov', name: 'Plov', service: null, day: '2026-12-31' },
  'service.retired': { code: 'plov', name: 'Plov', service: null, day: '2026-12-31' },
  'organisationRole.granted': { roles: [{ role: 'laes', roleName: 'Læser', service: 'plov' }], reason: null },
  'organisationRole.withdrawn': {
    roles: Array.from({ length: 12 }, (_, place) => ({
      role: `r${place}`,
      roleName: `Rolle ${place}`,
      service: 'plov',
    })),
    lastDay: '2026-12-31',
    assignments: 3,
    users: 2,
    reason: 'Aftalen er ændret',
  },
  'serviceAccess.requested': {
    requestId: 1,
    service: 'plov',
    roles: [{ role: 'laes', roleName: 'Læser', service: 'plov' }],
    purpose: 'Tilsyn.',
    legalBasis: 'Sundhedsloven § 42 a',
  },
  'serviceAccess.registered': {
    requestId: 1,
    service: 'plov',
    roles: [{ role: 'laes', roleName: 'Læser', service: 'plov' }],
    purpose: 'Tilsyn',
    legalBasis: 'Sundhedsloven § 42 a.',
    askedBy: 'Bo Krag',
    askedOn: '2026-11-02',
  },
  'serviceAccess.withdrawn': { requestId: 1, service: 'plov' },
  'serviceAccess.decided': {
    requestId: 1,
    service: 'plov',
    granted: [{ role: 'laes', roleName: 'Læser', service: 'plov' }],
    rejected: [{ role: 'ret', roleName: 'Redaktør', service: 'plov' }],
    reason: 'Kun læsning.',
  },
  'demo.seeded': { users: 1, assignments: 2 },
  'setting.saved': {
    title: 'Kontaktoplysninger',
    version: 2,
    changes: { Telefontid: { from: 'Hverdage', to: 'Altid' } },
    texts: ['Tekst'],
  },
  'statusMessage.published': statusMessage,
  'statusMessage.updated': { ...statusMessage, kind: 'MESSAGE' },
  'statusMessage.ended': statusMessage,
  'statusMessage.cancelled': statusMessage,
  'statusMessage.over': statusMessage,
};

describe.each(Object.entries(details) as [EventKind, object][])('%s', (kind, detail) => {
  it('is told in one Danish sentence', () => {
    const sentence = sentenceOf(kind, detail, told);
    expect(sentence).toMatch(/^[A-ZÆØÅ].+\.$/);
    expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\.\./);
    expect(sentence).not.toContain(kind);
  });
  it('refuses a detail that is not its own', () => {
    expect(() => event(kind, { organisation: null, target: null }, {} as never)).toThrow(z.ZodError);
  });
});

it('has an example of every kind here', () => {
  expect(Object.keys(details).toSorted()).toEqual(Object.keys(eventTypes).toSorted());
});

it('tells reason and case number with their stops', () => {
  const both = sentenceOf('role.assigned', { ...assignment, reason: 'Vikar', caseNumber: '26/1' }, told);
  expect(both).toBe(
    'Åse Østergård tildelte Søren Nørgård rollen Læge (AFD_LÆGE, FMK) ved Kirurgi (90000031000016005), kun denne enhed. Begrundelse: Vikar. Sagsnummer: 26/1.',
  );
  expect(sentenceOf('role.assigned', assignment, told)).toMatch(/kun denne enhed\.$/);
});

it('shows what it does not know by its kind, and never hides it', () => {
  expect(sentenceOf('user.teleported', {}, told)).toBe('Åse Østergård: user.teleported');
  expect(sentenceOf('user.created', { nonsense: 1 }, told)).toBe('Åse Østergård: user.created');
  expect(sentenceOf('constructor', {}, told)).toBe('Åse Østergård: constructor');
});
