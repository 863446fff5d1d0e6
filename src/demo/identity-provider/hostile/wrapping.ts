import type { Parties, Rules } from './parties.ts';
import { signedXml, swap, idOf, doubled, forged, evil, inObject, signaturePattern } from './edits.ts';

/** Signature wrapping: what is signed is not what is read. */
export const wrappingRules = ({ cvr }: Parties): Rules => ({
  'What is signed is what is read (signature wrapping)': {
    'a reference to the whole document': ['not-genuine', signedXml(swap(/URI="#[^"]*"/, 'URI=""'))],
    'a reference to nothing': ['not-genuine', signedXml(swap(/ URI="#[^"]*"/, ''))],
    'a reference by XPointer': ['not-genuine', signedXml(swap(/URI="#([^"]*)"/, `URI="#xpointer(id('$1'))"`))],
    'a reference to another id': ['not-genuine', signedXml(swap(/URI="#[^"]*"/, 'URI="#_other"'))],
    'two references': ['not-genuine', signedXml((xml) => doubled(xml, /<ds:Reference .*<\/ds:Reference>/))],
    'no reference': ['not-genuine', signedXml(swap(/<ds:Reference .*<\/ds:Reference>/, ''))],
    'two SignedInfo elements': ['not-genuine', signedXml((xml) => doubled(xml, /<ds:SignedInfo>.*?<\/ds:SignedInfo>/))],
    'two signatures': ['not-genuine', signedXml((xml) => doubled(xml, signaturePattern()))],
    'a signature inside the Subject': [
      'not-genuine',
      signedXml((xml) => {
        const own = signaturePattern().exec(xml)?.[0] ?? '';
        return xml.replace(own, '').replace('<saml:Subject>', `<saml:Subject>${own}`);
      }),
    ],
    'the signed assertion inside a forged one': [
      'not-genuine',
      signedXml((xml) => evil(xml, cvr, `${xml}</saml:Assertion>`)),
    ],
    'the signed assertion in the Advice of a forged one': [
      'not-genuine',
      signedXml((xml) => evil(xml, cvr, `<saml:Advice>${xml}</saml:Advice></saml:Assertion>`)),
    ],
    'the signed assertion in an Object of the forged one’s signature': [
      'not-genuine',
      signedXml((xml) => inObject(xml, cvr)),
    ],
    'the signed assertion in the KeyInfo of the forged one’s signature': [
      'not-genuine',
      signedXml((xml) => inObject(xml, cvr).replaceAll('ds:Object', 'ds:KeyInfo')),
    ],
    'a forged assertion before the signed one': ['not-genuine', signedXml((xml) => forged(xml, cvr) + xml)],
    'a forged assertion after the signed one': ['not-genuine', signedXml((xml) => xml + forged(xml, cvr))],
    'a forged assertion with the id of the signed one': [
      'not-genuine',
      signedXml((xml) => evil(xml, cvr, `${xml}</saml:Assertion>`).replace('ID="_evil"', `ID="${idOf(xml)}"`)),
    ],
    'an assertion without an id': ['not-genuine', signedXml(swap(/ ID="[^"]*"/, ''))],
    'an id twice inside': [
      'not-genuine',
      signedXml((xml) => xml.replace('<saml:Subject>', `<saml:Subject Id="${idOf(xml)}">`)),
    ],
  },
});
