import { attribute, personPrefix } from '../../../sign-in/saml/names.ts';
import type { Parties, Rules } from './parties.ts';
import { asX509Name, assertion, swap, doubled, attributePattern, withoutAttribute, twice, otherCvr } from './edits.ts';

/** Who the person is, and how certainly. */
export const personRules = ({ cvr }: Parties): Rules => ({
  'The name is of a kind that is taken from the provider, and agrees with the attributes': {
    'with a NameID of another format': [
      'incomplete',
      assertion(swap('nameid-format:persistent', 'nameid-format:emailAddress')),
    ],
    'with the name of a certificate, which only older federations send': ['incomplete', assertion(asX509Name(cvr))],
    'with a NameID without a format': ['incomplete', assertion(swap(/<saml:NameID Format="[^"]*"/, '<saml:NameID'))],
    'without a NameID': ['incomplete', assertion(swap(/<saml:NameID .*?<\/saml:NameID>/, ''))],
    'with two': ['incomplete', assertion((xml) => doubled(xml, /<saml:NameID .*?<\/saml:NameID>/))],
    'with an encrypted one': ['incomplete', assertion(swap(/<saml:NameID .*?<\/saml:NameID>/, '<saml:EncryptedID/>'))],
    'with an empty NameID': ['incomplete', { assertion: { nameId: ' ' } }],
    'with a NameID of 2,000 characters': ['incomplete', { assertion: { nameId: 'x'.repeat(2000) } }],
    'whose NameID says person and attributes organisation': [
      'incomplete',
      { assertion: { nameId: `${personPrefix}1` } },
    ],
    'whose CVR number is hidden in an element': ['incomplete', assertion(swap(`>${cvr}<`, `><x>${cvr}</x><`))],
  },
  'The attributes are those of the profile, each once': {
    'of another version of the profile': ['incomplete', assertion(swap('OIO-SAML-3.0', 'DK-SAML-2.0'))],
    'without a version': ['incomplete', assertion((xml) => withoutAttribute(xml, attribute.specVersion))],
    'without a level': ['incomplete', assertion((xml) => withoutAttribute(xml, attribute.level))],
    'with two levels': ['incomplete', assertion((xml) => twice(xml, attribute.level))],
    'with two values of the level': [
      'incomplete',
      assertion(
        swap(
          '<saml:AttributeValue>Substantial</saml:AttributeValue>',
          '<saml:AttributeValue>Substantial</saml:AttributeValue><saml:AttributeValue>High</saml:AttributeValue>',
        ),
      ),
    ],
    'with the level in small letters': ['incomplete', assertion(swap('>Substantial<', '>substantial<'))],
    'with the level as an address': [
      'incomplete',
      assertion(swap('>Substantial<', '>https://data.gov.dk/concept/core/nsis/loa/Substantial<')),
    ],
    'with the level of an older profile': ['incomplete', assertion(swap('>Substantial<', '>4<'))],
    'with a CVR number of seven digits': ['incomplete', { claims: { cvr: '3991001' } }],
    'with a CVR number with letters': ['incomplete', { claims: { cvr: '3991001x' } }],
    'with two CVR numbers': [
      'incomplete',
      assertion(
        swap(
          `<saml:AttributeValue>${cvr}</saml:AttributeValue>`,
          `<saml:AttributeValue>${cvr}</saml:AttributeValue><saml:AttributeValue>${otherCvr(cvr)}</saml:AttributeValue>`,
        ),
      ),
    ],
    'with the CVR number in two attributes': [
      'incomplete',
      assertion((xml) => doubled(xml, attributePattern(attribute.cvr))),
    ],
    'without the name of the organisation': [
      'incomplete',
      assertion((xml) => withoutAttribute(xml, attribute.organisationName)),
    ],
    'whose UUID is none': ['incomplete', { claims: { uuid: 'soren' } }],
    'whose UUID is in braces': ['incomplete', { claims: { uuid: '{6281da2f-6433-4486-9a3f-bd2363779ab4}' } }],
    'with a RID of 65 characters': ['incomplete', { claims: { rid: '1'.repeat(65) } }],
    'with an attribute without a name': [
      'not-genuine',
      assertion(
        swap(
          '<saml:AttributeStatement>',
          '<saml:AttributeStatement><saml:Attribute><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>',
        ),
      ),
    ],
  },
  'The level is high enough': {
    'below that of SEB': ['too-low-level', { claims: { level: 'Low' } }],
  },
});
