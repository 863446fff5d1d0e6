import type { AssuranceLevel } from './assurance-level.ts';
import { isAssuranceLevel } from './assurance-level.ts';
import type { AttributeNames } from './names.ts';
import { attribute, namespace, specVersion } from './names.ts';
import { demand } from './refusal.ts';
import { childrenNamed } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

/** Who an assertion says that somebody is. The CPR number itself is never read out, only whether there was one. */
export type Claims = {
  cvr: string | null;
  organisationName: string;
  uuid: string | null;
  rid: string | null;
  firstName: string;
  lastName: string;
  fullName: string;
  email: string | null;
  /** All that it carried, of which `email` is the first. */
  emails: readonly string[];
  level: AssuranceLevel;
  carriedCpr: boolean;
  isPrivatePerson: boolean;
};

type Attributes = ReadonlyMap<string, readonly string[]>;
type Names = Readonly<Record<keyof typeof attribute, string>>;

const legacyCprNumber = 'dk:gov:saml:attribute:CprNumberIdentifier';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_NAME = 200;

/**
 * Reads the attributes of OIOSAML 3 from a verified AttributeStatement, some under the provider's own names. Without a CVR it
 * is a private person.
 */
export function readClaims(statement: XmlElement, ownNames: AttributeNames = {}): Claims {
  const attributes = readAttributes(statement);
  const named: Names = { ...attribute, ...ownNames };
  demand(single(attributes, attribute.specVersion) === specVersion, 'incomplete', 'specVersion is not OIO-SAML-3.0');
  const level = single(attributes, attribute.level) ?? '';
  demand(isAssuranceLevel(level), 'incomplete', 'the level of assurance is missing or unknown');
  const cvr = single(attributes, named.cvr);
  demand(cvr === null || /^\d{8}$/.test(cvr), 'incomplete', 'the CVR number is not 8 digits');
  const organisationName = name(attributes, named.organisationName);
  demand(cvr === null || organisationName !== '', 'incomplete', 'the name of the organisation is missing');
  const emails = readEmails(attributes, named);
  return {
    ...readNames(attributes, named),
    cvr,
    organisationName,
    uuid: readUuid(attributes, named),
    rid: readRid(attributes, named),
    email: emails[0] ?? null,
    emails,
    level,
    carriedCpr: [named.cprNumber, legacyCprNumber].some((key) => attributes.get(key)?.some(Boolean)),
    isPrivatePerson: cvr === null,
  };
}

/** Each attribute once, values of text only: what could be read in two ways is not read at all. */
function readAttributes(statement: XmlElement): Attributes {
  const attributes = new Map<string, string[]>();
  for (const element of childrenNamed(statement, namespace.assertion, 'Attribute')) {
    const key = element.attributes.get('Name') ?? '';
    demand(key !== '' && !attributes.has(key), 'incomplete', 'an attribute without a name, or twice');
    const values = childrenNamed(element, namespace.assertion, 'AttributeValue');
    const isText = values.every((value) => value.children.length === 0);
    attributes.set(key, isText ? values.map((value) => value.text.trim()) : []);
  }
  return attributes;
}

/** The only value; null when there is none or it is empty. */
function single(attributes: Attributes, key: string): string | null {
  const values = attributes.get(key) ?? [];
  demand(values.length <= 1, 'incomplete', 'several values where one belongs');
  return values[0] || null;
}

function readNames(attributes: Attributes, named: Names): Pick<Claims, 'firstName' | 'lastName' | 'fullName'> {
  const firstName = name(attributes, named.firstName);
  const lastName = name(attributes, named.lastName);
  const fullName = name(attributes, named.fullName) || `${firstName} ${lastName}`.trim();
  return { firstName, lastName, fullName };
}

function name(attributes: Attributes, key: string): string {
  const text = single(attributes, key) ?? '';
  return text
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME);
}

/** Seen both bare and as `urn:uuid:…`, in either case: kept bare and in lower case. */
function readUuid(attributes: Attributes, named: Names): string | null {
  const text = single(attributes, named.uuid);
  if (text === null) return null;
  const uuid = text.toLowerCase().replace(/^urn:uuid:/, '');
  demand(UUID.test(uuid), 'incomplete', 'the UUID is not one');
  return uuid;
}

/** Text, not always digits: leading zeros and hyphens belong to it. */
function readRid(attributes: Attributes, named: Names): string | null {
  const rid = single(attributes, named.rid);
  demand(rid === null || /^[^\p{C}]{1,64}$/u.test(rid), 'incomplete', 'the RID is not 1 to 64 printable characters');
  return rid;
}

function readEmails(attributes: Attributes, named: Names): string[] {
  const values = attributes.get(named.email) ?? [];
  return values.filter((value) => value.length <= 254 && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(value));
}
