import type { Fact } from '../mail-template.ts';
import { may, must, template } from '../mail-template.ts';

const organisation = must('Brugerorganisationens navn', 'Region Eksempel');
const service = must('Servicens navn', 'Fælles telemedicinsk infrastruktur (FUT)');
const roles: readonly Fact[] = [
  ['Brugerorganisation', 'Region Eksempel'],
  ['Fælles telemedicinsk infrastruktur (FUT)', 'Klinisk se adgang (clinical_viewer)'],
  ['Begrundelse', 'Aftalt med organisationen'],
];
const request: readonly Fact[] = [
  ['Brugerorganisation', 'Region Eksempel, CVR 39 91 00 12'],
  ['Anmodning', 'Nr. 12'],
];
const toAdministrators = 'Til organisationsadministratorerne.';
const rightsLink = 'Se organisationens rettigheder til roller';

/** What is told of services, roles and the right to give them. */
export const serviceTemplates = {
  'organisationRole.granted': template({
    title: 'Organisationen kan tildele flere roller',
    about: toAdministrators,
    placeholders: {},
    text: {
      subject: 'Din organisation kan tildele flere roller i SEB',
      opening: 'Systemejeren har givet organisationen ret til at tildele disse roller:',
      link: rightsLink,
      closing: 'Du får denne mail, fordi du er organisationsadministrator. Har du spørgsmål, så kontakt servicedesk.',
    },
    facts: roles,
  }),
  'organisationRole.withdrawn': template({
    title: 'Organisationen kan ikke længere tildele nogle roller',
    about: toAdministrators,
    placeholders: {
      virkning: must('Hvad det betyder for brugerne', '12 tildelinger til 9 brugere er fjernet med det samme.'),
    },
    text: {
      subject: 'Din organisation kan ikke længere tildele nogle roller i SEB',
      opening: 'Systemejeren har taget retten til at tildele rollerne herunder tilbage.\n\n{virkning}',
      link: rightsLink,
      closing: 'Du får denne mail, fordi du er organisationsadministrator. Har du spørgsmål, så kontakt servicedesk.',
    },
    facts: roles,
  }),
  'service.retirement': template({
    title: 'En service eller rolle udfases',
    about: 'Til organisationsadministratorerne i de organisationer, der kan tildele den eller har brugere med den.',
    placeholders: {
      navn: must('Servicens eller rollens navn', 'Læser af prøver'),
      hvad: may('Service eller rolle med navn', 'rollen Læser af prøver'),
      dato: must('Første dag uden', '01-01-2027'),
      afløser: may('Om der er en afløser', 'Der er ingen afløser.'),
      brugere: may('Hvor mange i organisationen har den', '3 brugere i organisationen har den i dag.'),
    },
    text: {
      subject: 'Udfases i SEB: {navn}',
      opening: 'Fra {dato} kan {hvad} ikke længere tildeles. {afløser}\n\n{brugere}',
      link: rightsLink,
      closing: 'Du får denne mail, fordi du er organisationsadministrator.',
    },
    facts: [['Brugerorganisation', 'Region Eksempel']],
  }),
  'service.retirementCancelled': template({
    title: 'En service eller rolle udfases alligevel ikke',
    about: 'Til de samme, som fik at vide, at den skulle udfases.',
    placeholders: {
      navn: must('Servicens eller rollens navn', 'Læser af prøver'),
      hvad: may('Service eller rolle med navn', 'rollen Læser af prøver'),
    },
    text: {
      subject: 'Udfases alligevel ikke i SEB: {navn}',
      opening: 'Systemejeren har besluttet, at {hvad} alligevel ikke udfases. Den kan tildeles som før.',
      link: rightsLink,
      closing: 'Du får denne mail, fordi du er organisationsadministrator.',
    },
    facts: [['Brugerorganisation', 'Region Eksempel']],
  }),
  'serviceAccess.requested': template({
    title: 'Ny anmodning om en service',
    about: 'Til systemejeren, og som kvittering til organisationen og dens kontaktperson.',
    placeholders: { organisation, service },
    text: {
      subject: 'Anmodning om en service i SEB: {service}',
      opening: '{organisation} anmoder om ret til at tildele roller i {service}. Systemejeren afgør anmodningen.',
      link: 'Se anmodningen i SEB',
    },
    facts: [
      ...request,
      ['Anmodet af', 'Åse Østergård'],
      ['Roller', 'Klinisk se adgang'],
      ['Formål', 'Hjemmemonitorering'],
      ['Hjemmel', 'Sundhedsloven § 42 a'],
    ],
  }),
  'serviceAccess.withdrawn': template({
    title: 'Anmodning om en service er trukket tilbage',
    about: 'Til systemejeren.',
    placeholders: { person: may('Den, der trak den tilbage', 'Åse Østergård'), service },
    text: {
      subject: 'Anmodning om en service i SEB er trukket tilbage: {service}',
      opening: '{person} har trukket organisationens anmodning om {service} tilbage.',
      link: 'Se anmodningen i SEB',
    },
    facts: request,
  }),
  'serviceAccess.decided': template({
    title: 'Anmodning om en service er godkendt',
    about: 'Til systemejeren, organisationen og dens kontaktperson, når mindst én rolle er godkendt.',
    placeholders: { service },
    text: {
      subject: 'Anmodning om en service i SEB er afgjort: {service}',
      opening: 'Systemejeren har afgjort anmodningen. De godkendte roller kan tildeles med det samme.',
      link: 'Se anmodningen i SEB',
    },
    facts: [...request, ['Godkendt', 'Klinisk se adgang'], ['Afgjort af', 'Birgitte Ahlgreen']],
  }),
  'serviceAccess.rejected': template({
    title: 'Anmodning om en service er afvist',
    about: 'Til systemejeren, organisationen og dens kontaktperson.',
    placeholders: { service },
    text: {
      subject: 'Anmodning om en service i SEB er afgjort: {service}',
      opening: 'Systemejeren har afvist anmodningen.',
      link: 'Se anmodningen i SEB',
    },
    facts: [...request, ['Afvist', 'Klinisk se adgang'], ['Begrundelse', 'Hjemmel mangler']],
  }),
} as const;
