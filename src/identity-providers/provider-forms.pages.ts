import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import { counted } from '../shared/text.ts';
import { assuranceLevels } from '../sign-in/saml/assurance-level.ts';
import { renamable } from '../sign-in/saml/names.ts';
import { errorList } from '../users/users.pages.ts';
import { broughtBack, certificateFacts, differencesTo, endsEarlier, isSameTrust } from './identity-provider.ts';
import { asTyped } from './identity-providers.forms.ts';
import {
  certificateModel,
  kindNames,
  levelNames,
  nameIdFormatNames,
  providerCrumbs,
  providersPath,
} from './identity-providers.pages.ts';
import type { ProviderRow } from './identity-providers.queries.ts';
import type { ProviderMetadata } from './provider-metadata.ts';

type Typed = { posted: Posted; errors: FieldErrors };

const addressHint =
  'https. SEB henter metadata herfra hver nat, og tager dem kun i brug, når de er underskrevet med certifikatet nedenfor.';

/** Opret identitetsudbyder, first step: where its metadata are. */
export function sourcePage(posted: Posted, errors: FieldErrors): Page {
  const model = {
    fields: [
      fieldOf({ name: 'adresse', label: 'Metadata-adresse', inputmode: 'url', hint: addressHint }, posted, errors),
      fieldOf(
        { name: 'kontrolcertifikat', label: certificateLabel, kind: 'text', hint: certificateHint },
        posted,
        errors,
      ),
    ],
    fileError: errors.fil ?? null,
    errors: errorList(errors),
    paths: { form: providersPath('/opret'), back: providersPath() },
  };
  return settled(page('identity-providers/source', 'Opret identitetsudbyder', model, providerCrumbs()), errors);
}

const certificateLabel = 'Certifikat, som metadata skal være underskrevet med';
const certificateHint = 'PEM. Få det fra udbyderen ad en anden vej end adressen selv.';

/** The second step: what the metadata say, and what the system owner decides. */
export function createPage({ metadata, posted, errors }: Typed & { metadata: ProviderMetadata }): Page {
  const idHint = 'Små bogstaver, tal og bindestreger. Kan ikke ændres bagefter.';
  const model = {
    title: 'Opret identitetsudbyder',
    metadata: metadataModel(metadata),
    hidden: [{ name: 'metadata', value: typed(posted, 'metadata') }],
    idField: [fieldOf({ name: 'id', label: 'Id', isRequired: true, hint: idHint }, posted, errors)],
    ...settingsModel({ posted, errors }),
    isStale: false,
    paths: { form: providersPath('/opret/gem'), back: providersPath() },
  };
  return settled(page('identity-providers/settings', 'Opret identitetsudbyder', model, providerCrumbs()), errors);
}

/** Rediger: what the system owner decides about it. */
export function editPage(row: ProviderRow, { posted, errors }: Typed, isStale = false): Page {
  const path = providersPath(`/${row.id}`);
  const version = isStale ? String(row.version) : typed(posted, 'version');
  const model = {
    title: `Rediger ${row.name}`,
    metadata: null,
    hidden: [{ name: 'version', value: version }],
    idField: [],
    ...settingsModel({ posted: isStale ? { ...asTyped(row), ...posted } : posted, errors }),
    isStale,
    paths: { form: `${path}/rediger`, back: path },
  };
  const shown = page('identity-providers/settings', `Rediger ${row.name}`, model, providerCrumbs(row));
  return isStale ? rejected(shown, 409) : settled(shown, errors);
}

function settingsModel({ posted, errors }: Typed) {
  const field = (name: string, label: string, more: object = {}) => fieldOf({ name, label, ...more }, posted, errors);
  const choice = (name: string, legend: string, hint: string | null, options: [string, string][]) => ({
    ...{ name, legend, hint },
    error: errors[name] ?? null,
    options: options.map(([value, label]) => ({ value, label, isChosen: typed(posted, name) === value })),
  });
  return {
    nameField: [
      field('navn', 'Navn', { isRequired: true, hint: 'Det, som folk læser og søger efter på login-siden.' }),
    ],
    kind: choice('fane', 'Fane på login-siden', null, Object.entries(kindNames)),
    scope: choice('omfang', 'Hvem den må logge på for', 'Et login for et andet CVR-nummer afvises.', [
      ['valgte', 'Medarbejdere i organisationerne nedenfor'],
      ['alle', 'Medarbejdere i alle organisationer (kun NemLog-in)'],
    ]),
    cvrField: [
      field('cvrnumre', 'CVR-numre', { kind: 'text', hint: 'Ét på hver linje. Kun ved “organisationerne nedenfor”.' }),
    ],
    level: choice(
      'niveau',
      'Laveste sikringsniveau (NSIS)',
      'Aldrig lavere end det, som hele SEB kræver.',
      assuranceLevels.map((level) => [level, levelNames[level]]),
    ),
    names: {
      error: errors.navneid ?? null,
      options: Object.entries(nameIdFormatNames).map(([value, label]) => ({
        ...{ value, label },
        isChosen: typedList(posted, 'navneid').includes(value),
      })),
    },
    furtherFields: [
      field('adresse', 'Metadata-adresse', { inputmode: 'url', hint: addressHint }),
      field('kontrolcertifikat', certificateLabel, { kind: 'text', hint: certificateHint }),
      field('attributter', 'Egne attributnavne', {
        kind: 'text',
        hint: `Kun hvis udbyderen kalder attributter noget andet end OIOSAML 3. Én på hver linje, fx cvr = dk:gov:saml:attribute:CvrNumberIdentifier. Ordene er ${renamable.join(', ')}.`,
      }),
      field('cbc', 'Begrundelse for at tage imod AES-CBC', {
        kind: 'text',
        hint: 'Tom: kun AES-GCM. AES-CBC er svagere og må kun bruges, når udbyderen ikke kan andet, og det er aftalt.',
      }),
    ],
    errors: errorList(errors),
  };
}

