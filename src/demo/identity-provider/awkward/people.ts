import { demoPeople } from '../../demo-people.ts';
import type { LoginClaims } from '../login-claims.ts';
import { uuidFrom } from '../login-claims.ts';
import type { AwkwardCase } from './awkward-case.ts';
import { login } from './awkward-case.ts';

const stranger = { firstName: 'Frederikke', lastName: 'Ukendt', email: 'frederikke.ukendt@example.dk' };

/** Whose login it is, and what it tells of the person. */
export const personCases: AwkwardCase[] = [
  login(
    { id: 'low-level', label: 'For lavt sikringsniveau', explanation: 'Personen er kun logget på med niveau Lav.' },
    { claims: (claims) => ({ ...claims, level: 'Low' }) },
  ),
  login(
    {
      id: 'high-level',
      label: 'Niveau Høj',
      explanation: 'Personen er logget på med et højere niveau end nødvendigt.',
    },
    { claims: (claims) => ({ ...claims, level: 'High' }) },
  ),
  login(
    { id: 'no-rid', label: 'Uden RID-nummer', explanation: 'Personen har et UUID, men intet RID-nummer.' },
    { claims: (claims) => ({ ...claims, rid: null }) },
  ),
  login(
    { id: 'no-cpr', label: 'Uden CPR-nummer', explanation: 'En rolle kan kræve et login med CPR-nummer.' },
    { claims: (claims) => ({ ...claims, carriesCpr: false }) },
  ),
  login(
    {
      id: 'other-uuid',
      label: 'Med et andet UUID',
      explanation: 'Samme CVR- og RID-nummer, men et UUID, som SEB ikke kender.',
    },
    { claims: (claims) => ({ ...claims, uuid: uuidFrom(`other ${claims.uuid}`) }) },
  ),
  login(
    {
      id: 'two-users',
      label: 'Med en kollegas UUID',
      explanation: 'RID-nummeret hører til personen, men UUID’et til en anden bruger: en konflikt, som skal afgøres.',
    },
    { claims: (claims) => ({ ...claims, uuid: colleagueOf(claims)?.uuid ?? claims.uuid }) },
  ),
  login(
    {
      id: 'other-name',
      label: 'Med andet navn og anden e-mail',
      explanation: 'Personen kommer ind, og administratorerne bliver spurgt, om brugeren skal opdateres.',
    },
    { claims: (claims) => ({ ...claims, lastName: `${claims.lastName} Gift`, email: `gift.${claims.email ?? ''}` }) },
  ),
  login(
    {
      id: 'unknown-user',
      label: 'En ukendt kollega',
      explanation: 'En person fra den valgte persons organisation, som ikke er oprettet i SEB.',
    },
    { claims: (claims) => ({ ...claims, ...stranger, rid: '77000001', uuid: uuidFrom(`${claims.cvr}`) }) },
  ),
  {
    id: 'unknown-cvr',
    label: 'Et ukendt CVR-nummer',
    explanation: 'En person fra en organisation, som SEB ikke kender.',
    about: 'other',
    outcome: {
      kind: 'login',
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
      kind: 'login',
      claims: (claims) => ({ ...claims, ...stranger, ...noOrganisation, uuid: uuidFrom('private-person') }),
    },
  },
];

const noOrganisation = { cvr: null, organisationName: null, rid: null };

function colleagueOf({ cvr, uuid }: LoginClaims) {
  return demoPeople.find((one) => one.cvr === cvr && one.uuid !== uuid);
}
