import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { dayField, fieldOf } from '../pages/fields.ts';
import type { Crumb, Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import { danishDay } from '../shared/dates.ts';
import { counted, formatCvr, formatNumber } from '../shared/text.ts';
import { errorList } from '../users/users.pages.ts';
import type { Concerned, Retiring } from './retirement.ts';
import { capitalised, retiringNoun } from './retirement.ts';
import { rolePath, serviceCrumbs, servicesPath } from './services.pages.ts';

export function retiringPath({ kind, id }: Pick<Retiring, 'kind' | 'id'>, rest = ''): string {
  return kind === 'service' ? servicesPath(`/${id}${rest}`) : rolePath(id, rest);
}

function crumbsOf({ id, name }: Retiring, role: { serviceId: number; serviceName: string } | null): Crumb[] {
  return role === null
    ? serviceCrumbs({ id, name })
    : serviceCrumbs({ id: role.serviceId, name: role.serviceName }, { id, name });
}

export type Planning = {
  retiring: Retiring;
  role: { serviceId: number; serviceName: string } | null;
  concerned: Concerned[];
  successors: { code: string; name: string }[];
  posted: Posted;
  errors: FieldErrors;
  /** Other figures than the page showed, or another version: shown anew. */
  isOutdated?: boolean;
};

const mostShown = 50;

/** Udfas: what it would do comes first, then the day, the successor and why. */
export function retirementPage(planning: Planning): Page {
  const { retiring, role, concerned, successors, posted, errors, isOutdated = false } = planning;
  const users = concerned.reduce((sum, one) => sum + one.users, 0);
  const giving = concerned.filter((one) => one.mayGive).length;
  const title = retiring.kind === 'service' ? 'Udfas service' : 'Udfas rolle';
  const shown = page(
    'services/retirement',
    title,
    {
      title,
      noun: retiringNoun(retiring),
      lead: capitalised(retiringNoun(retiring)),
      code: retiring.service === null ? retiring.code : `${retiring.service}/${retiring.code}`,
      plannedText: retiring.retiresOn === null ? null : `Udfasning er besluttet til ${danishDay(retiring.retiresOn)}.`,
      isOutdated,
      figures: [
        { label: 'Organisationer, der kan tildele den', value: formatNumber(giving) },
        { label: 'Brugere, der har den', value: formatNumber(users) },
        { label: 'Organisationer, der får besked', value: formatNumber(concerned.length) },
      ],
      organisations: concerned
        .slice(0, mostShown)
        .map((one) => ({ ...one, cvr: formatCvr(one.cvr), users: formatNumber(one.users) })),
      moreText:
        concerned.length > mostShown
          ? `Og ${counted(concerned.length - mostShown, 'organisation', 'organisationer')} mere.`
          : null,
      day: dayField(
        {
          name: 'dag',
          label: 'Udfases den',
          isRequired: true,
          hint: 'dd-mm-åååå. I dag eller senere.',
        },
        posted,
        errors,
      ),
      reason: fieldOf(
        {
          name: 'begrundelse',
          label: 'Begrundelse',
          isRequired: true,
          hint: 'Står i ændringsloggen. Skriv ikke CPR-numre.',
        },
        posted,
        errors,
      ),
      successor: fieldOf({ name: 'afloeser', label: 'Afløser' }, posted, errors),
      successors,
      errors: errorList(errors),
      version: isOutdated ? String(retiring.version) : typed(posted, 'version') || String(retiring.version),
      expected: { organisations: concerned.length, users },
      paths: {
        form: retiringPath(retiring, '/udfas'),
        back: retiringPath(retiring),
        withdraw: `/system/rettigheder/traek-tilbage?${retiring.kind === 'service' ? `service=${retiring.id}&hele=1` : `rolle=${retiring.id}`}`,
      },
    },
    crumbsOf(retiring, role),
  );
  if (isOutdated) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** What is planned, as if it had just been typed. */
export function retirementAsTyped(retiring: Retiring): Posted {
  return {
    dag: retiring.retiresOn === null ? '' : danishDay(retiring.retiresOn),
    afloeser: retiring.successorCode ?? '',
    begrundelse: '',
    version: String(retiring.version),
  };
}

/** Fortryd udfasning: what is planned or done, and one button. */
export function reopenPage(planning: Pick<Planning, 'retiring' | 'role' | 'concerned'>, isOutdated = false): Page {
  const { retiring, role, concerned } = planning;
  const title = 'Fortryd udfasning';
  const users = concerned.reduce((sum, one) => sum + one.users, 0);
  const shown = page(
    'services/reopen',
    title,
    {
      title,
      lead: capitalised(retiringNoun(retiring)),
      isOutdated,
      facts: [
        { label: 'Udfases', value: retiring.retiresOn === null ? 'Uden dato' : danishDay(retiring.retiresOn) },
        { label: 'Status', value: retiring.isRetired ? 'Kan ikke tildeles' : 'Kan tildeles endnu' },
        { label: 'Organisationer', value: formatNumber(concerned.length) },
        { label: 'Brugere', value: formatNumber(users) },
      ],
      version: String(retiring.version),
      paths: { form: retiringPath(retiring, '/genaabn'), back: retiringPath(retiring) },
    },
    crumbsOf(retiring, role),
  );
  return isOutdated ? rejected(shown, 409) : shown;
}
