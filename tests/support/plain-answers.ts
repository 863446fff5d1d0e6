import type { LoginClaims } from '../../src/demo/identity-provider/login-claims.ts';
import { nameIdOf } from '../../src/demo/identity-provider/login-claims.ts';
import type { Forgery } from '../../src/demo/identity-provider/login-answer.ts';
import { newSamlId } from '../../src/demo/identity-provider/saml-messages.ts';
import type { Claims } from '../../src/sign-in/saml/claims.ts';
import { namespace, persistentFormat } from '../../src/sign-in/saml/names.ts';
import type { OpenedResponse, OpenResponse, ResponseToOpen } from '../../src/sign-in/saml/open-response.ts';
import { openResponse } from '../../src/sign-in/saml/open-response.ts';

/**
 * Answers that are taken at their word, for the many logins that no test is about: all of the login but its signature and
 * its encryption, which cost more than the rest. Every answer that was not told beforehand is opened as it always is.
 */
export function plainAnswers() {
  const told = new Map<string, LoginClaims>();
  const open: OpenResponse = async (response) => {
    const claims = told.get(response.requestId);
    return claims === undefined ? openResponse(response) : openedAs(claims, response);
  };
  return {
    openResponse: open,
    /** How the answer to the request differs from a genuine one. */
    to(requestId: string, claims: LoginClaims): Forgery {
      told.set(requestId, claims);
      return { sign: (xml) => xml, protect: () => `<saml:EncryptedAssertion xmlns:saml="${namespace.assertion}"/>` };
    },
  };
}

function openedAs(claims: LoginClaims, { entityId, now }: ResponseToOpen): OpenedResponse {
  return {
    outcome: 'opened',
    verified: { id: newSamlId(), signatureValue: 'none', certificateFingerprint: 'none' },
    facts: {
      issueInstant: now,
      nameId: nameIdOf(claims, entityId),
      nameIdKind: { format: persistentFormat, nameQualifier: null, spNameQualifier: null },
      personKind: claims.cvr === null ? 'private' : 'professional',
      authnInstant: now,
      sessionIndex: newSamlId(),
      sessionNotOnOrAfter: null,
      usableUntil: new Date(now.getTime() + 300_000),
    },
    claims: claimsAsRead(claims),
  };
}

function claimsAsRead({ carriesCpr, organisationName, uuid, email, ...claims }: LoginClaims): Claims {
  return {
    ...claims,
    organisationName: organisationName ?? '',
    uuid: claims.cvr === null ? null : uuid,
    fullName: `${claims.firstName} ${claims.lastName}`,
    email,
    emails: email === null ? [] : [email],
    carriedCpr: carriesCpr,
    isPrivatePerson: claims.cvr === null,
  };
}
