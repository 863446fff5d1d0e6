import { joinedWithAnd } from '../shared/text.ts';

/** What the system owner can change of a mail: plain text with named placeholders such as {bruger}. */
export type MailText = {
  subject: string;
  /** What comes before facts and link: an empty line ends a paragraph, "- " begins an item of a list. */
  opening: string;
  /** What the link says; empty where the mail has none. */
  link: string;
  closing: string;
};

export type TextField = keyof MailText;

/** Something that a text may name; several lines stand in a paragraph of their own. */
export type Placeholder<Example extends string | readonly string[] = string | readonly string[]> = {
  about: string;
  example: Example;
  /** Without it the mail does not say what it is for. */
  isRequired: boolean;
};

export type Fact = readonly [label: string, value: string];

export type MailTemplate = {
  title: string;
  /** Who gets it, and when. */
  about: string;
  text: MailText;
  placeholders: Readonly<Record<string, Placeholder>>;
  /** What the preview shows where the mail has its facts. */
  facts: readonly Fact[];
  /** For an employee, who follows its link to sebanmod; all others lead to sebadmin. */
  isForEmployee?: boolean;
};

export const must = (about: string, example: string): Placeholder<string> => ({ about, example, isRequired: true });
export const may = (about: string, example: string): Placeholder<string> => ({ about, example, isRequired: false });
export const lines = (about: string, example: readonly string[]): Placeholder<readonly string[]> => ({
  about,
  example,
  isRequired: true,
});

/** A mail that is written without a closing or a link says so by an empty one. */
export function template<const Placeholders extends MailTemplate['placeholders']>(
  given: Omit<MailTemplate, 'placeholders' | 'text' | 'facts'> & {
    text: Pick<MailText, 'subject' | 'opening'> & Partial<MailText>;
    placeholders: Placeholders;
    facts?: readonly Fact[];
  },
): Omit<MailTemplate, 'placeholders'> & { placeholders: Placeholders } {
  return { facts: [], ...given, text: { link: '', closing: '', ...given.text } };
}

export const longest: Record<TextField, number> = { subject: 150, opening: 4000, link: 60, closing: 2000 };
export const textFields = Object.keys(longest) as TextField[];

const named = /\{([a-zæøå-]{2,30})\}/g;

/** What is wrong with a text for this mail, by field; an empty answer means it can be saved. */
export function faultsOf({ text: delivered, placeholders }: MailTemplate, text: MailText): Partial<MailText> {
  const faults: Partial<MailText> = {};
  for (const field of textFields) {
    const fault = lengthFault(field, text[field], delivered[field]) ?? contentFault(field, text[field], placeholders);
    if (fault !== null) faults[field] = fault;
  }
  const missing = Object.entries(placeholders)
    .filter(([name, { isRequired }]) => isRequired && !textFields.some((field) => text[field].includes(`{${name}}`)))
    .map(([name]) => `{${name}}`);
  if (missing.length > 0) faults.opening ??= `Mailen skal indeholde ${joinedWithAnd(missing)}`;
  return faults;
}

function lengthFault(field: TextField, value: string, delivered: string): string | null {
  if (field === 'link' && (value === '') !== (delivered === ''))
    return delivered === '' ? 'Denne mail har intet link' : 'Skriv linkets tekst';
  if (field === 'subject' && value === '') return 'Skriv emnet';
  const most = longest[field];
  return value.length > most ? `Feltet må højst fylde ${most.toLocaleString('da-DK')} tegn` : null;
}

function contentFault(field: TextField, value: string, placeholders: MailTemplate['placeholders']): string | null {
  // A mail program makes a link of a bare address, too.
  if (/<\/?[a-z!?]|&(?:[a-z]+|#\d+|#x[\da-f]+);|\]\(|\w:\/\/|\bwww\./i.test(value))
    return 'Skriv ren tekst: HTML, koder og links i teksten bliver ikke brugt i mails';
  if (/[{}]/.test(value.replace(named, ''))) return 'Skriv pladsholdere som {navn}, og brug ikke { og } til andet';
  const names = [...value.matchAll(named)].map(([, name = '']) => name);
  if (field === 'link' && names.length > 0) return 'Linkets tekst kan ikke have pladsholdere';
  const unknown = names.find((name) => !Object.hasOwn(placeholders, name));
  if (unknown !== undefined) return `Pladsholderen {${unknown}} findes ikke i denne mail. ${known(placeholders)}`;
  const several = names.find((name) => typeof placeholders[name]?.example !== 'string');
  const stands = value.split(/\n\s*\n/).map((part) => part.trim());
  if (several !== undefined && (field === 'subject' || !stands.includes(`{${several}}`)))
    return `{${several}} bliver til flere linjer og skal stå alene i et afsnit`;
  return null;
}

function known(placeholders: MailTemplate['placeholders']): string {
  const names = Object.keys(placeholders).map((name) => `{${name}}`);
  return names.length === 0 ? 'Mailen har ingen pladsholdere' : `Brug ${joinedWithAnd(names)}`;
}

export type Values = Readonly<Record<string, string | readonly string[]>>;

/** One line with its placeholders filled; what a value holds is never read as a placeholder. */
export function fillLine(text: string, values: Values): string {
  return text.replace(named, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'string' ? value : (value?.join(', ') ?? whole);
  });
}

/** A paragraph, or the items of a list. */
export type Paragraph = string | readonly string[];

/** The paragraphs of a text with its placeholders filled; one that becomes empty is left out. */
export function fillText(text: string, values: Values): Paragraph[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n/)
    .flatMap((part) => paragraphsOf(part.trim(), values));
}

function paragraphsOf(part: string, values: Values): Paragraph[] {
  const alone = /^\{([a-zæøå-]{2,30})\}$/.exec(part)?.[1];
  const value = alone !== undefined && Object.hasOwn(values, alone) ? values[alone] : undefined;
  if (Array.isArray(value)) return (value as readonly string[]).filter((line) => line.trim() !== '');
  const found: (string | string[])[] = [];
  for (const line of part.split('\n')) {
    const item = /^-\s+(.+)$/.exec(line.trim())?.[1];
    const filled = fillLine(item ?? line, values).trim();
    const last = found.at(-1);
    if (filled === '') continue;
    if (item !== undefined && Array.isArray(last)) last.push(filled);
    else if (item !== undefined) found.push([filled]);
    else if (typeof last === 'string') found[found.length - 1] = `${last} ${filled}`;
    else found.push(filled);
  }
  return found;
}
