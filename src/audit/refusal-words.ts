import type { SignInRefusal } from '../sign-in/identity.ts';
import type { RefusalReason } from '../sign-in/saml/refusal.ts';

type Words = { why: string; advice: string };

const tellDesk = 'Send referencenummeret til servicedesk.';
const again = 'Bed personen om at begynde forfra fra SEB’s forside, i én fane.';
const provider =
  'Fejlen skal rettes hos den loginudbyder, som personen valgte. Kontakt deres it-afdeling, eller brug NemLog-in.';

/** Why a login was refused, and what to do about it, for those who help. */
const words: Record<SignInRefusal | RefusalReason, Words> = {
  privatePerson: {
    why: 'Personen loggede på med sit private MitID.',
    advice: 'Bed personen om at vælge MitID Erhverv eller arbejdspladsens loginudbyder.',
  },
  noCvr: { why: 'Login fortalte ikke, hvilket CVR-nummer personen er ansat i.', advice: provider },
  noIdentifier: { why: 'Login havde hverken UUID eller RID-nummer.', advice: provider },
  unknown: {
    why: 'Ingen bruger i organisationen har det RID-nummer eller UUID, som login fortalte.',
    advice:
      'Sammenlign RID-nummeret herunder med brugerens RID-nummer i SEB: foranstillede nuller og bindestreger tæller med. Er personen ikke oprettet, skal en administrator i organisationen oprette brugeren.',
  },
  deleted: {
    why: 'Brugeren er slettet.',
    advice: 'Skal personen stadig have adgang, skal en administrator i organisationen oprette brugeren igen.',
  },
  locked: { why: 'Brugeren er spærret.', advice: 'En administrator i organisationen kan se hvorfor og låse op.' },
  organisationClosed: {
    why: 'Organisationen er lukket i SEB.',
    advice: 'Kun systemejeren kan åbne organisationen igen.',
  },
  uuidMissing: {
    why: 'Brugeren er knyttet til et UUID, men loginet havde kun et RID-nummer, og det kan være givet til en anden siden.',
    advice: provider,
  },
  uuidOfAnother: {
    why: 'RID-nummeret er knyttet til et andet login (et andet UUID).',
    advice:
      'En administrator i organisationen afgør på huskelisten, om loginet tilhører brugeren, fx efter nyt MitID Erhverv, eller skal afvises.',
  },
  firstLoginTooLate: {
    why: 'Personen er nævnt på organisationens aftale og skulle logge på første gang inden 14 dage. Fristen er udløbet.',
    advice: 'Systemejeren kan give en ny frist på organisationens side.',
  },
  firstLoginTooLow: {
    why: 'Det første login for den, aftalen nævner, skal være på sikringsniveau Betydelig eller Høj.',
    advice: 'Bed personen om at logge på med et MitID Erhverv på et højere niveau.',
  },
  firstLoginOfAnother: {
    why: 'Login havde hverken det RID-nummer eller det UUID, som organisationens aftale nævner.',
    advice: 'Sammenlign med aftalen. Nævner den et forkert nummer, skal systemejeren registrere en rettet aftale.',
  },
  conflict: {
    why: 'UUID og RID-nummer hører til to forskellige brugere.',
    advice:
      'En administrator i organisationen afgør på huskelisten, hvem af de to loginet tilhører, eller om det skal afvises.',
  },
  noAdministratorRole: {
    why: 'Personen er bruger, men ikke administrator, og brugeradministrationen er kun for administratorer.',
    advice:
      'Bed personen om at bruge SEB for brugere. Skal personen være administrator, udpeger en organisationsadministrator.',
  },
  'not-renewed': {
    why: 'SEB bad om et nyt login før en vigtig ændring, men loginudbyderen svarede med et gammelt.',
    advice: provider,
  },
  'no-pending-login': { why: 'Der var ikke noget login i gang i browseren.', advice: again },
  'other-login': { why: 'Svaret hørte til et andet login end det, der var i gang.', advice: again },
  malformed: { why: 'Svaret fra loginudbyderen kunne ikke læses.', advice: tellDesk },
  'wrong-provider': { why: 'Svaret kom fra en anden loginudbyder end den valgte.', advice: again },
  'provider-off': {
    why: 'Loginudbyderen blev slået fra i SEB, mens personen loggede på.',
    advice: 'Bed personen om at bruge NemLog-in. Systemejeren kan slå loginudbyderen til igen.',
  },
  'not-for-us': { why: 'Svaret var ikke bestemt for SEB.', advice: provider },
  'not-protected': { why: 'Svaret var ikke beskyttet, som SEB kræver.', advice: provider },
  'not-genuine': { why: 'SEB kunne ikke bekræfte, at svaret var ægte.', advice: provider },
  expired: {
    why: 'Svaret var for gammelt, da det nåede frem.',
    advice: `${again} Sker det igen, går loginudbyderens ur forkert.`,
  },
  'not-yet-valid': { why: 'Svaret gælder først senere: et ur går forkert.', advice: tellDesk },
  replayed: { why: 'Svaret var brugt én gang før.', advice: again },
  incomplete: { why: 'Svaret manglede oplysninger, som SEB skal bruge.', advice: provider },
  'too-low-level': {
    why: 'Sikringsniveauet var lavere, end SEB kræver.',
    advice: 'Bed personen om at logge på igen med MitID-appen, kodeviser eller en anden faktor på højere niveau.',
  },
  'cvr-not-allowed': {
    why: 'Loginudbyderen må ikke logge brugere på for organisationens CVR-nummer.',
    advice: 'Bed personen om at vælge NemLog-in eller organisationens egen loginudbyder.',
  },
  cancelled: { why: 'Login blev afbrudt eller mislykkedes hos loginudbyderen.', advice: again },
  'level-not-reachable': { why: 'Loginudbyderen kan ikke nå det sikringsniveau, SEB kræver.', advice: provider },
  'denied-by-provider': { why: 'Loginudbyderen afviste personen.', advice: provider },
  'unknown-to-provider': { why: 'Loginudbyderen kender ikke personen.', advice: provider },
  'provider-failed': { why: 'Der skete en fejl hos loginudbyderen.', advice: provider },
};

/** A reason that this version does not know is shown by its code, never hidden. */
export function refusalWords(reason: string): Words {
  return Object.hasOwn(words, reason)
    ? words[reason as keyof typeof words]
    : { why: `Ukendt årsag (${reason}).`, advice: tellDesk };
}
