import { status } from '../../../sign-in/saml/names.ts';
import type { Parties, Rules } from './parties.ts';
import {
  response,
  assertion,
  swap,
  doubled,
  failedWith,
  assertionSignedElsewhere,
  otherProtocol,
  ago,
} from './edits.ts';

/** The envelope: for whom, when, in answer to what, from whom, and with which status. */
export const envelopeRules = ({ issuer, other, service, otherService }: Parties): Rules => ({
  'It is for this address, of now': {
    'for another destination': ['not-for-us', { response: { destination: 'https://evil.example/saml/acs' } }],
    'for the other portal': ['not-for-us', { response: { destination: otherService.acsUrl } }],
    'for the address in plain http': ['not-for-us', { response: { destination: otherProtocol(service.acsUrl) } }],
    'for the address with a slash more': ['not-for-us', { response: { destination: `${service.acsUrl}/` } }],
    'without a destination': ['not-for-us', response(swap(/ Destination="[^"]*"/, ''))],
    'that is too old': ['expired', { response: { issued: ago(20) } }],
    'from the future': ['not-yet-valid', { response: { issued: ago(-5) } }],
    'without a time': ['malformed', response(swap(/ IssueInstant="[^"]*"/, ''))],
    'with a time that is none': ['malformed', response(swap(/ IssueInstant="[^"]*"/, ' IssueInstant="yesterday"'))],
    'with a time without its zone': ['malformed', response(swap(/( IssueInstant="[^"]*)Z"/, '$1"'))],
  },
  'It answers the request of this very browser': {
    'that answers another request': ['other-login', { response: { inResponseTo: '_0123456789' } }],
    'that answers no request': ['other-login', response(swap(/ InResponseTo="[^"]*"/, ''))],
    'that answers an empty request': ['other-login', response(swap(/ InResponseTo="[^"]*"/, ' InResponseTo=""'))],
    'whose assertion answers another request': ['other-login', { assertion: { inResponseTo: '_0123456789' } }],
    'whose assertion answers none': ['other-login', assertion(swap(/ InResponseTo="[^"]*"/, ''))],
  },
  'It comes from the provider that was asked': {
    'in an envelope from another issuer': ['wrong-provider', { response: { issuer: other.entityId } }],
    'with an assertion from another issuer': ['wrong-provider', { assertion: { issuer: other.entityId } }],
    'with two issuers': ['malformed', response((xml) => doubled(xml, /<saml:Issuer>.*?<\/saml:Issuer>/))],
    'with an issuer of another format': [
      'wrong-provider',
      response(swap('<saml:Issuer>', '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">')),
    ],
    'with an assertion without issuer': [
      'not-genuine',
      assertionSignedElsewhere(issuer.keys, /<saml:Issuer .*?<\/saml:Issuer>/),
    ],
    'with an assertion whose issuer is longer': [
      'wrong-provider',
      { assertion: { issuer: `${issuer.entityId}.evil.example` } },
    ],
    'signed by the other provider in its own name': [
      'wrong-provider',
      {
        signer: other.keys,
        assertion: { issuer: other.entityId },
        response: { issuer: other.entityId },
      },
    ],
  },
  'Only Success carries a login': {
    'cancelled at the provider': ['cancelled', failedWith(status.authnFailed)],
    'whose level the provider cannot reach': ['level-not-reachable', failedWith(status.noAuthnContext)],
    'denied by the provider': ['denied-by-provider', failedWith(status.requestDenied)],
    'of somebody whom the provider does not know': ['unknown-to-provider', failedWith(status.unknownPrincipal)],
    'that could not be passive': ['provider-failed', failedWith(status.noPassive)],
    'of a request that is not supported': ['provider-failed', failedWith(status.requestUnsupported)],
    'of another version, says the provider': ['provider-failed', failedWith(status.versionMismatch)],
    'with an assertion in spite of a failure': ['cancelled', { response: { status: status.authnFailed } }],
    'with Success below a failure': [
      'provider-failed',
      {
        response: { status: status.success },
        ...response(
          swap(
            /<samlp:StatusCode [^>]*\/>/,
            `<samlp:StatusCode Value="${status.responder}"><samlp:StatusCode Value="${status.success}"/></samlp:StatusCode>`,
          ),
        ),
      },
    ],
    'with Success in capitals': ['provider-failed', response(swap('status:Success', 'status:SUCCESS'))],
    'without a status': ['malformed', response(swap(/<samlp:Status>.*<\/samlp:Status>/, ''))],
    'with two': ['malformed', response((xml) => doubled(xml, /<samlp:Status>.*<\/samlp:Status>/))],
    'with a status without a code': ['malformed', response(swap(/<samlp:StatusCode [^>]*\/>/, ''))],
    'with a code without a value': ['malformed', response(swap(/<samlp:StatusCode [^>]*\/>/, '<samlp:StatusCode/>'))],
  },
});
