import type { Fact } from '../mail-template.ts';
import { lines, may, must, template } from '../mail-template.ts';

const organisation = must('Brugerorganisationens navn', 'Region Eksempel');
const facts: readonly Fact[] = [
  ['Brugerorganisation', 'Region Eksempel'],
  ['Begrundelse', 'Aftalt med organisationen'],
  ['Tidspunkt', '21-11-2026 kl. 14.14'],
];
const link = 'Se organisationen i SEB';
const closing = 'Er det ikke aftalt, så kontakt servicedesk.';
const toOrganisation = 'Til organisationsadministratorerne og organisationens kontaktpersoner.';
const systemRole = {
  rolle: must('Systemrollen', 'servicedesk'),
  status: must('Fået eller mistet', 'har fået'),
};
const roleFacts: readonly Fact[] = [
  ['Person', 'Jonas Krogh Vestergaard'],
  ['Ændret af', 'Birgitte Ahlgreen'],
];
const roleWords = {
  link: 'Se systemrollerne',
  closing: 'Er det ikke aftalt, så kontakt servicedesk og de andre systemejere med det samme.',
};

/** What is told of an organisation, its agreements, and the system's own people. */
export const organisationTemplates = {
  'organisation.closed': template({
    title: 'Organisationen er lukket',
    about: toOrganisation,
    placeholders: { organisation },
    text: {
      subject: 'Din organisation er lukket i SEB',
      opening: '{organisation} er lukket i SEB. Ingen af organisationens brugere kan logge på. Intet er slettet.',
      // No link: nobody who gets it is let in any more.
      closing,
    },
    facts,
  }),
  'organisation.reopened': template({
    title: 'Organisationen er åben igen',
    about: toOrganisation,
    placeholders: { organisation },
    text: {
      subject: 'Din organisation er åben igen i SEB',
      opening:
        '{organisation} er åben igen i SEB. Brugere, der ikke er spærret eller slettet, kan logge på. Se brugerne igennem: nogle kan være fratrådt i mellemtiden.',
      link,
      closing,
    },
    facts,
  }),
  'organisation.selfAssignmentAllowed': template({
    title: 'Administratorer må give sig selv roller',
    about: toOrganisation,
    placeholders: { organisation },
    text: {
      subject: 'Administratorer må give sig selv roller i SEB',
      opening:
        'Systemejeren har tilladt, at administratorer i {organisation} giver sig selv roller. Hver gang kræver en begrundelse og fortælles til andre.',
      link,
      closing,
    },
    facts,
  }),
  'organisation.selfAssignmentEnded': template({
    title: 'Administratorer må ikke længere give sig selv roller',
    about: toOrganisation,
    placeholders: { organisation },
    text: {
      subject: 'Administratorer må ikke længere give sig selv roller i SEB',
      opening: 'Administratorer i {organisation} kan ikke længere give sig selv roller.',
      link,
      closing,
    },
    facts,
  }),
  'agreement.reminder': template({
    title: 'Aftalen udløber snart',
    about: 'Til organisationsadministratorerne og systemejeren 90, 30 og 7 dage før.',
    placeholders: {
      organisation,
      dato: must('Sidste dag', '31-12-2026'),
      hvornår: may('Hvor længe der er til', 'om 30 dage'),
    },
    text: {
      subject: 'Aftalen om SEB udløber snart',
      opening:
        'Aftalen om brug af SEB for {organisation} udløber {dato}, altså {hvornår}. Skal organisationen fortsat bruge SEB, så udfyld og underskriv en ny autorisationsblanket, og send den til systemejeren.',
      link: 'Se aftalen, og hent en tom blanket',
    },
    facts: [
      ['Brugerorganisation', 'Region Eksempel'],
      ['Sidste dag', '31-12-2026'],
    ],
  }),
  'agreementText.published': template({
    title: 'Ny aftaletekst',
    about: 'Til organisationsadministratorerne i alle åbne organisationer, når systemejeren udgiver en aftaletekst.',
    placeholders: { nyt: lines('Hvad der er nyt i teksten', ['Afsnittet om logning er nyt.']) },
    text: {
      subject: 'Ny aftaletekst i SEB, som din organisation skal acceptere',
      opening:
        'Systemejeren har udgivet en ny aftaletekst for SEB. En organisationsadministrator skal læse den og acceptere den for organisationen.\n\nDet er nyt:\n\n{nyt}',
      link: 'Læs og acceptér aftaleteksten',
      closing:
        'Er du organisationsadministrator i flere organisationer, skal teksten accepteres for hver af dem. Har en anden allerede gjort det, skal du ikke gøre mere.',
    },
  }),
  'agreement.ended': template({
    title: 'Aftalen slutter',
    about: 'Til organisationsadministratorerne og aftalens kontaktpersoner.',
    placeholders: { organisation, dato: must('Sidste dag', '31-12-2026') },
    text: {
      subject: 'Aftalen om SEB slutter',
      opening: 'Aftalen om brug af SEB for {organisation} slutter med {dato} som sidste dag.',
      link,
      closing,
    },
    facts,
  }),
  'administrator.begin': template({
    title: 'Udpeget som den første organisationsadministrator',
    about: 'Til den, som aftalen nævner: hvordan man kommer i gang.',
    placeholders: {
      organisation,
      frist: may('Hvad der gælder om fristen, ellers intet', 'Du skal logge på senest 05-12-2026.'),
    },
    text: {
      subject: 'Du er organisationsadministrator i SEB',
      opening:
        'Du er udpeget som organisationsadministrator for {organisation} i SEB, som jeres underskrevne aftale siger.\n\nSådan kommer du i gang: Åbn linket, vælg NemLog-in, og log på med dit MitID Erhverv for organisationen. Opret derefter mindst én administrator mere, de brugere, der skal have adgang, og tildel dem roller.',
      link: 'Log på SEB',
      closing: '{frist}\n\nKender du ikke til aftalen, så kontakt servicedesk med det samme.',
    },
    facts: [
      ['Brugerorganisation', 'Region Eksempel'],
      ['CVR-nummer', '39 91 00 12'],
      ['Log på senest', '05-12-2026'],
    ],
  }),
  'administrator.appointedOnAgreement': template({
    title: 'Ny organisationsadministrator efter aftale',
    about: 'Til alle administratorer og aftalens kontaktpersoner, når den eneste er væk.',
    placeholders: {
      administrator: must('Den nye', 'Bodil Ærø'),
      organisation,
      gammel: may(
        'Hvad der blev af den gamle, ellers intet',
        'Anders Øland kan ikke længere logge på som administrator her.',
      ),
    },
    text: {
      subject: 'Ny organisationsadministrator i SEB efter aftale',
      opening:
        'Systemejeren har efter en nyunderskrevet aftale udpeget {administrator} som organisationsadministrator for {organisation}. {gammel}',
      link,
      closing,
    },
    facts,
  }),
  'systemRole.changed': template({
    title: 'Ens egen systemrolle er ændret',
    about: 'Til den, hvis rolle er ændret.',
    placeholders: systemRole,
    text: { subject: 'Din systemrolle i SEB er ændret', opening: 'Du {status} rollen {rolle} i SEB.', ...roleWords },
    facts: roleFacts,
  }),
  'systemRole.changedNotice': template({
    title: 'En andens systemrolle er ændret',
    about: 'Til systemejerne.',
    placeholders: { person: must('Personens navn', 'Jonas Krogh Vestergaard'), ...systemRole },
    text: {
      subject: 'En systemrolle i SEB er ændret',
      opening: '{person} {status} rollen {rolle} i SEB.',
      ...roleWords,
    },
    facts: roleFacts,
  }),
  'systemRole.ended': template({
    title: 'En systemrolle er faldet bort',
    about: 'Til systemejerne, når personen er slettet eller fratrådt.',
    placeholders: { person: must('Personens navn', 'Jonas Krogh Vestergaard') },
    text: {
      subject: 'En systemrolle i SEB er ændret',
      opening: '{person} har ikke længere en systemrolle i SEB, fordi brugeren er slettet eller fratrådt.',
      ...roleWords,
    },
    facts: roleFacts,
  }),
} as const;
