import type { Posted } from '../http/forms.ts';
import type { Page } from '../pages/page.ts';
import type { Actor } from '../permissions/actor.ts';
import { counted } from '../shared/text.ts';
import type { DeedFault } from './deed.ts';
import { deedPage, reasonField } from './deed.ts';
import { organisationCrumbs } from './organisation.pages.ts';
import type { Organisation } from './organisation.ts';
import { organisationInWords, organisationPath } from './organisation.ts';

type Shown = { actor: Actor; organisation: Organisation; posted: Posted; fault: DeedFault };

/** Luk organisationen: what it will do, and why. */
export function closePage({ actor, organisation, posted, fault }: Shown): Page {
  return deedPage(
    {
      title: 'Luk organisationen',
      lead: organisationInWords(organisation),
      facts: [
        { label: 'Brugere', value: counted(organisation.users, 'bruger', 'brugere') },
        { label: 'Tildelte roller', value: counted(organisation.activeAssignments, 'rolle', 'roller') },
      ],
      texts: [
        'Ingen af brugerne kan logge på, og de, der er logget på, bliver logget af ved næste klik. Administratorer fra andre organisationer mister deres adgang hertil.',
        'Intet slettes: brugere, roller og ændringslog bliver stående, og organisationen kan genåbnes. Organisationsadministratorer og kontaktpersoner får en mail.',
      ],
      fields: [reasonField(posted, fault.errors)],
      version: organisation.version,
      button: 'Luk organisationen',
      paths: { form: organisationPath(organisation, '/luk'), back: organisationPath(organisation) },
      crumbs: organisationCrumbs(actor, organisation),
    },
    fault,
  );
}

/** Genåbn organisationen. */
export function reopenPage({ actor, organisation, posted, fault }: Shown): Page {
  return deedPage(
    {
      title: 'Genåbn organisationen',
      lead: organisationInWords(organisation),
      facts: [
        { label: 'Lukket', value: organisation.closedOn ?? '' },
        { label: 'Begrundelse', value: organisation.closedReason ?? 'Ikke oplyst' },
      ],
      texts: [
        'Brugere, der ikke er spærret eller slettet, kan logge på igen med de roller, de har. Se brugerne og administratorerne igennem bagefter: nogle kan være fratrådt i mellemtiden.',
      ],
      fields: [reasonField(posted, fault.errors)],
      version: organisation.version,
      button: 'Genåbn organisationen',
      paths: { form: organisationPath(organisation, '/genaabn'), back: organisationPath(organisation) },
      crumbs: organisationCrumbs(actor, organisation),
    },
    fault,
  );
}

/** Roller til sig selv: switching the exception for organisations with one administrator on or off. */
export function selfAssignmentPage({ actor, organisation, posted, fault }: Shown): Page {
  const isOn = organisation.selfAssignmentAllowed;
  return deedPage(
    {
      title: isOn ? 'Slå roller til sig selv fra' : 'Tillad roller til sig selv',
      lead: organisationInWords(organisation),
      texts: isOn
        ? ['Administratorerne kan ikke længere give sig selv roller. De roller, de har givet sig selv, bliver stående.']
        : [
            'Undtagelsen er for organisationer, der er for små til to administratorer. Administratorerne kan så give sig selv roller. Hver gang skal de skrive en begrundelse, og det fortælles til de andre administratorer, systemejeren og servicedesk.',
          ],
      fields: [reasonField(posted, fault.errors)],
      version: organisation.version,
      button: isOn ? 'Slå fra' : 'Tillad',
      paths: { form: organisationPath(organisation, '/egen-tildeling'), back: organisationPath(organisation) },
      crumbs: organisationCrumbs(actor, organisation),
    },
    fault,
  );
}
