import { danishDay, dayInDenmark } from '../shared/dates.ts';

export const securityPolicies = ['DS484', 'ISO27001', 'OTHER'] as const;
export type SecurityPolicy = (typeof securityPolicies)[number];

export const policyNames: Record<SecurityPolicy, string> = {
  DS484: 'DS 484',
  ISO27001: 'ISO/IEC 27001',
  OTHER: 'En tilsvarende standard',
};

/** A signed autorisationsblanket. Days are yyyy-mm-dd. */
export type Agreement = {
  id: number;
  renewsId: number | null;
  /** Another agreement follows this one. */
  isRenewed: boolean;
  signerName: string;
  signerTitle: string;
  signedOn: string;
  validFrom: string;
  validTo: string | null;
  securityPolicy: SecurityPolicy;
  securityPolicyName: string | null;
  endedOn: string | null;
  endReason: string | null;
  version: number;
};

/** Whom an agreement names as organisationsadministrator; RID or UUID or both. */
export type NamedAdministrator = {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  rid: string | null;
  uuid: string | null;
  appointedUserId: number | null;
  /** dd-mm-åååå */
  appointedOn: string | null;
};

export type NamedContact = { name: string; email: string };

/** What one file of an agreement is, without its content. */
export type AgreementFile = { fileName: string; sha256: string; kilobytes: number };

export type AgreementDetails = Agreement & {
  registeredOn: string;
  services: string[];
  contacts: NamedContact[];
  administrators: NamedAdministrator[];
  file: AgreementFile;
};

type Period = Pick<Agreement, 'validFrom' | 'validTo' | 'endedOn'>;

/** The last day of the agreement, whichever comes first; null when it has none. */
export function lastDayOf({ validTo, endedOn }: Omit<Period, 'validFrom'>): string | null {
  if (validTo === null || endedOn === null) return validTo ?? endedOn;
  return validTo < endedOn ? validTo : endedOn;
}

export function isInForce(agreement: Period, today = dayInDenmark()): boolean {
  const lastDay = lastDayOf(agreement);
  return agreement.validFrom <= today && (lastDay === null || lastDay >= today);
}

/** The day from which those whom the agreement names can be appointed (dd-mm-åååå); null when they can be, or never. */
export function appointableFrom({ validFrom }: Pick<Agreement, 'validFrom'>, today = dayInDenmark()): string | null {
  return validFrom > today ? danishDay(validFrom) : null;
}

export function statusOf(agreement: Agreement, today = dayInDenmark()): string {
  const lastDay = lastDayOf(agreement);
  if (lastDay !== null && lastDay < today) return agreement.endedOn === null ? 'Udløbet' : 'Afsluttet';
  if (agreement.validFrom > today) return 'Gælder senere';
  if (agreement.endedOn !== null) return `Gælder til og med ${danishDay(agreement.endedOn)}, afsluttet før tid`;
  return agreement.isRenewed ? 'Gælder, er fornyet' : 'Gælder';
}

export function policyText({
  securityPolicy,
  securityPolicyName,
}: Pick<Agreement, 'securityPolicy' | 'securityPolicyName'>): string {
  return securityPolicyName ?? policyNames[securityPolicy];
}

export function periodText({ validFrom, validTo }: Pick<Agreement, 'validFrom' | 'validTo'>): string {
  return `${danishDay(validFrom)} – ${validTo === null ? 'uden slutdato' : danishDay(validTo)}`;
}

/** An agreement as a line of the organisation's page. */
export function agreementLine(agreement: Agreement): {
  period: string;
  signer: string;
  policy: string;
  status: string;
} {
  return {
    period: periodText(agreement),
    signer: `${agreement.signerName}, ${agreement.signerTitle}`,
    policy: policyText(agreement),
    status: statusOf(agreement),
  };
}
