import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { MailText, TextField } from '../mail/mail-template.ts';
import { textFields } from '../mail/mail-template.ts';
import type { OutgoingMail } from '../mail/outgoing-mail.ts';
import type { TemplateName } from '../mail/templates.ts';
import { templateGroups, templateOf } from '../mail/templates.ts';
import type { Field } from '../pages/fields.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { formatDateTime } from '../shared/dates.ts';
import { fieldLabels } from './mail-template-fields.ts';
import type { SavedText } from './mail-templates.queries.ts';

export const mailTextsPath = '/system/mailtekster';
const crumbs = [home, { label: 'Mailtekster', href: mailTextsPath }];

export function mailTextPath(name: TemplateName, rest = ''): string {
  return `${mailTextsPath}/${name}${rest}`;
}

type Latest = { name: string; isDelivered: boolean; savedAt: Date; savedBy: string | null };

/** All mails that SEB sends, and who changed their texts last. */
export function mailTextsPage(latest: readonly Latest[], may: { manage: boolean }): Page {
  const saved = new Map(latest.map((one) => [one.name, one]));
  const groups = Object.entries(templateGroups).map(([title, templates]) => ({
    title,
    rows: (Object.keys(templates) as TemplateName[]).map((name) => {
      const last = saved.get(name);
      return {
        title: templateOf(name).title,
        about: templateOf(name).about,
        href: mailTextPath(name),
        changed: last === undefined || last.isDelivered ? null : `Rettet ${savedText(last)}`,
      };
    }),
  }));
  return page('mail-templates/index', 'Mailtekster', { groups, may }, [home]);
}

export type TextShown = {
  name: TemplateName;
  versions: readonly SavedText[];
  /** What is in force, or what was typed. */
  posted: Posted;
  errors: FieldErrors;
  mayManage: boolean;
  isPreview: boolean;
  isStale: boolean;
  /** Where a try was sent to just now. */
  triedAt: string | null;
  /** The mail with made-up data; null while what was typed cannot be sent. */
  example: OutgoingMail | null;
};

/** One mail: its text with placeholders for who may change it, how it looks, and its versions. */
export function mailTextPage(shown: TextShown): Page {
  const { name, versions, posted, errors, mayManage, isPreview, isStale, triedAt, example } = shown;
  const { title, about, placeholders } = templateOf(name);
  const current = String(versions[0]?.version ?? 0);
  const result = page(
    'mail-templates/edit',
    title,
    {
      title,
      about,
      may: { manage: mayManage, restore: mayManage && (versions[0]?.value ?? null) !== null },
      fields: fieldsShown(name, posted, errors),
      placeholders: Object.entries(placeholders).map(
        ([placeholder, { about: meaning, isRequired, example: value }]) => ({
          name: `{${placeholder}}`,
          meaning,
          isRequired,
          example: typeof value === 'string' ? value || 'intet' : value.join(' / '),
        }),
      ),
      example: example === null ? null : { subject: example.subject, text: example.text },
      isPreview,
      isStale,
      triedText: triedAt === null ? null : `Prøven er sendt til ${triedAt}. Intet er gemt endnu.`,
      version: isStale ? current : typed(posted, 'version') || current,
      current,
      errors: Object.entries(errors).map(([field, message]) => ({ field, message })),
      versions: versions.map((saved) => ({
        text: `Version ${saved.version}${saved.value === null ? ': standardteksten' : ''}`,
        saved: savedText(saved),
        href: mailTextPath(name, `/versioner/${saved.version}`),
      })),
      paths: {
        form: mailTextPath(name),
        restore: mailTextPath(name, '/gendan'),
        html: mailTextPath(name, '/html'),
        list: mailTextsPath,
      },
    },
    crumbs,
  );
  if (isStale) return rejected(result, 409);
  return Object.keys(errors).length === 0 ? result : rejected(result);
}

/** An earlier version, to read and to copy from. */
export function textVersionPage(name: TemplateName, text: MailText, saved: SavedText): Page {
  const title = `${templateOf(name).title}, version ${saved.version}`;
  const model = {
    title,
    saved: savedText(saved),
    rows: textFields.map((field) => ({ label: fieldLabels[field], value: text[field] })),
    paths: { back: mailTextPath(name) },
  };
  return page('system-settings/version', title, model, [
    ...crumbs,
    { label: templateOf(name).title, href: mailTextPath(name) },
  ]);
}

const hints: Record<TextField, string | null> = {
  subject: null,
  opening:
    'Står efter “Hej” og navnet. En tom linje begynder et nyt afsnit, og - forrest på en linje gør den til et punkt på en liste.',
  link: null,
  closing: 'Står efter oplysninger og link. Må være tom.',
};
const rows: Partial<Record<TextField, number>> = { opening: 14, closing: 6 };

function fieldsShown(name: TemplateName, posted: Posted, errors: FieldErrors): Field[] {
  const shown = textFields.filter((field) => field !== 'link' || templateOf(name).text.link !== '');
  return shown.map((field) => {
    const kind = field === 'opening' || field === 'closing' ? 'text' : 'line';
    const look = {
      name: field,
      label: fieldLabels[field],
      isRequired: field === 'subject' || field === 'link',
      hint: hints[field],
      inputmode: 'text',
      kind,
    } as const;
    return { ...fieldOf(look, posted, errors), rows: rows[field] ?? 4 };
  });
}

function savedText({ savedAt, savedBy }: Pick<SavedText, 'savedAt' | 'savedBy'>): string {
  return `${formatDateTime(savedAt)}${savedBy === null ? '' : ` af ${savedBy}`}`;
}
