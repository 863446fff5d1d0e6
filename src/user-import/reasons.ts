/** What the judgement says of a row, as a code of the statement; `about` is the name or number that its sentence needs. */
const sentences = {
  typed: (about) => about,
  role: (about) => about,
  roleNeedsUnit: () => 'Rollen kræver en SOR-kode. Skriv koden på en af organisationens enheder.',
  roleWithoutUnit: () => 'Rollen skal ikke have en SOR-kode. Slet koden i rækken.',
  roleNeedsScope: () => 'Skriv omfang: “Denne enhed og underenheder” eller “Denne enhed”.',
  unitUnknown: (about) => `SOR-koden ${about} hører ikke til organisationen. Find en af organisationens egne enheder.`,
  unitClosed: (about) => `SOR-enheden ${about} er lukket. Vælg en åben enhed.`,
  startPassed: () => 'Startdatoen kan ikke ligge før i dag. Skriv en senere dato, eller slet den.',
  stopPassed: () => 'Slutdatoen kan ikke ligge før i dag. Skriv en senere dato.',
  overlaps: (about) => `Perioden overlapper en anden række med samme rolle (række ${about}). Ret den ene.`,
  tooMany: () => 'Samme rolle står for mange gange til samme bruger. Slet nogle af rækkerne.',
  locked: () => 'Brugeren er spærret og kan ikke få roller. Lås brugeren op først.',
  oneself: () => 'Du kan ikke ændre dig selv eller give dig selv roller her. Bed en anden administrator om det.',
  administrator: (about) => about,
  reachesFurther: () =>
    'Brugeren har også rettigheder uden for organisationen, som den nye e-mailadresse ville få. Få dem fjernet der først, eller kontakt servicedesk.',
  incomplete: () => 'Brugeren findes ikke endnu. Skriv fornavn, efternavn og e-mail, så den kan oprettes.',
  changedMeanwhile: (about) => `Noget ændrede sig, før rækken blev gemt, så den er sprunget over. ${about}`.trim(),
  there: () => 'Brugeren har allerede rollen dér.',
  thereOtherwise: () =>
    'Brugeren har allerede rollen dér, men med en anden periode eller et andet omfang. Ret den på brugerens side.',
  twin: (about) => `Det samme står i række ${about}.`,
} satisfies Record<string, (about: string) => string>;

export type Reason = keyof typeof sentences;

/** The sentence for the person; empty when the row needs none. */
export function reasonText(reason: string | null, about: string | null): string {
  if (reason === null || !Object.hasOwn(sentences, reason)) return '';
  return sentences[reason as Reason](about ?? '');
}
