/** What is kept for a while only, and how long: the settings of "Opbevaring" and the jobs read this one list. */
export const retentionKinds = {
  lookUps: { label: 'Opslag: hvem der har set hvem', unit: 'måneder', usual: 60, least: 6, most: 120 },
  deletedUsers: { label: 'Kontaktoplysninger på slettede brugere', unit: 'måneder', usual: 24, least: 1, most: 120 },
  requests: {
    label: 'Anmodninger om adgang, når de er afgjort eller trukket tilbage',
    unit: 'måneder',
    usual: 24,
    least: 6,
    most: 120,
  },
  knownFiles: {
    label: 'Kendskab til hentede rapporter og revisionspakker',
    unit: 'måneder',
    usual: 60,
    least: 12,
    most: 120,
  },
  refusedSignIns: { label: 'Hvad der kom med et afvist login', unit: 'dage', usual: 90, least: 7, most: 365 },
  mails: { label: 'Sendte mails', unit: 'dage', usual: 90, least: 7, most: 365 },
  emailChanges: { label: 'Anmodninger om ny e-mailadresse', unit: 'dage', usual: 30, least: 1, most: 365 },
  imports: { label: 'Indsættelser fra Excel', unit: 'dage', usual: 7, least: 1, most: 90 },
  orders: { label: 'Store ændringer, når de er udført', unit: 'dage', usual: 7, least: 1, most: 90 },
} as const;

export type RetentionKind = keyof typeof retentionKinds;
export const retentionNames = Object.keys(retentionKinds) as RetentionKind[];

/** Days or months, as the kind's unit says. */
export type Retention = Record<RetentionKind, number>;

export const usualRetention: Retention = retentionFrom({});

/** The settings' texts as numbers; what is no number within its limits counts as usual, so that a typing error removes nothing. */
export function retentionFrom(saved: Readonly<Record<string, string>>): Retention {
  return Object.fromEntries(
    retentionNames.map((name) => {
      const { usual, least, most } = retentionKinds[name];
      const text = saved[name] ?? '';
      const value = /^\d{1,4}$/.test(text) ? Number(text) : usual;
      return [name, value >= least && value <= most ? value : usual];
    }),
  ) as Retention;
}
