import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import { mailFaultText } from '../mail/mail-fault.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { fullName } from '../permissions/actor.ts';
import { danishDay } from '../shared/dates.ts';
import { joinedWithAnd } from '../shared/text.ts';
import { administratorNames } from '../users/user.ts';
import { errorList, organisationLine } from '../users/users.pages.ts';
import type { Administrator, NamedService } from './administrator.ts';
import { kinds, servicesText } from './administrator.ts';
import { asTyped } from './administrators.forms.ts';
import { administratorsCrumbs, administratorsPath } from './administrators.pages.ts';

type Edited = {
  organisation: AddressedOrganisation;
  administrator: Administrator;
  services: NamedService[];
  posted: Posted;
  errors: FieldErrors;
  /** Somebody else changed the administrator meanwhile. */
  isStale?: boolean;
};

/** Rediger administrator: kind, SEB Ansvarsområde, the services that limit, and the period. */
export function administratorPage(edited: Edited): Page {
  const { organisation, administrator, services, posted, errors, isStale = false } = edited;
  const chosen = typedList(posted, 'service');
  const path = administratorsPath(organisation);
  const shown = page(
    'administrators/edit',
    'Rediger administrator',
    {
      organisation: { line: organisationLine(organisation) },
      name: fullName(administrator),
      isLast: administrator.isLast,
      mailFault: administrator.mailFault === null ? null : mailFaultText(administrator.mailFault),
      version: isStale ? String(administrator.version) : typed(posted, 'version') || String(administrator.version),
      kinds: kinds.map((one) => ({
        ...one,
        name: administratorNames[one.kind],
        isChosen: typed(posted, 'slags') === one.kind,
      })),
      area: fieldOf(
        {
          name: 'omraade',
          label: 'SEB Ansvarsområde',
          hint: 'Det, administratoren svarer for, fx en afdeling. Medarbejdere ser det, når de skal finde en administrator.',
        },
        posted,
        errors,
      ),
      isLimited: typed(posted, 'begraens') === 'valgte',
      services: services.map((service) => ({ ...service, isChosen: chosen.includes(String(service.id)) })),
      start: administrator.hasBegun ? null : typed(posted, 'startdato'),
      since: danishDay(administrator.startsOn),
      stop: typed(posted, 'slutdato'),
      errors: errorList(errors),
      errorOf: errors,
      differences: isStale ? differences(edited) : null,
      paths: { form: `${path}/${administrator.id}`, list: path },
    },
    administratorsCrumbs(organisation),
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

function differences({ administrator, services, posted }: Edited): { label: string; saved: string; yours: string }[] {
  const saved = asTyped(administrator);
  const chosen = services.filter((service) => typedList(posted, 'service').includes(String(service.id)));
  const nameOf = (kind: string): string => kinds.find((one) => one.kind === kind)?.kind ?? administrator.kind;
  const role = (kind: string): string => administratorNames[nameOf(kind) as Administrator['kind']];
  const yours = typed(posted, 'begraens') === 'valgte' ? joinedWithAnd(chosen.map((one) => one.name)) : 'Alle services';
  return [
    { label: 'Rolle', saved: role(administrator.kind), yours: role(typed(posted, 'slags')) },
    { label: 'SEB Ansvarsområde', saved: typed(saved, 'omraade'), yours: typed(posted, 'omraade') },
    { label: 'Services', saved: servicesText(administrator.services), yours },
    { label: 'Til og med', saved: typed(saved, 'slutdato'), yours: typed(posted, 'slutdato') },
  ].filter((one) => one.saved !== one.yours);
}
