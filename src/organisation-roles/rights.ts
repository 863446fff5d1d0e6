import type { Posted } from '../http/forms.ts';
import { typed, typedList, typedSearch } from '../http/forms.ts';
import { formatCvr } from '../shared/text.ts';

/** What the system owner does with rights to give roles. */
export type Act = 'grant' | 'withdraw';

/** Roles and organisations as they are chosen: each one, or all that a word means. */
export type RightsChoice = {
  roleIds: number[];
  serviceId: number | null;
  /** All roles of the service. */
  wholeService: boolean;
  organisationIds: number[];
  /** CVR numbers that were pasted. */
  cvrs: string[];
  search: string;
  /** Organisations that may give roles of this service already. */
  mayGiveServiceId: number | null;
  /** All organisations that match. */
  allThatMatch: boolean;
};

export type ChosenRole = {
  id: number;
  code: string;
  name: string;
  serviceId: number;
  serviceCode: string;
  serviceName: string;
};

export const mostChosen = 300;

/** Out of an address or a form; what is no number names nothing. */
export function readChoice(fields: Posted): RightsChoice {
  return {
    roleIds: numbers(typedList(fields, 'rolle')),
    serviceId: numberIn(typed(fields, 'service')),
    wholeService: typed(fields, 'hele') === '1',
    organisationIds: numbers(typedList(fields, 'organisation')),
    cvrs: cvrsIn(typed(fields, 'cvr')),
    search: typedSearch(fields, 'soeg'),
    mayGiveServiceId: numberIn(typed(fields, 'kan')),
    allThatMatch: typed(fields, 'alle') === '1',
  };
}

function numberIn(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function numbers(list: string[]): number[] {
  return [...new Set(list.map(numberIn).filter((id) => id !== null))].toSorted((a, b) => a - b).slice(0, mostChosen);
}

/** "12 34 56 78, DK87654321" → both numbers; a list out of a letter or a spreadsheet. */
function cvrsIn(text: string): string[] {
  const found = text.slice(0, 20_000).match(/(?<!\d)(?:\d ?){7}\d(?!\d)/g) ?? [];
  return [...new Set(found.map((cvr) => cvr.replaceAll(' ', '')))].slice(0, mostChosen);
}

/** The pasted numbers that are no organisation's, in words; null where there are none. */
export function unknownText({ cvrs }: RightsChoice, found: readonly { cvr: string }[]): string | null {
  const known = new Set(found.map(({ cvr }) => cvr));
  const unknown = cvrs.filter((cvr) => !known.has(cvr));
  return unknown.length === 0 ? null : `Findes ikke i SEB og er udeladt: ${unknown.map(formatCvr).join(', ')}.`;
}

/** The choice as an address or hidden fields carry it. */
export function choiceFields(choice: RightsChoice): [string, string][] {
  const { roleIds, serviceId, wholeService, organisationIds, search, mayGiveServiceId, allThatMatch } = choice;
  return [
    ...(wholeService && serviceId !== null
      ? ([
          ['service', String(serviceId)],
          ['hele', '1'],
        ] as [string, string][])
      : []),
    ...roleIds.map((id): [string, string] => ['rolle', String(id)]),
    ...(allThatMatch ? [] : organisationIds.map((id): [string, string] => ['organisation', String(id)])),
    ...(search === '' ? [] : [['soeg', search] as [string, string]]),
    ...(mayGiveServiceId === null ? [] : [['kan', String(mayGiveServiceId)] as [string, string]]),
    ...(allThatMatch ? [['alle', '1'] as [string, string]] : []),
  ];
}
