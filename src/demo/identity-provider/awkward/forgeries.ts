import type { AwkwardCase } from './awkward-case.ts';
import { hostile } from './awkward-case.ts';

const signature = 'The assertion’s own signature';
const algorithms = 'The signature uses';
const wrapping = 'What is signed';
const encryption = 'The assertion is encrypted';

/** Signatures that are none. */
export const signatureCases: AwkwardCase[] = [
  hostile(
    { id: 'unsigned', label: 'Uden underskrift', explanation: 'Beviset er ikke underskrevet.' },
    signature,
    'missing',
  ),
  hostile(
    { id: 'wrong-key', label: 'Med en fremmed nøgle', explanation: 'Underskriveren lægger selv sit certifikat ved.' },
    signature,
    'with its certificate in KeyInfo alone',
  ),
  hostile(
    {
      id: 'others-key',
      label: 'Med en anden udbyders nøgle',
      explanation: 'En anden loginudbyder underskriver i denne udbyders navn.',
    },
    signature,
    'by another provider',
  ),
  hostile(
    { id: 'changed', label: 'Ændret efter underskriften', explanation: 'CVR-nummeret er skiftet ud.' },
    signature,
    'over changed attributes',
  ),
  hostile(
    { id: 'raised-level', label: 'Hævet niveau', explanation: 'Sikringsniveauet er hævet efter underskriften.' },
    signature,
    'over a changed level',
  ),
  hostile(
    { id: 'envelope-only', label: 'Kun på konvolutten', explanation: 'Svaret er underskrevet, beviset i det er ikke.' },
    signature,
    'on the Response alone',
  ),
  hostile(
    { id: 'sha1', label: 'Med SHA-1', explanation: 'En metode, der ikke er sikker mere.' },
    algorithms,
    'RSA-SHA1',
  ),
  hostile(
    { id: 'wrapped', label: 'Pakket ind', explanation: 'Det ægte bevis ligger inde i et falsk (signature wrapping).' },
    wrapping,
    'the signed assertion inside a forged one',
  ),
  hostile(
    { id: 'beside', label: 'To beviser', explanation: 'Et falsk bevis ligger foran det ægte.' },
    wrapping,
    'a forged assertion before the signed one',
  ),
];

/** Encryption that protects nothing. */
export const encryptionCases: AwkwardCase[] = [
  hostile(
    { id: 'plain', label: 'Uden kryptering', explanation: 'Beviset kan læses af browseren.' },
    encryption,
    'not encrypted, but signed',
  ),
  hostile(
    { id: 'cbc', label: 'Med AES-CBC', explanation: 'Kun tilladt for loginudbydere med en undtagelse.' },
    encryption,
    'with AES-CBC, without an exception',
  ),
  hostile(
    { id: 'rsa15', label: 'Med RSA 1.5', explanation: 'Nøglen er pakket på en måde, der kan gættes.' },
    encryption,
    'with RSA 1.5',
  ),
  hostile(
    { id: 'for-others', label: 'Krypteret til en anden', explanation: 'SEB har ikke nøglen.' },
    encryption,
    'encrypted for somebody else',
  ),
  hostile(
    { id: 'scrambled', label: 'Ændret undervejs', explanation: 'Et tegn i det krypterede er skiftet ud.' },
    encryption,
    'with a changed ciphertext',
  ),
];

const attributes = 'The attributes are';

/** What is in the message, or missing. */
export const contentCases: AwkwardCase[] = [
  hostile(
    { id: 'two-assertions', label: 'To krypterede beviser', explanation: 'Der må kun være ét.' },
    'It is one SAML',
    'with two encrypted assertions',
  ),
  hostile(
    { id: 'empty', label: 'Intet bevis', explanation: 'Svaret siger ja, men beviser intet.' },
    'It is one SAML',
    'with none',
  ),
  hostile(
    { id: 'no-attributes', label: 'Ingen oplysninger', explanation: 'Beviset fortæller intet om personen.' },
    'The assertion is whole',
    'without attributes',
  ),
  hostile(
    { id: 'no-level-told', label: 'Intet sikringsniveau', explanation: 'Niveauet er ikke oplyst.' },
    attributes,
    'without a level',
  ),
  hostile(
    { id: 'two-levels', label: 'To sikringsniveauer', explanation: 'Niveauet er oplyst to gange.' },
    attributes,
    'with two levels',
  ),
  hostile(
    { id: 'old-profile', label: 'Ældre OIOSAML', explanation: 'En anden version af profilen.' },
    attributes,
    'of another version of the profile',
  ),
  hostile(
    { id: 'two-cvrs', label: 'To CVR-numre', explanation: 'Personen skal være ét sted.' },
    attributes,
    'with two CVR numbers',
  ),
  hostile(
    {
      id: 'x509-name',
      label: 'Med certifikatets navn',
      explanation:
        'Et NameID som i ældre føderationer (X509SubjectName). Går igennem, når det er valgt under “Slags navne” hos udbyderen.',
    },
    'The name is',
    'with the name of a certificate, which only older federations send',
  ),
  hostile(
    { id: 'no-subject', label: 'Ingen person', explanation: 'Beviset nævner ikke, hvem det handler om.' },
    'It is confirmed',
    'without a subject',
  ),
  hostile(
    { id: 'doctype', label: 'Med DOCTYPE', explanation: 'XML, der henter andre filer.' },
    'The message is',
    'with a DOCTYPE',
  ),
  hostile(
    { id: 'entities', label: 'Med entiteter', explanation: 'XML, der vokser, når det læses.' },
    'The message is',
    'with entities that multiply',
  ),
  hostile(
    { id: 'deep', label: 'Meget dybt', explanation: '66.000 elementer inde i hinanden.' },
    'The message is',
    'nested 200 kB deep',
  ),
  hostile({ id: 'broken', label: 'Ødelagt', explanation: 'XML, der ikke er lukket.' }, 'The message is', 'not closed'),
];
