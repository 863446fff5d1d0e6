import type { MailTemplate, MailText } from './mail-template.ts';
import { accessRequestTemplates } from './template-types/access-requests.ts';
import { auditLogTemplates } from './template-types/audit-log.ts';
import { halfYearlyTemplates } from './template-types/half-yearly.ts';
import { identityProviderTemplates } from './template-types/identity-providers.ts';
import { organisationTemplates } from './template-types/organisations.ts';
import { reportTemplates } from './template-types/reports.ts';
import { serviceTemplates } from './template-types/services.ts';
import { statusTemplates } from './template-types/status.ts';
import { userTemplates } from './template-types/users.ts';

/** THE catalogue: every mail that SEB sends, by the noun of its list. */
export const templateGroups = {
  'Brugere og administratorer': userTemplates,
  'Anmodninger om adgang': accessRequestTemplates,
  'Organisationer, aftaler og systemroller': organisationTemplates,
  'Services og rettigheder til roller': serviceTemplates,
  Identitetsudbydere: identityProviderTemplates,
  Drift: statusTemplates,
  Brugerkontrol: halfYearlyTemplates,
  Rapporter: reportTemplates,
  Loggen: auditLogTemplates,
} as const;

const templates = {
  ...userTemplates,
  ...accessRequestTemplates,
  ...organisationTemplates,
  ...serviceTemplates,
  ...identityProviderTemplates,
  ...statusTemplates,
  ...halfYearlyTemplates,
  ...reportTemplates,
  ...auditLogTemplates,
} as const;

export type TemplateName = keyof typeof templates;
export const templateNames = Object.keys(templates) as TemplateName[];

type PlaceholdersOf<Name extends TemplateName> = (typeof templates)[Name]['placeholders'];
type ValueOf<Placeholder> = Placeholder extends { example: string } ? string : readonly string[];

/** What each placeholder of a mail stands for. */
export type ValuesOf<Name extends TemplateName> = {
  [Placeholder in keyof PlaceholdersOf<Name>]: ValueOf<PlaceholdersOf<Name>[Placeholder]>;
};

export function templateOf(name: TemplateName): MailTemplate {
  return templates[name];
}

/** What a mail is, in words; one that the catalogue no longer knows is told by its name. */
export function mailTitle(kind: string): string {
  return isTemplateName(kind) ? templates[kind].title : kind;
}

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templates, name);
}

/** The texts in force, by the name of the mail. */
export type MailTexts = (name: TemplateName) => MailText;

/** As SEB was delivered, and where no text was saved. */
export const deliveredTexts: MailTexts = (name) => templates[name].text;

/** The delivered texts with what was saved laid over them. */
export function textsInForce(saved: readonly { name: string; value: unknown }[]): MailTexts {
  const kept = new Map(saved.map(({ name, value }) => [name, value]));
  return (name) => textOver(deliveredTexts(name), kept.get(name));
}

/** A saved text; a field that it does not hold, and all of them where it is null, is as delivered. */
export function textOver(delivered: MailText, saved: unknown): MailText {
  if (typeof saved !== 'object' || saved === null) return delivered;
  const given = saved as Record<string, unknown>;
  const field = (name: keyof MailText): string => {
    const value = given[name];
    return typeof value === 'string' ? value : delivered[name];
  };
  return { subject: field('subject'), opening: field('opening'), link: field('link'), closing: field('closing') };
}
