/** A person whom the test identity provider can sign in; the demo sector holds the matching user, where there is one. */
export type DemoPerson = {
  key: string;
  firstName: string;
  lastName: string;
  email: string;
  cvr: string;
  organisationName: string;
  /** What the login carries; the demo sector stores it too, except where `note` says otherwise. */
  rid: string;
  uuid: string;
  /** What the person is in SEB, in Danish, for the list that the test identity provider shows. */
  roleInSeb: string;
  provider: 'nemlog-in' | 'local-region' | 'local-municipality';
  /** What is special about this login, in Danish. */
  note?: string;
};

export type DemoProvider = { id: DemoPerson['provider']; name: string; cvrs: string[] | 'all' };

/** Made-up organisations; the numbers are right by modulus 11 and from the series of the specification's samples (399…). */
export const demoOrganisations = {
  systemOwner: { cvr: '39910004', name: 'Sundhedsdatastyrelsen (demo)' },
  region: { cvr: '39910012', name: 'Region Eksempel' },
  municipality: { cvr: '39910020', name: 'Eksempel Kommune' },
  practice: { cvr: '39910039', name: 'Lægehuset Prøvegade' },
  clinic: { cvr: '39910047', name: 'Klinik Fjordblik ApS' },
  closed: { cvr: '39910055', name: 'Øreklinikken Strandvejen ApS' },
} as const;

export const demoProviders: DemoProvider[] = [
  { id: 'nemlog-in', name: 'NemLog-in (test)', cvrs: 'all' },
  { id: 'local-region', name: 'Region Eksempel', cvrs: [demoOrganisations.region.cvr] },
  { id: 'local-municipality', name: 'Eksempel Kommune', cvrs: [demoOrganisations.municipality.cvr] },
];

