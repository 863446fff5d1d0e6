import type { FieldErrors, Posted } from '../http/forms.ts';
import { dayField } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import type { AddressedOrganisation } from '../pages/visit.ts';
import { danishDay, formatDateTime } from '../shared/dates.ts';
import { formatNumber } from '../shared/text.ts';
import { organisationLine } from '../users/users.pages.ts';
import { keptDays } from './audit-package.changes.ts';
import type { AuditPackage } from './audit-package.queries.ts';

export function packagePath(organisation: { cvr: string }, rest = ''): string {
  return `/organisationer/${organisation.cvr}/revisionspakke${rest}`;
}

type Shown = {
  organisation: AddressedOrganisation;
  packages: AuditPackage[];
  isLimited: boolean;
  posted: Posted;
  errors: FieldErrors;
};

/** Revisionspakke: its form, and those that one has ordered. */
export function packagesPage({ organisation, packages, isLimited, posted, errors }: Shown): Page {
  const isMaking = packages.some(({ endedAt }) => endedAt === null);
  const made = page(
    'audit-package/index',
    'Revisionspakke',
    {
      organisation: organisationLine(organisation),
      isLimited,
      isMaking,
      fields: [
        dayField({ name: 'fra', label: 'Fra og med', isRequired: true }, posted, errors),
        dayField({ name: 'til', label: 'Til og med', isRequired: true }, posted, errors),
      ],
      errors: Object.entries(errors).map(([field, message]) => ({ field, message })),
      rows: packages.map((one) => rowOf(organisation, one)),
      keptDays,
      paths: { form: packagePath(organisation) },
    },
    [home, { label: organisation.name, href: `/organisationer/${organisation.cvr}` }],
  );
  if (Object.keys(errors).length > 0) return rejected(made);
  return isMaking ? { ...made, refresh: 5 } : made;
}

function rowOf(organisation: AddressedOrganisation, one: AuditPackage): object {
  return {
    period: `${danishDay(one.from)} til ${danishDay(one.to)}`,
    ordered: formatDateTime(one.createdAt),
    state: stateOf(one),
    sha256: one.sha256,
    href: one.isThere ? packagePath(organisation, `/${one.id}/fil`) : null,
  };
}

function stateOf({ endedAt, failure, step, bytes }: AuditPackage): string {
  if (failure !== null) return `Ikke lavet: ${failure}.`;
  if (endedAt !== null) return `Klar (${formatNumber(Math.ceil(Number(bytes) / 1000))} kB)`;
  return step === null ? 'Begynder inden for et minut' : `I gang: ${step}`;
}