function metadataModel(metadata: ProviderMetadata) {
  const now = new Date();
  return {
    facts: [
      { label: 'entityID', value: metadata.entityId },
      { label: 'Login', value: metadata.ssoUrl },
      { label: 'Log af', value: metadata.sloUrl ?? 'Ingen' },
    ],
    certificates: metadata.certificates.map((pem) => certificateModel(certificateFacts(pem), now)),
  };
}

/** Nye metadata for one that is there: from a file, or fetched now. */
export function metadataPage(row: ProviderRow, errors: FieldErrors): Page {
  const path = providersPath(`/${row.id}`);
  const model = {
    name: row.name,
    entityId: row.entityId,
    address: row.metadataUrl,
    fetchError: errors.hent ?? null,
    fileError: errors.fil ?? null,
    errors: errorList(errors),
    paths: { form: `${path}/metadata`, back: path },
  };
  return settled(page('identity-providers/metadata', 'Nye metadata', model, providerCrumbs(row)), errors);
}

/** What the metadata would change. */
export function previewPage(row: ProviderRow, metadata: ProviderMetadata, posted: Posted): Page {
  const path = providersPath(`/${row.id}`);
  const now = new Date();
  const differences = differencesTo(row, metadata);
  const { added, removed, kept, addresses } = differences;
  const certificates = [
    ...added.map((facts) => ({ ...certificateModel(facts, now), change: 'Nyt' })),
    ...removed.map((facts) => ({ ...certificateModel(facts, now), change: 'Fjernes' })),
    ...kept.map((facts) => ({ ...certificateModel(facts, now), change: 'Som før' })),
  ];
  const model = {
    name: row.name,
    isSame: isSameTrust(differences),
    // Every login is under another key at once: that happens at a planned change, or when metadata are not the provider's.
    replacesAll: kept.length === 0,
    back: broughtBack(row, metadata),
    endsEarlier: endsEarlier(row, metadata) && !isSameTrust(differences),
    summary: `${counted(added.length, 'nyt certifikat', 'nye certifikater')}, ${counted(removed.length, 'fjernes', 'fjernes')}, ${counted(addresses.length, 'adresse ændres', 'adresser ændres')}.`,
    certificates,
    addresses: addresses.map(({ label, from, to }) => ({ label, from: from ?? 'Ingen', to: to ?? 'Ingen' })),
    hidden: ['metadata', 'version', 'bevis'].map((name) => ({ name, value: typed(posted, name) })),
    paths: { form: `${path}/metadata/gem`, back: `${path}/metadata` },
  };
  return page('identity-providers/preview', 'Hvad de nye metadata ændrer', model, providerCrumbs(row));
}

type TurnOff = Typed & { users: number; isOwn: boolean };

/** Slå fra: whom it would keep out. */
export function turnOffPage(row: ProviderRow, { users, isOwn, posted, errors }: TurnOff): Page {
  const path = providersPath(`/${row.id}`);
  const model = {
    name: row.name,
    isEnabled: row.isEnabled,
    users: counted(users, 'bruger', 'brugere'),
    isOwn,
    version: typed(posted, 'version') || String(row.version),
    fields: [
      fieldOf(
        { name: 'begrundelse', label: 'Begrundelse', isRequired: true, hint: 'Står i ændringsloggen.' },
        posted,
        errors,
      ),
    ],
    errors: errorList(errors),
    paths: { form: `${path}/slaa-fra`, back: path },
  };
  return settled(page('identity-providers/turn-off', `Slå ${row.name} fra`, model, providerCrumbs(row)), errors);
}

function settled(shown: Page, errors: FieldErrors): Page {
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}
