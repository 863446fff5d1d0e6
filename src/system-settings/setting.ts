import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RetentionKind } from '../retention/retention.ts';
import { retentionKinds, retentionNames, usualRetention } from '../retention/retention.ts';
import { usualDaysOff } from '../shared/working-days.ts';

/** One field of a setting, as its form shows it. */
export type SettingField = {
  label: string;
  hint: string | null;
  kind: 'line' | 'markup';
  longest: number;
  isRequired: boolean;
  form?: 'email' | 'phone' | 'webAddress' | 'months' | 'daysOff';
  /** A whole number within these. */
  between?: readonly [least: number, most: number];
};

type SettingType = {
  /** In addresses. */
  slug: string;
  title: string;
  about: string;
  fields: Readonly<Record<string, SettingField>>;
  /** Numbers that may not fall from one field to the next. */
  rising?: readonly string[];
};

const line = (label: string, more: Partial<SettingField> = {}): SettingField => ({
  label,
  hint: null,
  kind: 'line',
  longest: 200,
  isRequired: true,
  ...more,
});
const workingDays = (before: string, hint: string): SettingField =>
  line(`Arbejdsdage, før ${before}`, { hint: `${hint} Mellem 1 og 99`, longest: 2, between: [1, 99] });
const markup = (label: string): SettingField => ({ ...line(label), kind: 'markup', longest: 20_000 });

/** THE list of what the system owner can set. */
export const settingTypes = {
  contact: {
    slug: 'kontakt',
    title: 'Kontaktoplysninger',
    about: 'Servicedesk og vagttelefon: står nederst på alle sider, i hjælpen og i mails.',
    fields: {
      phone: line('Servicedesks telefon', { longest: 40, form: 'phone' }),
      hours: line('Telefontid', { hint: 'Fx Hverdage kl. 8-16' }),
      email: line('Servicedesks e-mailadresse', { longest: 254, form: 'email' }),
      mailHours: line('Hvornår mails behandles'),
      onCallPhone: line('Vagttelefon', { longest: 40, form: 'phone', isRequired: false }),
      onCallFor: line('Hvad vagttelefonen er til', { longest: 400, isRequired: false }),
    },
  },
  portals: {
    slug: 'portaler',
    title: 'Portalernes navne',
    about: 'Står i toppen af hver side.',
    fields: {
      sebadmin: line('Navn på sebadmin', { longest: 60 }),
      sebanmod: line('Navn på sebanmod', { longest: 60 }),
    },
  },
  addresses: {
    slug: 'adresser',
    title: 'Adresser andre steder',
    about: 'Står i hjælpen.',
    fields: {
      testEnvironment: line('SEB’s testmiljø', { form: 'webAddress', isRequired: false }),
      mitIdStatus: line('Driftsstatus for MitID og NemLog-in', { form: 'webAddress' }),
    },
  },
  retention: {
    slug: 'opbevaring',
    title: 'Opbevaring',
    about: 'Hvor længe SEB gemmer det, der ikke skal gemmes for altid. Loggen over ændringer bliver aldrig forkortet.',
    fields: Object.fromEntries(
      retentionNames.map((name) => {
        const { label, unit, least, most } = retentionKinds[name];
        return [
          name,
          line(`${label} (${unit})`, { hint: `Mellem ${least} og ${most}`, longest: 4, between: [least, most] }),
        ];
      }),
    ) as Record<RetentionKind, SettingField>,
  },
  halfYearly: {
    slug: 'halvaarlig',
    title: 'Halvårlig meddelelse',
    about: 'Hvornår alle administratorer får påmindelsen om at gå deres brugere igennem.',
    fields: {
      months: line('Måneder', {
        hint: 'Numre med komma imellem, fx 4, 10. Tom betyder, at den kun sendes, når systemejeren selv gør det.',
        longest: 40,
        isRequired: false,
        form: 'months',
      }),
      day: line('Dag i måneden', { hint: '1 til 28', longest: 2, between: [1, 28] }),
      hour: line('Klokken', { hint: 'Hel time, 0 til 23', longest: 2, between: [0, 23] }),
      dormantDays: line('Tæl brugere, der ikke har været logget på i så mange dage', {
        hint: 'Mellem 1 og 3660',
        longest: 4,
        between: [1, 3660],
      }),
    },
  },
  requests: {
    slug: 'anmodninger',
    title: 'Anmodninger, som ingen tager',
    about:
      'Hvornår en medarbejders anmodning om adgang bliver givet videre, talt i arbejdsdage efter den dag, den blev sendt.',
    fields: {
      others: workingDays(
        'de andre administratorer får besked',
        'Stedfortræderen, som medarbejderen har valgt, og organisationens andre brugeradministratorer.',
      ),
      organisationAdministrators: workingDays(
        'organisationsadministratorerne får besked',
        'Dem, der ikke har fået den endnu.',
      ),
      servicedesk: workingDays('den kommer på servicedesks liste', 'Servicedesk får også en mail.'),
      daysOff: line('Fridage ud over weekender og helligdage', {
        hint: 'Dage som 24-12 (hvert år) eller 04-01-2027 (én gang) med komma imellem',
        longest: 400,
        isRequired: false,
        form: 'daysOff',
      }),
    },
    rising: ['others', 'organisationAdministrators', 'servicedesk'],
  },
  dnhf: {
    slug: 'dnhf',
    title: 'Support for DNHF',
    about: 'Henvisningsformidlingen (DNHF) har sin egen support. Teksten står i hjælpen.',
    fields: { text: markup('Tekst') },
  },
  accessibility: {
    slug: 'tilgaengelighed',
    title: 'Tilgængelighedserklæring',
    about: 'Lovpligtig erklæring om, hvor tilgængelig SEB er. Der er et link til den nederst på alle sider.',
    fields: { text: markup('Tekst') },
  },
  privacy: {
    slug: 'privatliv',
    title: 'Privatliv i SEB',
    about: 'Hvilke oplysninger SEB har om brugerne, og hvor længe. Der er et link nederst på alle sider.',
    fields: { text: markup('Tekst') },
  },
  cookies: {
    slug: 'cookies',
    title: 'Cookies',
    about: 'Hvilke cookies SEB sætter. Der er et link nederst på alle sider.',
    fields: { text: markup('Tekst') },
  },
} as const satisfies Record<string, SettingType>;

