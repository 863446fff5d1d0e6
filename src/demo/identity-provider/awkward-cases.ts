import { status } from '../../sign-in/saml/names.ts';
import type { LoginClaims } from './login-claims.ts';
import { uuidFrom } from './login-claims.ts';

/** A login that is not as it should be: other claims, or no login at all. */
export type AwkwardCase = {
  id: string;
  label: string;
  explanation: string;
  /** Whether it changes the login of the person chosen, or stands alone. */
  about: 'person' | 'other';
  outcome: { claims(claims: LoginClaims): LoginClaims } | { status: string };
};

export const awkwardCases: AwkwardCase[] = [
  {
    id: 'low-level',
    label: 'For lavt sikringsniveau',
    explanation: 'Personen er kun logget ind på niveau Lav.',
    about: 'person',
    outcome: { claims: (claims) => ({ ...claims, level: 'Low' }) },
  },
  {
    id: 'no-rid',
    label: 'Uden RID-nummer',
    explanation: 'Personen har et UUID, men intet RID-nummer.',
    about: 'person',
    outcome: { claims: (claims) => ({ ...claims, rid: null }) },
  },
  {
    id: 'other-uuid',
    label: 'Med et andet UUID',
    explanation: 'Samme CVR- og RID-nummer, men et UUID, som SEB ikke kender.',
    about: 'person',
    outcome: { claims: (claims) => ({ ...claims, uuid: uuidFrom(`other ${claims.uuid}`) }) },
  },
  {
    id: 'unknown-user',
    label: 'En ukendt kollega',
    explanation: 'En person fra den valgte persons organisation, som ikke er oprettet i SEB.',
    about: 'person',
    outcome: { claims: (claims) => ({ ...claims, ...stranger, rid: '77000001', uuid: uuidFrom(`${claims.cvr}`) }) },
  },
  {
    id: 'unknown-cvr',
    label: 'Et ukendt CVR-nummer',
    explanation: 'En person fra en organisation, som SEB ikke kender.',
    about: 'other',
    outcome: {
      claims: (claims) => ({
        ...claims,
        ...stranger,
        cvr: '39919990',
        organisationName: 'Ukendt Virksomhed ApS',
        rid: '77000002',
        uuid: uuidFrom('unknown-cvr'),
      }),
    },
  },
  {
    id: 'private-person',
    label: 'En privatperson',
    explanation: 'En person med sit private MitID, altså uden organisation.',
    about: 'other',
    outcome: {
      claims: (claims) => ({
        ...claims,
        ...stranger,
        cvr: null,
        organisationName: null,
        rid: null,
        uuid: uuidFrom('private-person'),
      }),
    },
  },
  {
    id: 'cancelled',
    label: 'Login blev afbrudt',
    explanation: 'Personen trykker Annuller hos loginudbyderen.',
    about: 'other',
    outcome: { status: status.authnFailed },
  },
];

const stranger = { firstName: 'Frederikke', lastName: 'Ukendt', email: 'frederikke.ukendt@example.dk' };
