import type { AwkwardCase, CaseGroup } from './awkward-case.ts';
import { contentCases, encryptionCases, signatureCases } from './forgeries.ts';
import { personCases } from './people.ts';
import { addressCases, statusCases, timeCases } from './provider.ts';

/** What a person can choose instead of an ordinary login. */
export const caseGroups: CaseGroup[] = [
  { id: 'person', title: 'Hvem personen er', cases: personCases },
  { id: 'status', title: 'Loginudbyderen siger nej', cases: statusCases },
  { id: 'time', title: 'Ure og sessioner', cases: timeCases },
  { id: 'address', title: 'Forkert afsender, modtager eller forespørgsel', cases: addressCases },
  { id: 'signature', title: 'Falske underskrifter', cases: signatureCases },
  { id: 'encryption', title: 'Forkert kryptering', cases: encryptionCases },
  { id: 'content', title: 'Mangler eller fejl i indholdet', cases: contentCases },
];

export const awkwardCases: AwkwardCase[] = caseGroups.flatMap(({ cases }) => cases);
