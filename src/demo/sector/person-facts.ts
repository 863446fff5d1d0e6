/** What the demo sector knows of a demo person besides what the login carries. */
export type PersonFacts = {
  job?: string;
  /** Name of the unit, where any that fits the job will not do. */
  unit?: string;
  createdOn?: string;
  /** Has never logged in: the first login binds the UUID. */
  isUnbound?: boolean;
  lockedOn?: string;
  lockReason?: string;
  deletedOn?: string;
  remark?: string;
};

export const personFacts: Record<string, PersonFacts> = {
  'system-owner': { createdOn: '2019-01-07' },
  servicedesk: { createdOn: '2019-01-08', job: 'Servicedeskmedarbejder' },
  'region-org-admin': { createdOn: '2019-03-04', job: 'It-konsulent' },
  'region-org-admin-2': { createdOn: '2019-03-05' },
  'region-user-admin': {
    createdOn: '2020-10-19',
    job: 'Lægesekretær',
    unit: 'Lægesekretariat M',
    remark: 'Ledende lægesekretær. Kontaktes om nye medarbejdere på Eksempel Universitetshospital.',
  },
  'region-read-only': { createdOn: '2021-02-15', job: 'Kvalitetskoordinator', unit: 'Patientsikkerhed' },
  'two-organisations': {
    createdOn: '2019-11-11',
    job: 'Superbruger',
    unit: 'Brugersupport',
    remark: 'Ansat både i regionen og hos Klinik Fjordblik ApS.',
  },
  'region-user': { createdOn: '2019-09-02', job: 'Overlæge', unit: 'Hjerteambulatoriet' },
  'municipality-org-admin': { createdOn: '2019-05-13', job: 'Digitaliseringskonsulent' },
  'practice-doctor': { createdOn: '2021-09-06', job: 'Praktiserende læge' },
  locked: {
    createdOn: '2020-03-16',
    job: 'Lægesekretær',
    unit: 'Psykiatrisk Akutmodtagelse',
    lockedOn: '2026-04-13',
    lockReason: 'Opslag i journaler undersøges. Kontakt Informationssikkerhed, før brugeren låses op.',
  },
  unbound: { createdOn: '2026-05-18', isUnbound: true, remark: 'Begynder som brugeradministrator i Hjemmeplejen.' },
  deleted: { createdOn: '2019-06-17', job: 'Reservelæge', deletedOn: '2025-09-30' },
  'closed-organisation': { createdOn: '2019-08-12' },
};

/** Made-up users about whom something is settled: they administer, or somebody else has the same name. They stay. */
export const settled: Record<string, { job?: string; name?: [first: string, last: string] }> = {
  'systemOwner-1': { job: 'Systemforvalter' },
  'systemOwner-2': { job: 'Systemforvalter' },
  'systemOwner-3': { job: 'Servicedeskmedarbejder' },
  'region-1': { job: 'Lægesekretær' },
  'region-2': { job: 'Afdelingssygeplejerske' },
  'region-3': { job: 'Telemedicinsk koordinator' },
  'region-4': { job: 'Lægesekretær' },
  'region-5': { job: 'It-konsulent' },
  'region-11': { name: ['Anne', 'Jensen'] },
  'region-52': { name: ['Anne', 'Jensen'] },
  'region-23': { name: ['Lars', 'Nielsen'] },
  'region-97': { name: ['Lars', 'Nielsen'] },
  'region-60': { name: ['Mette', 'Hansen'] },
  'region-71': { name: ['Åse', 'Ågesen'] },
  'municipality-1': { job: 'Digitaliseringskonsulent' },
  'municipality-2': { job: 'Sundhedsplejerske' },
  'municipality-3': { job: 'Plejehjemsleder' },
  'municipality-4': { job: 'Økonomikonsulent' },
  'municipality-14': { name: ['Mette', 'Hansen'] },
  'municipality-33': { name: ['Østen', 'Æbelø'] },
  'clinic-1': { job: 'Lægesekretær' },
  'clinic-2': { job: 'Lægesekretær' },
};