export const demoPeople: DemoPerson[] = [
  {
    key: 'system-owner',
    firstName: 'Birgitte',
    lastName: 'Ahlgreen',
    email: 'birgitte.ahlgreen@sds-demo.example',
    ...employer('systemOwner'),
    rid: '10482957',
    uuid: 'd7c896a4-b223-4c91-a7bc-fa2918f1be79',
    roleInSeb: 'Systemejer',
    provider: 'nemlog-in',
  },
  {
    key: 'servicedesk',
    firstName: 'Jonas',
    lastName: 'Krogh Vestergaard',
    email: 'jonas.vestergaard@sds-demo.example',
    ...employer('systemOwner'),
    rid: '10483061',
    uuid: '11f17e30-5cf7-482b-93d6-d39cc82cb647',
    roleInSeb: 'Servicedesk',
    provider: 'nemlog-in',
  },
  {
    key: 'region-org-admin',
    firstName: 'Åse',
    lastName: 'Østergård',
    email: 'aase.oestergaard@region-eksempel.example',
    ...employer('region'),
    rid: '1118061020234',
    uuid: '6281da2f-6433-4486-9a3f-bd2363779ab4',
    roleInSeb: 'Organisationsadministrator',
    provider: 'local-region',
  },
  {
    key: 'region-org-admin-2',
    firstName: 'Henrik',
    lastName: 'Bjerregaard',
    email: 'henrik.bjerregaard@region-eksempel.example',
    ...employer('region'),
    rid: '1204150930117',
    uuid: 'df91379b-c39f-4849-8c1d-7b16efd01b87',
    roleInSeb: 'Organisationsadministrator',
    provider: 'nemlog-in',
  },
  {
    key: 'region-user-admin',
    firstName: 'Mette-Marie',
    lastName: 'Sørensen',
    email: 'mette-marie.soerensen@region-eksempel.example',
    ...employer('region'),
    rid: '824780812312',
    uuid: '7a58e168-50db-40e8-a634-1cc9f3f192b1',
    roleInSeb: 'Brugeradministrator',
    provider: 'local-region',
  },
  {
    key: 'region-read-only',
    firstName: 'Ulla',
    lastName: 'Ærø',
    email: 'ulla.aeroe@region-eksempel.example',
    ...employer('region'),
    rid: '00418823',
    uuid: '8d8ffcbc-4887-44b5-b730-f6f87f115db5',
    roleInSeb: 'Read-only administrator',
    provider: 'nemlog-in',
  },
  {
    key: 'two-organisations',
    firstName: 'Camilla',
    lastName: 'Lindholm Juul',
    email: 'camilla.juul@region-eksempel.example',
    ...employer('region'),
    rid: '62508646000418',
    uuid: 'c43c5fa7-6392-4d24-a4f8-dbb068e497bf',
    roleInSeb: 'Brugeradministrator i Region Eksempel og organisationsadministrator i Klinik Fjordblik ApS',
    provider: 'nemlog-in',
    note: 'Administrerer to organisationer med samme login',
  },
  {
    key: 'region-user',
    firstName: 'Søren',
    lastName: 'Ægidius Nørgård',
    email: 'soeren.noergaard@region-eksempel.example',
    ...employer('region'),
    rid: '42041556',
    uuid: 'c468fb60-e326-431d-bae5-9855c8833a34',
    roleInSeb: 'Bruger (overlæge med flere roller)',
    provider: 'local-region',
    note: 'Har ingen administratorrolle: får besked om det i SEB Brugeradministration',
  },
  {
    key: 'municipality-org-admin',
    firstName: 'Kirsten',
    lastName: 'Damgaard',
    email: 'kirsten.damgaard@eksempel-kommune.example',
    ...employer('municipality'),
    rid: '1309021445308',
    uuid: '8198f035-d224-4798-bbce-29c8be7bea5d',
    roleInSeb: 'Organisationsadministrator',
    provider: 'local-municipality',
  },
  {
    key: 'practice-doctor',
    firstName: 'Anders',
    lastName: 'Øland',
    email: 'anders.oeland@laegehuset-proevegade.example',
    ...employer('practice'),
    rid: '71209934',
    uuid: 'e09884f0-aac3-42a9-a461-3bf6e8843117',
    roleInSeb: 'Organisationsadministrator',
    provider: 'nemlog-in',
    note: 'Organisationens eneste organisationsadministrator: ser påmindelsen om at udpege en til',
  },
  {
    key: 'locked',
    firstName: 'Lars',
    lastName: 'Thygesen',
    email: 'lars.thygesen@region-eksempel.example',
    ...employer('region'),
    rid: '56120087',
    uuid: 'cf4fe5d5-c8ac-474c-8d38-5762b29f91a3',
    roleInSeb: 'Brugeradministrator (spærret)',
    provider: 'local-region',
    note: 'Brugeren er spærret og kommer ikke ind',
  },
  {
    key: 'unbound',
    firstName: 'Fatima',
    lastName: 'Haddad',
    email: 'fatima.haddad@eksempel-kommune.example',
    ...employer('municipality'),
    rid: 'fahad',
    uuid: '33940a79-4209-4656-a471-1513899ef914',
    roleInSeb: 'Brugeradministrator (har aldrig logget på)',
    provider: 'local-municipality',
    note: 'Genkendes på CVR- og RID-nummer ved første login; derefter gemmes UUID',
  },
  {
    key: 'deleted',
    firstName: 'Preben',
    lastName: 'Skovgaard',
    email: 'preben.skovgaard@region-eksempel.example',
    ...employer('region'),
    rid: '33017745',
    uuid: '5a1f070f-1d77-4b5f-a967-d5b6080efca3',
    roleInSeb: 'Slettet bruger',
    provider: 'nemlog-in',
    note: 'Brugeren er slettet og kommer ikke ind',
  },
  {
    key: 'no-user',
    firstName: 'Ida',
    lastName: 'Bøgh Madsen',
    email: 'ida.boegh.madsen@region-eksempel.example',
    ...employer('region'),
    rid: '90011427',
    uuid: '3b1258ec-f89b-445f-9776-1d11ec072a82',
    roleInSeb: 'Medarbejder uden bruger i SEB',
    provider: 'local-region',
    note: 'Er ansat i organisationen, men er ikke oprettet i SEB',
  },
  {
    key: 'new-organisation',
    firstName: 'Bodil',
    lastName: 'Ærø',
    email: 'bodil.aeroe@laegerne-aakjaer.example',
    cvr: '39911000',
    organisationName: 'Lægerne Åkjær I/S',
    rid: '20261101',
    uuid: '5d0f8c1e-4a7b-4c59-9e3f-6b2a1d90c7e4',
    roleInSeb: 'Ikke i SEB endnu: bliver den første organisationsadministrator',
    provider: 'nemlog-in',
    note: 'Kan logge på, når systemejeren har oprettet organisationen og udpeget hende efter aftalen',
  },
  {
    key: 'closed-organisation',
    firstName: 'Gitte',
    lastName: 'Aagaard',
    email: 'gitte.aagaard@oereklinikken-strandvejen.example',
    ...employer('closed'),
    rid: '9208-2002-2-071230668534',
    uuid: 'e858a2d5-8388-437d-bf52-f631e458b4d4',
    roleInSeb: 'Organisationsadministrator i en lukket organisation',
    provider: 'nemlog-in',
    note: 'Organisationens aftale er ophørt, så ingen af dens brugere kommer ind',
  },
];

function employer(organisation: keyof typeof demoOrganisations): { cvr: string; organisationName: string } {
  const { cvr, name } = demoOrganisations[organisation];
  return { cvr, organisationName: name };
}
