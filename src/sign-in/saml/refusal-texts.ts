import type { RefusalReason } from './refusal.ts';

const startAgain = 'Tryk “Log på igen”, og begynd forfra.';
const callYourProvider = 'Kontakt din arbejdsplads’ it-afdeling, eller log på med NemLog-in.';
const callServicedesk = 'Prøv igen om lidt. Sker det igen, så kontakt Servicedesk, og oplys referencenummeret.';

/** What a refused person reads: what failed, and what they can do. */
export const refusalTexts: Record<RefusalReason, { whatFailed: string; whatYouCanDo: string }> = {
  'no-pending-login': {
    whatFailed:
      'Der er ikke noget login i gang i denne browser. Det kan være afsluttet eller mere end 15 minutter gammelt.',
    whatYouCanDo: `${startAgain} Brug ikke browserens tilbageknap eller et bogmærke til loginsiden. Browseren skal tillade cookies.`,
  },
  'other-login': {
    whatFailed: 'Svaret fra login hører til et andet login end det, du har gang i.',
    whatYouCanDo: `${startAgain} Har du mange faner åbne med login, så brug den nyeste.`,
  },
  malformed: {
    whatFailed: 'Svaret fra login kunne ikke læses.',
    whatYouCanDo: `${startAgain} ${callServicedesk}`,
  },
  'wrong-provider': {
    whatFailed: 'Svaret kom fra en anden loginudbyder end den, du valgte.',
    whatYouCanDo: `${startAgain} Vælg den loginudbyder, som din arbejdsplads bruger.`,
  },
  'provider-off': {
    whatFailed: 'Den loginudbyder, du valgte, er blevet slået fra i SEB.',
    whatYouCanDo: 'Log på med NemLog-in, eller kontakt din arbejdsplads’ it-afdeling.',
  },
  'not-for-us': {
    whatFailed: 'Svaret fra login var ikke bestemt for SEB.',
    whatYouCanDo: `${startAgain} ${callServicedesk}`,
  },
  'not-protected': {
    whatFailed: 'Svaret fra login var ikke beskyttet, som SEB kræver.',
    whatYouCanDo: callYourProvider,
  },
  'not-genuine': {
    whatFailed: 'SEB kunne ikke bekræfte, at svaret fra login er ægte.',
    whatYouCanDo: `${startAgain} ${callServicedesk}`,
  },
  expired: {
    whatFailed: 'Svaret fra login var for gammelt, da det nåede frem.',
    whatYouCanDo: `${startAgain} Sker det igen, går et ur forkert hos loginudbyderen. ${callYourProvider}`,
  },
  'not-yet-valid': {
    whatFailed: 'Svaret fra login gælder først senere. Et ur går forkert hos loginudbyderen eller hos SEB.',
    whatYouCanDo: callServicedesk,
  },
  replayed: {
    whatFailed: 'Svaret fra login er allerede brugt én gang.',
    whatYouCanDo: startAgain,
  },
  incomplete: {
    whatFailed: 'Svaret fra login manglede oplysninger, som SEB skal bruge.',
    whatYouCanDo: callYourProvider,
  },
  'not-renewed': {
    whatFailed: 'SEB bad om et nyt login, men loginudbyderen svarede med et, der var lavet tidligere.',
    whatYouCanDo:
      'Log af hos loginudbyderen, eller luk browseren, og log på igen. Det, du har skrevet, venter i en halv time.',
  },
  'too-low-level': {
    whatFailed: 'Du er logget på med et lavere sikringsniveau end det, SEB kræver.',
    whatYouCanDo: 'Log på igen, og brug et loginmiddel på et højere niveau, fx MitID-appen eller en MitID-kodeviser.',
  },
  'cvr-not-allowed': {
    whatFailed: 'Den loginudbyder, du valgte, må ikke logge brugere på for din organisations CVR-nummer.',
    whatYouCanDo: 'Log på med NemLog-in, eller vælg din egen organisations loginudbyder.',
  },
  cancelled: {
    whatFailed: 'Login blev afbrudt eller mislykkedes hos loginudbyderen.',
    whatYouCanDo: startAgain,
  },
  'level-not-reachable': {
    whatFailed: 'Loginudbyderen kan ikke logge dig ind på det sikringsniveau, som SEB kræver.',
    whatYouCanDo: callYourProvider,
  },
  'denied-by-provider': {
    whatFailed: 'Loginudbyderen afviste at logge dig ind i SEB.',
    whatYouCanDo: 'Kontakt din arbejdsplads’ it-afdeling, og spørg, om du har adgang til SEB.',
  },
  'unknown-to-provider': {
    whatFailed: 'Loginudbyderen kender dig ikke.',
    whatYouCanDo: 'Vælg en anden loginudbyder, eller kontakt din arbejdsplads’ it-afdeling.',
  },
  'provider-failed': {
    whatFailed: 'Der skete en fejl hos loginudbyderen.',
    whatYouCanDo: callServicedesk,
  },
};
