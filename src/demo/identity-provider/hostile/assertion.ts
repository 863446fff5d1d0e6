import type { Parties, Rules } from './parties.ts';
import { assertion, swap, doubled, endedAt, without, ago } from './edits.ts';

/** The assertion: whole, of now, for the bearer and for us. */
export const assertionRules = ({ service, otherService }: Parties): Rules => ({
  'The assertion is whole, and of now': {
    'of another version': ['incomplete', assertion(swap('Version="2.0"', 'Version="1.1"'))],
    'with an unknown statement': [
      'incomplete',
      assertion(swap('<saml:AttributeStatement>', '<saml:AuthzDecisionStatement/><saml:AttributeStatement>')),
    ],
    'that is too old': ['expired', { assertion: { issued: ago(20) } }],
    'from the future': ['not-yet-valid', { assertion: { issued: ago(-5) } }],
    'without a time': ['not-genuine', assertion(swap(/ IssueInstant="[^"]*"/, ''))],
    'with a time that is none': [
      'not-genuine',
      assertion(swap(/ IssueInstant="[^"]*"/, ' IssueInstant="2026-13-40T99:00:00Z"')),
    ],
    'without a login statement': ['incomplete', assertion((xml) => without(xml, 'AuthnStatement'))],
    'with two login statements': [
      'incomplete',
      assertion((xml) => doubled(xml, /<saml:AuthnStatement .*<\/saml:AuthnStatement>/)),
    ],
    'of a login in the future': [
      'not-yet-valid',
      assertion(swap(/AuthnInstant="[^"]*"/, `AuthnInstant="${ago(-60).toISOString()}"`)),
    ],
    'of a login without a time': ['incomplete', assertion(swap(/ AuthnInstant="[^"]*"/, ''))],
    'of a session that has ended': [
      'expired',
      assertion(swap(/SessionNotOnOrAfter="[^"]*"/, `SessionNotOnOrAfter="${ago(1).toISOString()}"`)),
    ],
    'of a session whose end is none': [
      'incomplete',
      assertion(swap(/SessionNotOnOrAfter="[^"]*"/, 'SessionNotOnOrAfter="never"')),
    ],
    'with a SessionIndex of 2,000 characters': ['incomplete', { assertion: { sessionIndex: 'x'.repeat(2000) } }],
    'without attributes': ['incomplete', assertion((xml) => without(xml, 'AttributeStatement'))],
    'with two lists of attributes': [
      'incomplete',
      assertion((xml) => doubled(xml, /<saml:AttributeStatement>.*<\/saml:AttributeStatement>/)),
    ],
  },
  'It is confirmed for the bearer, here and now': {
    'without a subject': ['incomplete', assertion((xml) => without(xml, 'Subject'))],
    'with two subjects': ['incomplete', assertion((xml) => doubled(xml, /<saml:Subject>.*<\/saml:Subject>/))],
    'without a confirmation': ['incomplete', assertion((xml) => without(xml, 'SubjectConfirmation'))],
    'with two confirmations': [
      'incomplete',
      assertion((xml) => doubled(xml, /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/)),
    ],
    'by another method': ['incomplete', assertion(swap('cm:bearer', 'cm:sender-vouches'))],
    'by the holder of a key': ['incomplete', assertion(swap('cm:bearer', 'cm:holder-of-key'))],
    'without data': ['incomplete', assertion(swap(/<saml:SubjectConfirmationData[^>]*\/>/, ''))],
    'for another recipient': ['not-for-us', { assertion: { recipient: 'https://evil.example/saml/acs' } }],
    'for the other portal': ['not-for-us', { assertion: { recipient: otherService.acsUrl } }],
    'without a recipient': ['not-for-us', assertion(swap(/ Recipient="[^"]*"/, ''))],
    'that has ended': ['expired', assertion((xml) => endedAt(xml, 0, ago(4)))],
    'without an end': ['not-genuine', assertion(swap(/ NotOnOrAfter="[^"]*"/, ''))],
    'whose end is none': ['incomplete', assertion(swap(/ NotOnOrAfter="[^"]*"/, ' NotOnOrAfter="2026-02-30"'))],
    'that begins later': [
      'not-yet-valid',
      assertion(
        swap('<saml:SubjectConfirmationData', `<saml:SubjectConfirmationData NotBefore="${ago(-10).toISOString()}"`),
      ),
    ],
  },
  'Its conditions hold, all of them, and name us': {
    'without conditions': ['incomplete', assertion((xml) => without(xml, 'Conditions'))],
    'with conditions twice': [
      'not-genuine',
      assertion((xml) => doubled(xml, /<saml:Conditions .*<\/saml:Conditions>/)),
    ],
    'with an unknown condition': [
      'incomplete',
      assertion(swap('<saml:AudienceRestriction>', '<saml:Condition/><saml:AudienceRestriction>')),
    ],
    'for another audience': ['not-for-us', { assertion: { audience: otherService.entityId } }],
    'for an audience that begins as we do': [
      'not-for-us',
      { assertion: { audience: `${service.entityId}.evil.example` } },
    ],
    'for an empty audience': ['not-for-us', { assertion: { audience: '' } }],
    'without an audience': ['incomplete', assertion((xml) => without(xml, 'AudienceRestriction'))],
    'for us and, in a second restriction, for somebody else': [
      'not-for-us',
      assertion((xml) =>
        xml.replace(
          '</saml:AudienceRestriction>',
          '</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>https://evil.example</saml:Audience></saml:AudienceRestriction>',
        ),
      ),
    ],
    'that have ended': ['expired', assertion((xml) => endedAt(xml, 1, ago(4)))],
    'that begin later': [
      'not-yet-valid',
      assertion(swap(/<saml:Conditions NotBefore="[^"]*"/, `<saml:Conditions NotBefore="${ago(-10).toISOString()}"`)),
    ],
    'without an end': [
      'not-genuine',
      assertion(swap(/(<saml:Conditions NotBefore="[^"]*") NotOnOrAfter="[^"]*"/, '$1')),
    ],
    'whose beginning is none': [
      'incomplete',
      assertion(swap(/<saml:Conditions NotBefore="[^"]*"/, '<saml:Conditions NotBefore="now"')),
    ],
  },
});