export type SettingName = keyof typeof settingTypes;
export const settingNames = Object.keys(settingTypes) as SettingName[];

/** The fields of a setting whose numbers may not fall. */
export function risingFieldsOf(name: SettingName): readonly string[] {
  const type: SettingType = settingTypes[name];
  return type.rising ?? [];
}

/** The value of each field, by its name. */
export type SettingValue = Record<string, string>;

/** All settings in force. */
export type SystemSettings = {
  [Name in SettingName]: { [Field in keyof (typeof settingTypes)[Name]['fields']]: string };
} & {
  /** When each text was saved last; none where it is still as delivered. */ savedAt: Partial<
    Record<SettingName, Date>
  >;
};

export function fieldsOf(name: SettingName): Readonly<Record<string, SettingField>> {
  return settingTypes[name].fields;
}

type OfConfig = {
  servicedesk: { email: string; phone: string; hours: string };
  escalationDays: readonly [number, number, number];
};

/** What counts until the system owner saves something else; some of it comes from the configuration. */
export function deliveredSettings({ servicedesk, escalationDays }: OfConfig): SystemSettings {
  const { email, phone, hours } = servicedesk;
  const [others, organisationAdministrators, last] = escalationDays;
  return {
    contact: {
      email,
      phone,
      hours,
      mailHours: 'Hverdage kl. 8-16, fredage dog kl. 8-15.30',
      onCallPhone: '+45 4422 8075',
      onCallFor:
        'Uden for telefontiden, og kun ved fejl i de samfundskritiske systemer, der indgår i patientbehandlingen (FMK-online og sundhed.dk)',
    },
    portals: { sebadmin: 'SEB – Brugeradministration', sebanmod: 'SEB – for brugere' },
    addresses: { testEnvironment: 'https://t-sebadmin.dkseb.dk', mitIdStatus: 'https://www.digitaliser.dk/services' },
    retention: Object.fromEntries(retentionNames.map((name) => [name, String(usualRetention[name])])) as Record<
      RetentionKind,
      string
    >,
    halfYearly: { months: '4, 10', day: '1', hour: '8', dormantDays: '180' },
    requests: {
      others: String(others),
      organisationAdministrators: String(organisationAdministrators),
      servicedesk: String(last),
      daysOff: usualDaysOff.map((day) => day.split('-').toReversed().join('-')).join(', '),
    },
    dnhf: { text: textFile('dnhf') },
    accessibility: { text: textFile('accessibility') },
    privacy: { text: textFile('privacy') },
    cookies: { text: textFile('cookies') },
    savedAt: {},
  };
}

function textFile(name: string): string {
  return readFileSync(path.join(import.meta.dirname, 'texts', `${name}.txt`), 'utf8').trim();
}

/** The delivered settings with what was saved laid over them; a field that a version does not know keeps its delivered value. */
export function settingsInForce(
  delivered: SystemSettings,
  saved: readonly { name: string; value: unknown; savedAt: Date }[],
): SystemSettings {
  const inForce: SystemSettings = { ...delivered, savedAt: {} };
  for (const { name, value, savedAt } of saved) {
    if (!isSettingName(name)) continue;
    Object.assign(inForce, { [name]: valueOver(delivered[name], value) });
    inForce.savedAt[name] = savedAt;
  }
  return inForce;
}

export function valueOver(delivered: SettingValue, saved: unknown): SettingValue {
  const given = typeof saved === 'object' && saved !== null ? (saved as Record<string, unknown>) : {};
  return Object.fromEntries(
    Object.entries(delivered).map(([field, usual]) => {
      const value = given[field];
      return [field, typeof value === 'string' ? value : usual];
    }),
  );
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingTypes, name);
}

/** The setting of an address such as /system/indstillinger/kontakt. */
export function settingOfSlug(slug: string): SettingName | null {
  return settingNames.find((name) => settingTypes[name].slug === slug) ?? null;
}
