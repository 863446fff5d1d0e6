import { status } from '../../../sign-in/saml/names.ts';
import { ago, assertion, swap } from '../hostile/edits.ts';
import { strangerKeys } from '../hostile/stranger.ts';
import type { AwkwardCase } from './awkward-case.ts';
import { hostile, login } from './awkward-case.ts';

const refused = (id: string, label: string, explanation: string, value: string): AwkwardCase => ({
  id,
  label,
  explanation,
  about: 'other',
  outcome: { kind: 'status', status: value },
});

/** Every status with which a provider may say that there was no login. */
export const statusCases: AwkwardCase[] = [
  refused('cancelled', 'Login blev afbrudt', 'Personen trykker Annuller (AuthnFailed).', status.authnFailed),
  refused(
    'no-level',
    'Niveauet kan ikke nås',
    'Personen har intet på det niveau (NoAuthnContext).',
    status.noAuthnContext,
  ),
  refused('denied', 'Personen må ikke', 'Loginudbyderen afviser personen (RequestDenied).', status.requestDenied),
  refused(
    'unknown-person',
    'Personen er ukendt',
    'Loginudbyderen kender ikke personen (UnknownPrincipal).',
    status.unknownPrincipal,
  ),
  refused('no-passive', 'Kan ikke uden at spørge', 'NoPassive.', status.noPassive),
  refused('unsupported', 'Kan ikke det, SEB bad om', 'RequestUnsupported.', status.requestUnsupported),
  refused('version', 'Taler en anden version', 'VersionMismatch.', status.versionMismatch),
  hostile(
    { id: 'no-status', label: 'Siger hverken ja eller nej', explanation: 'Svaret har ingen status.' },
    'Only Success',
    'without a status',
  ),
];

/** Clocks that are wrong, and sessions that end. */
export const timeCases: AwkwardCase[] = [
  login(
    {
      id: 'short-session',
      label: 'Slutter om to minutter',
      explanation: 'Loginudbyderens egen session slutter snart, og sessionen i SEB slutter med den.',
    },
    { forgery: () => assertion(swap(/SessionNotOnOrAfter="[^"]*"/, `SessionNotOnOrAfter="${ago(-2).toISOString()}"`)) },
  ),
  login(
    {
      id: 'earlier-login',
      label: 'Logget på for en time siden',
      explanation:
        'Loginudbyderen spørger ikke igen. Det er nok til at komme ind, men ikke til at bekræfte, at det er dig.',
    },
    { forgery: () => assertion(swap(/AuthnInstant="[^"]*"/, `AuthnInstant="${ago(60).toISOString()}"`)) },
  ),
  hostile(
    { id: 'clock-slow', label: 'Et ur går bagud', explanation: 'Svaret er lavet for 20 minutter siden.' },
    'It is for this address',
    'that is too old',
  ),
  hostile(
    { id: 'clock-fast', label: 'Et ur går forud', explanation: 'Svaret er først lavet om fem minutter.' },
    'It is for this address',
    'from the future',
  ),
  hostile(
    { id: 'expired', label: 'Beviset er udløbet', explanation: 'Det gjaldt indtil for fire minutter siden.' },
    'Its conditions',
    'that have ended',
  ),
  hostile(
    { id: 'not-yet', label: 'Beviset gælder ikke endnu', explanation: 'Det gælder først om ti minutter.' },
    'Its conditions',
    'that begin later',
  ),
  hostile(
    { id: 'session-over', label: 'Sessionen er slut', explanation: 'Loginudbyderens egen session er allerede forbi.' },
    'The assertion is whole',
    'of a session that has ended',
  ),
];

/** From the wrong one, to the wrong one, or in answer to nothing. */
export const addressCases: AwkwardCase[] = [
  {
    id: 'unknown-provider',
    label: 'Fra en ukendt loginudbyder',
    explanation: 'SEB har ikke aftale med den.',
    about: 'person',
    outcome: {
      kind: 'forged',
      forgery: () => {
        const issuer = 'https://ukendt.example/metadata';
        return { assertion: { issuer }, response: { issuer }, signer: strangerKeys() };
      },
    },
  },
  hostile(
    {
      id: 'other-provider',
      label: 'Fra en anden loginudbyder',
      explanation: 'En, som SEB har aftale med, men som ikke blev valgt.',
    },
    'It comes from the provider',
    'signed by the other provider in its own name',
  ),
  hostile(
    { id: 'audience', label: 'Til en anden tjeneste', explanation: 'Beviset nævner en anden modtager (Audience).' },
    'Its conditions',
    'for another audience',
  ),
  hostile(
    {
      id: 'recipient',
      label: 'Til en anden adresse',
      explanation: 'Beviset skal afleveres et andet sted (Recipient).',
    },
    'It is confirmed',
    'for another recipient',
  ),
  hostile(
    {
      id: 'destination',
      label: 'Konvolut til en anden adresse',
      explanation: 'Svaret er adresseret til et andet sted (Destination).',
    },
    'It is for this address',
    'for another destination',
  ),
  hostile(
    {
      id: 'other-request',
      label: 'Svar på noget andet',
      explanation: 'Svarer på et login, som browseren ikke har begyndt.',
    },
    'It answers',
    'that answers another request',
  ),
  {
    id: 'replay',
    label: 'Samme svar igen',
    explanation: 'Det seneste svar sendes en gang til. Log på én gang først.',
    about: 'other',
    outcome: { kind: 'again' },
  },
];
