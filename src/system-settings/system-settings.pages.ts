import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Field } from '../pages/fields.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { formatDateTime } from '../shared/dates.ts';
import { readMarkup } from '../shared/markup.ts';
import type { SettingName, SettingValue } from './setting.ts';
import { fieldsOf, settingNames, settingTypes } from './setting.ts';
import type { SavedSetting } from './system-settings.queries.ts';

export const settingsPath = '/system/indstillinger';
const crumbs = [home, { label: 'Indstillinger og tekster', href: settingsPath }];

export function settingPath(name: SettingName, rest = ''): string {
  return `${settingsPath}/${settingTypes[name].slug}${rest}`;
}

type Latest = { name: string; savedAt: Date; savedBy: string | null };

/** All settings, and who changed them last. */
export function settingsPage(latest: readonly Latest[], may: { manage: boolean }): Page {
  const rows = settingNames.map((name) => {
    const saved = latest.find((one) => one.name === name);
    return {
      title: settingTypes[name].title,
      about: settingTypes[name].about,
      href: settingPath(name),
      changed: saved === undefined ? 'Som leveret' : savedText(saved),
    };
  });
  return page('system-settings/index', 'Indstillinger og tekster', { rows, may }, [home]);
}

export type Edited = {
  name: SettingName;
  versions: readonly SavedSetting[];
  /** What is in force, or what was typed. */
  posted: Posted;
  errors: FieldErrors;
  mayManage: boolean;
  /** Shows what was typed as it will look. */
  isPreview: boolean;
  isStale: boolean;
};

/** One setting: its form with preview for who may change it, its text for who may read it, and its versions. */
export function settingPage(edited: Edited): Page {
  const { name, versions, posted, errors, mayManage, isPreview, isStale } = edited;
  const type = settingTypes[name];
  const current = String(versions[0]?.version ?? 0);
  const shown = page(
    'system-settings/edit',
    type.title,
    {
      title: type.title,
      about: type.about,
      may: { manage: mayManage },
      fields: fieldsShown(name, posted, errors),
      hasMarkup: hasMarkup(name),
      blocks: isPreview || !mayManage ? blocksOf(name, posted) : null,
      isPreview,
      isStale,
      version: isStale ? current : typed(posted, 'version') || current,
      errors: Object.entries(errors).map(([field, message]) => ({ field, message })),
      versions: versions.map((saved) => ({
        text: `Version ${saved.version}`,
        saved: savedText(saved),
        href: settingPath(name, `/versioner/${saved.version}`),
      })),
      paths: { form: settingPath(name), list: settingsPath },
    },
    crumbs,
  );
  if (isStale) return rejected(shown, 409);
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** An earlier version, to read and to copy from. */
export function versionPage(name: SettingName, value: SettingValue, saved: SavedSetting): Page {
  const title = `${settingTypes[name].title}, version ${saved.version}`;
  const model = {
    title,
    saved: savedText(saved),
    rows: Object.entries(fieldsOf(name)).map(([field, { label }]) => ({ label, value: value[field] ?? '' })),
    paths: { back: settingPath(name) },
  };
  return page('system-settings/version', title, model, [
    ...crumbs,
    { label: settingTypes[name].title, href: settingPath(name) },
  ]);
}

/** A public text, e.g. the accessibility statement. */
export function statementPage(name: SettingName, text: string, savedAt: Date | undefined): Page {
  const { title } = settingTypes[name];
  const changed = savedAt === undefined ? null : formatDateTime(savedAt);
  return page('system-settings/statement', title, { title, blocks: readMarkup(text), changed }, [home]);
}

const inputmodes = {
  email: 'email',
  phone: 'tel',
  webAddress: 'url',
  months: 'text',
  daysOff: 'text',
  none: 'text',
} as const;

function fieldsShown(name: SettingName, posted: Posted, errors: FieldErrors): Field[] {
  return Object.entries(fieldsOf(name)).map(([field, { label, hint, isRequired, kind, form }]) => {
    const inputmode = inputmodes[form ?? 'none'];
    const look = {
      name: field,
      label,
      isRequired,
      hint,
      inputmode,
      kind: kind === 'markup' ? 'text' : 'line',
    } as const;
    return { ...fieldOf(look, posted, errors), rows: 24 };
  });
}

function hasMarkup(name: SettingName): boolean {
  return Object.values(fieldsOf(name)).some(({ kind }) => kind === 'markup');
}

function blocksOf(name: SettingName, posted: Posted): object[] | null {
  return hasMarkup(name) ? readMarkup(typed(posted, 'text')) : null;
}

function savedText({ savedAt, savedBy }: Pick<SavedSetting, 'savedAt' | 'savedBy'>): string {
  return `${formatDateTime(savedAt)}${savedBy === null ? '' : ` af ${savedBy}`}`;
}
