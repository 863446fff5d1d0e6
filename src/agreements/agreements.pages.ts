import type { Posted } from '../http/forms.ts';
import type { DeedFault } from '../organisations/deed.ts';
import { deedPage, reasonField } from '../organisations/deed.ts';
import { organisationCrumbs } from '../organisations/organisation.pages.ts';
import { organisationInWords, organisationPath } from '../organisations/organisation.ts';
import { dayField } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import type { Actor } from '../permissions/actor.ts';
import { fullName } from '../permissions/actor.ts';
import { can } from '../permissions/can.ts';
import type { Action } from '../permissions/rules.ts';
import { danishDay } from '../shared/dates.ts';
import { formatNumber } from '../shared/text.ts';
import type { Agreement, AgreementDetails, NamedAdministrator } from './agreement.ts';
import { appointableFrom, isInForce, periodText, policyText, statusOf } from './agreement.ts';
import type { Appointing } from './appointing.queries.ts';

/** Aftale: what was registered, and what can be done with it. */
export function agreementPage(
  actor: Actor,
  organisation: AddressedOrganisation,
  agreement: AgreementDetails,
  appointing: Appointing,
): Page {
  const path = organisationPath(organisation, `/aftaler/${agreement.id}`);
  const may = (action: Action): boolean => can(actor, action, { organisationId: organisation.id });
  const actions = [
    ...(may('agreement.renew') && !agreement.isRenewed ? [{ label: 'Forny aftalen', href: `${path}/forny` }] : []),
    ...(may('agreement.end') && agreement.endedOn === null
      ? [{ label: 'Afslut aftalen', href: `${path}/afslut` }]
      : []),
  ];
  return page(
    'agreements/show',
    `Aftale ${periodText(agreement)}`,
    {
      lead: organisationInWords(organisation),
      period: periodText(agreement),
      actions,
      file: {
        name: agreement.file.fileName,
        size: `${formatNumber(agreement.file.kilobytes)} kB`,
        sha256: agreement.file.sha256,
        href: `${path}/fil`,
      },
      facts: factsOf(agreement),
      services: agreement.services,
      contacts: agreement.contacts.map(({ name, email }) => `${name}, ${email}`),
      administrators: agreement.administrators.map((named) => ({
        name: fullName(named),
        text: namedText(named),
        appointed: appointedText(named, agreement),
        action: appointAction(path, named, {
          mayFirst: may('administrator.appointFirst') && appointing.noneEverActive,
          mayOnAgreement: may('administrator.appointOnAgreement') && !appointing.noneEverActive,
          isUsable: isInForce(agreement) && !organisation.isClosed,
        }),
      })),
    },
    organisationCrumbs(actor, organisation),
  );
}

function factsOf(agreement: AgreementDetails): { label: string; value: string }[] {
  return [
    { label: 'Status', value: statusOf(agreement) },
    { label: 'Gælder', value: periodText(agreement) },
    { label: 'Underskrevet af', value: `${agreement.signerName}, ${agreement.signerTitle}` },
    { label: 'Underskrevet den', value: danishDay(agreement.signedOn) },
    { label: 'Sikkerhedspolitik efter', value: policyText(agreement) },
    // Who of the system owner's people it was stands in the organisation's log; nobody else can register one.
    { label: 'Registreret', value: `${agreement.registeredOn} af systemejeren` },
    ...(agreement.endedOn === null
      ? []
      : [{ label: 'Afsluttet', value: `${danishDay(agreement.endedOn)}. ${agreement.endReason ?? ''}` }]),
  ];
}

export function namedText({ email, rid, uuid }: NamedAdministrator): string {
  return [email, rid === null ? null : `RID-nummer ${rid}`, uuid === null ? null : `UUID ${uuid}`]
    .filter(Boolean)
    .join(' · ');
}

function appointedText({ appointedOn }: NamedAdministrator, agreement: Agreement): string {
  if (appointedOn !== null) return `Udpeget ${appointedOn}`;
  const from = appointableFrom(agreement);
  return from === null ? 'Ikke udpeget' : `Kan udpeges fra ${from}, når aftalen gælder`;
}

type MayAppoint = { mayFirst: boolean; mayOnAgreement: boolean; isUsable: boolean };

function appointAction(
  path: string,
  named: NamedAdministrator,
  { mayFirst, mayOnAgreement, isUsable }: MayAppoint,
): { label: string; href: string } | null {
  if (named.appointedUserId !== null || !isUsable) return null;
  if (mayFirst) return { label: 'Udpeg som organisationsadministrator', href: `${path}/foerste/${named.id}` };
  return mayOnAgreement ? { label: 'Udpeg efter ny aftale', href: `${path}/ny/${named.id}` } : null;
}

/** Afslut aftalen: its last day, and why. */
export function endPage(
  actor: Actor,
  organisation: AddressedOrganisation,
  agreement: Agreement,
  { posted, fault }: { posted: Posted; fault: DeedFault },
): Page {
  const path = organisationPath(organisation, `/aftaler/${agreement.id}`);
  return deedPage(
    {
      title: 'Afslut aftalen',
      lead: organisationInWords(organisation),
      facts: [
        { label: 'Gælder', value: periodText(agreement) },
        { label: 'Status', value: statusOf(agreement) },
      ],
      texts: [
        'Organisationsadministratorerne og aftalens kontaktpersoner får en mail. Organisationen kan bruge SEB, til du lukker den: det gør du på organisationens side.',
      ],
      fields: [
        dayField({ name: 'dag', label: 'Sidste dag', isRequired: true }, posted, fault.errors),
        reasonField(posted, fault.errors),
      ],
      version: agreement.version,
      button: 'Afslut aftalen',
      paths: { form: `${path}/afslut`, back: path },
      crumbs: organisationCrumbs(actor, organisation),
    },
    fault,
  );
}
