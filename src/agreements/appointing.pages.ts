import { typed } from '../http/forms.ts';
import type { Posted } from '../http/forms.ts';
import type { Deed, DeedFault } from '../organisations/deed.ts';
import { deedPage, reasonField } from '../organisations/deed.ts';
import { organisationCrumbs } from '../organisations/organisation.pages.ts';
import { organisationInWords, organisationPath } from '../organisations/organisation.ts';
import type { Page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import type { Agreement, NamedAdministrator } from './agreement.ts';
import { namedText } from './agreements.pages.ts';
import { periodText } from './agreement.ts';
import type { StandingAdministrator } from './appointing.queries.ts';

export type Appointee = {
  actor: Actor;
  organisation: AddressedOrganisation;
  agreement: Agreement;
  named: NamedAdministrator;
  posted: Posted;
  fault: DeedFault;
};

const firstLogin =
  'Personen får en mail om, hvordan man kommer i gang, og skal logge på inden 14 dage med organisationens CVR-nummer og det RID-nummer eller UUID, som aftalen nævner, på sikringsniveau Betydelig eller Høj.';

/** Udpeg den første organisationsadministrator. */
export function appointFirstPage(appointee: Appointee): Page {
  const { fault } = appointee;
  return deedPage(
    {
      ...deedOn(appointee, 'foerste'),
      title: 'Udpeg den første organisationsadministrator',
      texts: [firstLogin, 'Personen kan derefter selv udpege flere administratorer.'],
    },
    fault,
  );
}

/** Udpeg efter ny aftale: the only organisationsadministrator has left. */
export function appointOnAgreementPage(appointee: Appointee, old: StandingAdministrator | null): Page {
  const { posted, fault } = appointee;
  const deed = deedOn(appointee, 'ny');
  return deedPage(
    {
      ...deed,
      title: 'Udpeg organisationsadministrator efter ny aftale',
      facts: [
        ...(deed.facts ?? []),
        { label: 'Nuværende', value: old === null ? 'Ingen, der kan logge på' : fullName(old) },
      ],
      texts: [
        'Brug det kun, når organisationens eneste organisationsadministrator er fratrådt, og en ny aftale er underskrevet.',
        firstLogin,
        'Alle administratorer og aftalens kontaktpersoner får en mail.',
      ],
      fields: [reasonField(posted, fault.errors)],
      boxes:
        old === null
          ? []
          : [
              {
                name: 'laasgammel',
                label: `Spær ${fullName(old)} med det samme`,
                isTicked: typed(posted, 'laasgammel') === 'ja',
              },
            ],
    },
    fault,
  );
}

function deedOn(
  { actor, organisation, agreement, named }: Appointee,
  kind: 'foerste' | 'ny',
): Omit<Deed, 'title' | 'texts'> {
  const path = organisationPath(organisation, `/aftaler/${agreement.id}`);
  return {
    lead: organisationInWords(organisation),
    facts: [
      { label: 'Aftale', value: periodText(agreement) },
      { label: 'Navn', value: fullName(named) },
      { label: 'Aftalen siger', value: namedText(named) },
    ],
    version: agreement.version,
    button: 'Udpeg',
    paths: { form: `${path}/${kind}/${named.id}`, back: path },
    crumbs: organisationCrumbs(actor, organisation),
  };
}
