import type { Fact } from '../mail-template.ts';
import { lines, may, must, template } from '../mail-template.ts';

const changed: readonly Fact[] = [
  ['Brugerorganisation', 'Region Eksempel'],
  ['Ændret af', 'Mette-Marie Sørensen'],
  ['Tidspunkt', '21-11-2026 kl. 14.14'],
];
const user = must('Brugerens navn', 'Søren Ægidius Nørgård');
const organisation = may('Brugerorganisationens navn', 'Region Eksempel');

/** What is told of a user, their login and their roles. */
export const userTemplates = {
  'email.changed': template({
    title: 'E-mailadressen er ændret',
    about: 'Til brugerens gamle adresse, når adressen er ændret.',
    placeholders: { bruger: user, organisation },
    text: {
      subject: 'Din e-mailadresse i SEB er ændret',
      opening: 'E-mailadressen for {bruger} i SEB er ændret. Fremover sender SEB ikke mails til denne adresse.',
      closing:
        'Kender du ikke til ændringen, så kontakt med det samme en brugeradministrator i {organisation} eller servicedesk.',
    },
    facts: [...changed, ['Ny e-mailadresse', 'n…@region-eksempel.example']],
  }),
  'email.confirm': template({
    title: 'Bekræft en ny e-mailadresse',
    about: 'Til den nye adresse, når en bruger selv vil skifte. Adressen gælder først, når linket er åbnet.',
    placeholders: { bruger: user },
    text: {
      subject: 'Bekræft din nye e-mailadresse i SEB',
      opening:
        '{bruger} har bedt om at bruge denne e-mailadresse i SEB. Åbn linket, og bekræft adressen, så skifter SEB til den.',
      link: 'Bekræft e-mailadressen',
      closing:
        'Linket virker i 24 timer og kun én gang. Indtil du har bekræftet, bruger SEB din hidtidige e-mailadresse.\n\nHar du ikke bedt om det, skal du ikke gøre noget: så ændres intet.',
    },
  }),
  'rid.changed': template({
    title: 'Loginnet er ændret',
    about: 'Til brugeren, når en administrator har rettet RID-nummeret.',
    placeholders: { bruger: user, organisation },
    text: {
      subject: 'Dit login til SEB er ændret',
      opening:
        'Det login, som hører til {bruger} i SEB, er ændret. Det gamle login virker ikke længere, og er du logget på, bliver du logget af.\n\nDet er for eksempel nødvendigt, når du har fået et nyt medarbejdercertifikat.',
      closing:
        'Kender du ikke til ændringen, så kontakt med det samme en brugeradministrator i {organisation} eller servicedesk.',
    },
    facts: changed,
  }),
  'rid.changedNotice': template({
    title: 'Et login er ændret (til organisationsadministratorer)',
    about: 'Til alle organisationsadministratorer, når en brugers RID-nummer er rettet.',
    placeholders: { administrator: may('Den, der ændrede', 'Mette-Marie Sørensen'), bruger: user },
    text: {
      subject: 'Et login er ændret i din organisation',
      opening:
        '{administrator} har ændret det login, som hører til {bruger}. Den, der har det nye login, kan bruge alle de roller, som brugeren har.\n\nDu får denne mail, fordi du er organisationsadministrator.',
      link: 'Se ændringen i brugerens ændringslog',
      closing: 'Er ændringen ikke aftalt, så kontakt servicedesk med det samme.',
    },
    facts: [['Bruger', 'Søren Ægidius Nørgård'], ...changed],
  }),
  'role.selfAssigned': template({
    title: 'Roller givet til sig selv',
    about: 'Til de andre administratorer, systemejeren og servicedesk, når nogen giver roller til sig selv.',
    placeholders: {
      administrator: must('Den, der gav rollerne', 'Mette-Marie Sørensen'),
      modtager: must('Den, der fik dem', 'sig selv'),
    },
    text: {
      subject: 'En administrator har givet roller til sig selv i SEB',
      opening:
        '{administrator} har givet roller til {modtager}. SEB regner det for at give roller til sig selv og fortæller det derfor til dig.',
      link: 'Se tildelingerne i ændringsloggen',
      closing: 'Ser det forkert ud, så kontakt organisationen eller servicedesk.',
    },
    facts: [...changed, ['Roller', 'Klinisk se adgang'], ['Begrundelse', 'Kun én administrator i ferien']],
  }),
  'user.departed': template({
    title: 'Kvittering for en fratrædelse',
    about: 'Til den, der planlagde fratrædelsen, når sidste arbejdsdag er gået.',
    placeholders: {
      bruger: user,
      organisation,
      dato: must('Sidste arbejdsdag', '20-11-2026'),
      fjernet: may('Om der var noget at fjerne', 'dette er fjernet:'),
      flere: may('Hvor mange roller der ikke er plads til, ellers intet', ''),
    },
    text: {
      subject: 'Kvittering: En bruger er fratrådt i SEB',
      opening: '{bruger} er fratrådt i {organisation}. Sidste arbejdsdag var {dato}. Brugeren er spærret, og {fjernet}',
      link: 'Se kvitteringen på brugerens side',
      closing:
        '{flere}\n\nHusk at deaktivere medarbejdersignaturen i MitID Erhverv. Det står på forsiden af SEB, til nogen har sat flueben ved det.',
    },
    facts: [['Fælles telemedicinsk infrastruktur (FUT)', 'Klinisk se adgang, Dagkirurgien']],
  }),
  'user.emergencyLocked': template({
    title: 'En bruger er nødspærret',
    about: 'Til organisationsadministratorerne og systemejeren, når servicedesk har nødspærret en bruger.',
    placeholders: {
      bruger: user,
      organisation,
      ophører: must('Hvornår spærringen ophører', '24-11-2026 kl. 09.30'),
      alene: may('Når organisationen ikke selv kan afgøre det, ellers intet', ''),
    },
    text: {
      subject: 'En bruger er nødspærret i SEB',
      opening:
        'Servicedesk har nødspærret {bruger} i {organisation}. Brugeren er logget af og kan ikke logge på.\n\nSpærringen ophører af sig selv {ophører}, hvis ingen bekræfter den. En organisationsadministrator kan bekræfte den, så brugeren forbliver spærret, eller ophæve den.\n\n{alene}',
      link: 'Se og afgør nødspærringen',
      closing: 'Kender du ikke til sagen, så ring til servicedesk.',
    },
    facts: [
      ['Bruger', 'Søren Ægidius Nørgård'],
      ['Sagsnummer', 'SD-4711'],
      ['Begrundelse', 'Mistanke om misbrug'],
    ],
  }),
  'user.emergencyLockConfirmed': template({
    title: 'En nødspærring er bekræftet',
    about: 'Til organisationsadministratorerne og systemejeren.',
    placeholders: { bruger: user },
    text: {
      subject: 'En nødspærring i SEB er bekræftet',
      opening: '{bruger} er fortsat spærret, nu uden slutdato, til en administrator låser op.',
      link: 'Se brugeren',
    },
    facts: [
      ['Sagsnummer', 'SD-4711'],
      ['Afgjort af', 'Åse Østergård'],
    ],
  }),
  'user.emergencyLockLifted': template({
    title: 'En nødspærring er ophævet',
    about: 'Til organisationsadministratorerne og systemejeren.',
    placeholders: { bruger: user },
    text: {
      subject: 'En nødspærring i SEB er ophævet',
      opening: 'Nødspærringen af {bruger} er ophævet.',
      link: 'Se brugeren',
    },
    facts: [
      ['Sagsnummer', 'SD-4711'],
      ['Afgjort af', 'Åse Østergård'],
    ],
  }),
  'user.emergencyLockExpired': template({
    title: 'En nødspærring er udløbet',
    about: 'Til organisationsadministratorerne og systemejeren, når ingen har bekræftet den.',
    placeholders: { bruger: user },
    text: {
      subject: 'En nødspærring i SEB er udløbet',
      opening:
        'Nødspærringen af {bruger} udløb efter 72 timer, fordi ingen bekræftede den. Er brugeren ikke spærret af en anden grund, kan brugeren logge på igen.',
      link: 'Se brugeren',
    },
    facts: [
      ['Sagsnummer', 'SD-4711'],
      ['Afgjort af', 'SEB'],
    ],
  }),
  'organisation.actedFor': template({
    title: 'Systemejeren har handlet på organisationens vegne',
    about: 'Til alle organisationsadministratorer, hver gang det sker.',
    placeholders: {
      handling: must('Hvad systemejeren gjorde', 'spærrede en bruger'),
      bruger: must('Hvem det skete for', 'Søren Ægidius Nørgård'),
      organisation,
    },
    text: {
      subject: 'Systemejeren har handlet på jeres vegne i SEB',
      opening:
        'Systemejeren {handling} ({bruger}) på vegne af {organisation}. Normalt er det kun organisationens egne administratorer, der gør det.',
      link: 'Se organisationens brugere',
      closing: 'Er det ikke aftalt, så kontakt servicedesk.',
    },
    facts: [
      ['Bruger', 'Søren Ægidius Nørgård'],
      ['Begrundelse', 'Aftalt pr. telefon, sag SD-4711'],
    ],
  }),
  'administrator.changed': template({
    title: 'Ens egen administratorrolle er ændret',
    about: 'Til den, hvis rolle er ændret.',
    placeholders: { ændringer: lines('Hvad der er ændret', ['Du er nu brugeradministrator i Region Eksempel.']) },
    text: {
      subject: 'Din administratorrolle i SEB er ændret',
      opening: '{ændringer}',
      link: 'Se organisationens administratorer',
      closing: 'Er det ikke aftalt, så kontakt servicedesk med det samme.',
    },
    facts: changed,
  }),
  'administrator.changedNotice': template({
    title: 'Andres administratorroller er ændret',
    about: 'Til alle organisationsadministratorer.',
    placeholders: {
      ændringer: lines('Hvad der er ændret', ['Søren Nørgård er nu brugeradministrator i Region Eksempel.']),
    },
    text: {
      subject: 'Administratorer er ændret i SEB',
      opening: '{ændringer}',
      link: 'Se organisationens administratorer',
      closing: 'Er det ikke aftalt, så kontakt servicedesk med det samme.',
    },
    facts: changed,
  }),
  'administrator.ended': template({
    title: 'En administrator er slettet eller fratrådt',
    about: 'Til organisationsadministratorerne.',
    placeholders: { bruger: user, rolle: must('Administratorrollen', 'brugeradministrator'), organisation },
    text: {
      subject: 'En administrator er fjernet i SEB',
      opening: '{bruger} er ikke længere {rolle} i {organisation}, fordi brugeren er slettet eller fratrådt.',
      link: 'Se organisationens administratorer',
      closing: 'Er det ikke aftalt, så kontakt servicedesk med det samme.',
    },
    facts: changed,
  }),
} as const;
