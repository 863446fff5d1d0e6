import type { ReadDb } from '../db/access.ts';
import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import type { Answer, Page } from '../pages/page.ts';
import { seeOther } from '../pages/page.ts';
import type { Route } from '../pages/route.ts';
import { get, post } from '../pages/route.ts';
import type { Visit } from '../pages/visit.ts';
import { change, readForm, readWithin } from '../pages/visit.ts';
import { ensureEverywhere } from '../permissions/can.ts';
import { mayEver } from '../permissions/scope.ts';
import { NotFound, StaleForm } from '../shared/errors.ts';
import type { SettingName, SettingValue } from './setting.ts';
import { settingOfSlug, settingTypes, valueOver } from './setting.ts';
import { saveSetting } from './system-settings.changes.ts';
import { settingForm } from './system-settings.forms.ts';
import { settingPage, settingPath, settingsPage, settingsPath, versionPage } from './system-settings.pages.ts';
import { findVersion, listLatest, listVersions } from './system-settings.queries.ts';

const longTexts = { fields: 50, kilobytes: 200 };
// Who saved a version may be a user of any organisation: the system's own people read across them.
const acrossAll = (visit: Visit, work: (db: ReadDb) => Promise<Answer>): Promise<Answer> => {
  ensureEverywhere(visit.actor, visit.action);
  return readWithin(visit, 'all', work);
};

export const systemSettingsRoutes: Route[] = [
  get(settingsPath, 'systemSettings.view', showSettings, acrossAll),
  get(`${settingsPath}/:setting`, 'systemSettings.view', showSetting, acrossAll),
  post(`${settingsPath}/:setting`, 'systemSettings.manage', save, longTexts),
  get(`${settingsPath}/:setting/versioner/:version`, 'systemSettings.view', showVersion, acrossAll),
];

async function showSettings(visit: Visit, db: ReadDb): Promise<Answer> {
  return settingsPage(await listLatest(db), { manage: mayManage(visit) });
}

async function showSetting(visit: Visit, db: ReadDb): Promise<Answer> {
  return pageOf(visit, db, { posted: visit.draft ?? null, errors: {} });
}

type Shown = { posted: Posted | null; errors: FieldErrors; isPreview?: boolean; isStale?: boolean };

async function pageOf(
  visit: Visit,
  db: ReadDb,
  { posted, errors, isPreview = false, isStale = false }: Shown,
): Promise<Page> {
  const name = settingIn(visit);
  const versions = await listVersions(db, name);
  const inForce = valueOver(delivered(visit, name), versions[0]?.value);
  const edited = { name, versions, posted: posted ?? inForce, errors, isPreview, isStale };
  return settingPage({ ...edited, mayManage: mayManage(visit) });
}

async function save(visit: Visit): Promise<Answer> {
  ensureEverywhere(visit.actor, 'systemSettings.manage');
  const name = settingIn(visit);
  const again = (shown: Omit<Shown, 'posted'>): Promise<Page> =>
    readWithin(visit, 'all', (db) => pageOf(visit, db, { posted: visit.posted, ...shown }));
  const form = readForm(visit, settingForm(name));
  if (!form.ok) return again({ errors: form.errors });
  if (typed(visit.posted, 'handling') === 'vis') return again({ errors: {}, isPreview: true });
  try {
    const edit = { name, ...form.value, delivered: delivered(visit, name) };
    const { changed } = await change(visit, null, (tx, actor) => saveSetting(tx, actor, edit));
    visit.services.settings.forget();
    const done = changed ? `“${settingTypes[name].title}” er gemt.` : 'Der var ingen ændringer at gemme.';
    return seeOther(settingPath(name), done);
  } catch (error) {
    if (!(error instanceof StaleForm)) throw error;
    return again({ errors: {}, isStale: true });
  }
}

async function showVersion(visit: Visit, db: ReadDb): Promise<Answer> {
  const name = settingIn(visit);
  const version = /^\d{1,9}$/.test(visit.params.version ?? '') ? Number(visit.params.version) : 0;
  const saved = await findVersion(db, name, version);
  if (saved === null) throw new NotFound();
  return versionPage(name, valueOver(delivered(visit, name), saved.value), saved);
}

function settingIn({ params }: Visit): SettingName {
  const name = settingOfSlug(params.setting ?? '');
  if (name === null) throw new NotFound();
  return name;
}

function delivered({ services }: Visit, name: SettingName): SettingValue {
  return services.deliveredSettings[name];
}

function mayManage({ actor }: Visit): boolean {
  return mayEver(actor, 'systemSettings.manage', actor.organisationId);
}
