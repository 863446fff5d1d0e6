import { createHash } from 'node:crypto';
import type { AssuranceLevel } from '../../sign-in/saml/assurance-level.ts';
import { attribute, personPrefix, professionalPrefix, specVersion } from '../../sign-in/saml/names.ts';
import type { DemoPerson } from '../demo-people.ts';

/** What the test identity provider says about a person; null leaves the attribute out. */
export type LoginClaims = {
  firstName: string;
  lastName: string;
  email: string | null;
  level: AssuranceLevel;
  cvr: string | null;
  organisationName: string | null;
  uuid: string;
  rid: string | null;
  carriesCpr: boolean;
};

// Ten digits that can be nobody's: month and day do not exist.
const NOBODYS_CPR = '0000000000';

/** NemLog-in carries a CPR number, local providers do not: a role may need a login that does. */
export function claimsOf(person: DemoPerson, level: AssuranceLevel, provider: DemoPerson['provider']): LoginClaims {
  const { firstName, lastName, email, cvr, organisationName, uuid, rid } = person;
  const carriesCpr = provider === 'nemlog-in';
  return { firstName, lastName, email, level, cvr, organisationName, uuid, rid, carriesCpr };
}

/** Name and value of each attribute that is sent. */
export function attributesOf(claims: LoginClaims): [string, string][] {
  const values: [string, string | null][] = [
    [attribute.specVersion, specVersion],
    [attribute.level, claims.level],
    [attribute.fullName, `${claims.firstName} ${claims.lastName}`],
    [attribute.firstName, claims.firstName],
    [attribute.lastName, claims.lastName],
    [attribute.email, claims.email],
    [attribute.cprNumber, claims.carriesCpr ? NOBODYS_CPR : null],
    [attribute.cvr, claims.cvr],
    [attribute.organisationName, claims.organisationName],
    [attribute.uuid, claims.cvr === null ? null : claims.uuid],
    [attribute.rid, claims.rid],
  ];
  return values.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

/** The same person gets another NameID at another service, as OIOSAML wants it. */
export function nameIdOf(claims: LoginClaims, audience: string): string {
  return `${claims.cvr === null ? personPrefix : professionalPrefix}${uuidFrom(`${audience} ${claims.uuid}`)}`;
}

/** A UUID that is always the same for the same text. */
export function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
