import { bearer, namespace, personPrefix, professionalPrefix } from './names.ts';
import type { NameIdFormat, NameIdKind } from './name-id.ts';
import { isOfFormat, kindOfNameId } from './name-id.ts';
import { demand } from './refusal.ts';
import { isIssuer } from './response-envelope.ts';
import { demandFresh, instant, isFuture, isPast } from './saml-values.ts';
import { childrenNamed, onlyChild } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

export type Expected = {
  providerEntityId: string;
  nameIdFormats: readonly NameIdFormat[];
  /** Our own entity id: the audience. */
  entityId: string;
  acsUrl: string;
  requestId: string;
  now: Date;
};

/** What a checked assertion says about the login itself. */
export type AssertionFacts = {
  issueInstant: Date;
  nameId: string;
  /** Format and qualifiers as they stood there: the provider knows the person by all of them when logging out. */
  nameIdKind: NameIdKind;
  /** By the form of the NameID; null when it does not tell. */
  personKind: 'professional' | 'private' | null;
  authnInstant: Date;
  sessionIndex: string | null;
  sessionNotOnOrAfter: Date | null;
  /** When the assertion can no longer be used anyway. */
  usableUntil: Date;
  attributeStatement: XmlElement;
};

const parts = ['Issuer', 'Signature', 'Subject', 'Conditions', 'Advice', 'AuthnStatement', 'AttributeStatement'];
const conditionKinds = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];
const MAX_ID_LENGTH = 1024;

/** Judges a verified assertion: from the provider, for us, for this login, in time. */
export function checkAssertion(assertion: XmlElement, expected: Expected): AssertionFacts {
  complete(assertion.attributes.get('Version') === '2.0', 'the version of the assertion is not 2.0');
  complete(
    assertion.children.every((child) => parts.includes(child.name)),
    'an unknown statement in the assertion',
  );
  const issuer = child(assertion, 'Issuer');
  demand(isIssuer(issuer, expected.providerEntityId), 'wrong-provider', 'the assertion is from another issuer');
  const issueInstant = time(assertion, 'IssueInstant');
  demandFresh(issueInstant, expected.now, 'assertion');
  const confirmedUntil = checkConfirmation(child(assertion, 'Subject'), expected);
  const validUntil = checkConditions(child(assertion, 'Conditions'), expected);
  return {
    ...readNameId(child(child(assertion, 'Subject'), 'NameID'), expected.nameIdFormats),
    ...readLogin(child(assertion, 'AuthnStatement'), expected.now),
    issueInstant,
    usableUntil: confirmedUntil > validUntil ? confirmedUntil : validUntil,
    attributeStatement: child(assertion, 'AttributeStatement'),
  };
}

function checkConfirmation(subject: XmlElement, expected: Expected): Date {
  const data = child(child(subject, 'SubjectConfirmation', isBearer), 'SubjectConfirmationData');
  const recipient = data.attributes.get('Recipient');
  demand(recipient === expected.acsUrl, 'not-for-us', 'Recipient is not our address');
  const inResponseTo = data.attributes.get('InResponseTo');
  demand(inResponseTo === expected.requestId, 'other-login', 'the assertion answers another request');
  return checkPeriod(data, expected.now, 'confirmation of the subject');
}

function isBearer(confirmation: XmlElement): boolean {
  return confirmation.attributes.get('Method') === bearer;
}

function checkConditions(conditions: XmlElement, expected: Expected): Date {
  complete(
    conditions.children.every(({ name }) => conditionKinds.includes(name)),
    'an unknown condition',
  );
  const restrictions = childrenNamed(conditions, namespace.assertion, 'AudienceRestriction');
  complete(restrictions.length > 0, 'no audience');
  const isForUs = restrictions.every((restriction) =>
    childrenNamed(restriction, namespace.assertion, 'Audience').some(({ text }) => text.trim() === expected.entityId),
  );
  demand(isForUs, 'not-for-us', 'the audience is somebody else');
  return checkPeriod(conditions, expected.now, 'conditions');
}

/** An end is obligatory, a start is not; both with the clocks' allowance. */
function checkPeriod(element: XmlElement, now: Date, what: string): Date {
  const end = time(element, 'NotOnOrAfter');
  demand(!isPast(end, now), 'expired', `the ${what} ended`);
  const start = element.attributes.has('NotBefore') ? time(element, 'NotBefore') : null;
  demand(start === null || !isFuture(start, now), 'not-yet-valid', `the ${what} did not begin`);
  return end;
}

function readNameId(
  element: XmlElement,
  accepted: readonly NameIdFormat[],
): Pick<AssertionFacts, 'nameId' | 'nameIdKind' | 'personKind'> {
  const nameId = element.text.trim();
  complete(nameId.length > 0 && nameId.length <= MAX_ID_LENGTH, 'the NameID is empty or too long');
  const nameIdKind = kindOfNameId(element);
  complete(isOfFormat(nameIdKind, accepted), 'the NameID is of a format that is not taken from this provider');
  if (nameId.startsWith(professionalPrefix)) return { nameId, nameIdKind, personKind: 'professional' };
  return { nameId, nameIdKind, personKind: nameId.startsWith(personPrefix) ? 'private' : null };
}

function readLogin(
  statement: XmlElement,
  now: Date,
): Pick<AssertionFacts, 'authnInstant' | 'sessionIndex' | 'sessionNotOnOrAfter'> {
  const authnInstant = time(statement, 'AuthnInstant');
  demand(!isFuture(authnInstant, now), 'not-yet-valid', 'the person logs in in the future');
  const sessionIndex = statement.attributes.get('SessionIndex') ?? null;
  complete((sessionIndex?.length ?? 0) <= MAX_ID_LENGTH, 'the SessionIndex is too long');
  const ends = statement.attributes.has('SessionNotOnOrAfter');
  const sessionNotOnOrAfter = ends ? time(statement, 'SessionNotOnOrAfter') : null;
  demand(sessionNotOnOrAfter === null || sessionNotOnOrAfter > now, 'expired', 'the session has ended');
  return { authnInstant, sessionIndex, sessionNotOnOrAfter };
}

function child(parent: XmlElement, name: string, isWanted?: (element: XmlElement) => boolean): XmlElement {
  const found = onlyChild(parent, namespace.assertion, name);
  complete(found !== null && (isWanted?.(found) ?? true), `not exactly one usable ${name}`);
  return found;
}

function time(element: XmlElement, name: string): Date {
  const found = instant(element.attributes.get(name));
  complete(found !== null, `${name} of ${element.name} is missing or unreadable`);
  return found;
}

function complete(condition: boolean, detail: string): asserts condition {
  demand(condition, 'incomplete', detail);
}
