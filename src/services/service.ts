/** The support that a service has of its own; all empty where SEB's servicedesk helps. */
export type Support = {
  supportName: string | null;
  supportPhone: string | null;
  supportEmail: string | null;
  /** One a line: "Vejledninger: https://…" */
  supportLinks: string[];
};

/** What the system owner types of a service. */
export type ServiceInput = Support & { code: string; name: string; owner: string; description: string };

export const sensitivityNames = {
  NORMAL: 'Almindelig',
  SENSITIVE: 'Følsom',
  VERY_SENSITIVE: 'Meget følsom',
} as const;
export type Sensitivity = keyof typeof sensitivityNames;
export const sensitivities = Object.keys(sensitivityNames) as Sensitivity[];

/** What the system owner types of a role. */
export type RoleInput = {
  code: string;
  name: string;
  description: string;
  synonyms: string[];
  needsSor: boolean;
  needsCpr: boolean;
  sensitivity: Sensitivity;
};

/** When a service or role goes, and what takes its place; days as yyyy-mm-dd. */
export type Retirement = {
  retiresOn: string | null;
  isRetired: boolean;
  /** "fut" or "fut/clinical_viewer" */
  successorCode: string | null;
  successorName: string | null;
};

/** How far a service or role is in use, over all organisations. */
export type Use = { organisations: number; users: number };

export type Service = ServiceInput & Retirement & Use & { id: number; version: number; codeIsFixed: boolean };

export type ServiceRole = RoleInput &
  Retirement &
  Use & {
    id: number;
    version: number;
    codeIsFixed: boolean;
    serviceId: number;
    serviceCode: string;
    serviceName: string;
    serviceIsRetired: boolean;
  };

export type ChangedFields = Record<string, { from: string | null; to: string | null }>;

/** What differs, each value as it is read. */
export function changesBetween(before: ServiceInput | RoleInput, after: ServiceInput | RoleInput): ChangedFields {
  const [old, now] = [asWords(before), asWords(after)];
  return Object.fromEntries(
    Object.keys(now)
      .filter((field) => (old[field] ?? null) !== (now[field] ?? null))
      .map((field) => [field, { from: old[field] ?? null, to: now[field] ?? null }]),
  );
}

/** Each field as text; empty is null. */
function asWords(input: ServiceInput | RoleInput): Record<string, string | null> {
  const word = (value: string | string[] | boolean | null): string | null => {
    if (typeof value === 'boolean') return value ? 'Ja' : 'Nej';
    const text = Array.isArray(value) ? value.join(', ') : value;
    return text === '' ? null : text;
  };
  const shared = { code: input.code, name: word(input.name), description: word(input.description) };
  if ('owner' in input) {
    const { owner, supportName, supportPhone, supportEmail, supportLinks } = input;
    return { ...shared, owner, supportName, supportPhone, supportEmail, supportLinks: word(supportLinks) };
  }
  return {
    ...shared,
    synonyms: word(input.synonyms),
    needsSor: word(input.needsSor),
    needsCpr: word(input.needsCpr),
    sensitivity: sensitivityNames[input.sensitivity],
  };
}

export type Link = { label: string; url: string };

/** "Vejledninger: https://…" as a link; null for a line that is none. */
export function linkIn(line: string): Link | null {
  const [, label = '', url = ''] = /^(.{1,100}?):\s*(https?:\/\/[^\s"<>]{1,400})$/i.exec(line.trim()) ?? [];
  return URL.canParse(url) ? { label: label.trim(), url } : null;
}

/** What changing the needs of a role would meet. */
export type NeedsEffect = Use & {
  assignments: number;
  withUnit: number;
  /** Holders whose latest login carried no CPR number. */
  withoutCpr: number;
};

/** What the form sends back to say that these figures were seen. */
export function effectKey({ organisations, users, assignments, withUnit }: NeedsEffect): string {
  return [organisations, users, assignments, withUnit].join('-');
}

export function isInUse({ organisations, assignments }: NeedsEffect): boolean {
  return organisations > 0 || assignments > 0;
}
