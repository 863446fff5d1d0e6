import type { Fact } from '../mail-template.ts';
import { may, must, template } from '../mail-template.ts';

const number = must('Anmodningens nummer', '47');
const person = must('Den, der anmoder', 'Ida Bøgh Madsen');
const organisation = may('Brugerorganisationens navn', 'Region Eksempel');
const administrator = must('Administratoren, der gjorde det', 'Åse Østergård');
const given = may('Hvad medarbejderen nu kan', 'Log på med det login, du anmodede med, så har du adgang.');

const asked: readonly Fact[] = [
  ['Brugerorganisation', 'Region Eksempel'],
  ['Anmodet af', 'Ida Bøgh Madsen'],
  ['Arbejdsmail', 'ida.madsen@region-eksempel.example'],
  ['Anmodning om', 'Almindelig brugeradgang: Ny bruger'],
  ['Har brug for', 'Jeg begynder på Kirurgisk Afdeling og skal se patienternes aftaler'],
  ['Roller', 'Klinisk se adgang (Fælles telemedicinsk infrastruktur (FUT))'],
  ['SOR-enhed', 'Kirurgisk Afdeling (95001031000016005)'],
  ['Periode', 'fra 01-12-2026 til og med 31-12-2027'],
  ['Modtager', 'Åse Østergård'],
];
const answered: readonly Fact[] = [
  ['Brugerorganisation', 'Region Eksempel'],
  ['Du har fået', 'Klinisk se adgang (Fælles telemedicinsk infrastruktur (FUT)), til og med 31-12-2027'],
];
const reason: Fact = ['Begrundelse', 'Statistik kræver et projekt'];
const comment: readonly Fact[] = [['Kommentar', 'Det haster: jeg begynder på mandag']];

const toEmployee = 'Til medarbejderen, på arbejdsmailen i anmodningen';
const ownLink = 'Se din anmodning';
const openLink = 'Åbn anmodningen';

/** What is told of employees' requests for access: to them, and to whoever decides. */
export const accessRequestTemplates = {
  'request.receipt': template({
    title: 'Kvittering for en anmodning om adgang',
    isForEmployee: true,
    about: `${toEmployee}, når den er sendt.`,
    placeholders: { nr: number, modtager: must('Den administrator, den er sendt til', 'Åse Østergård') },
    text: {
      subject: 'Din anmodning om adgang er sendt (nr. {nr})',
      opening: 'Vi har modtaget din anmodning og sendt den til {modtager}. Du får en mail, når der er svar.',
      link: ownLink,
    },
    facts: asked,
  }),
  'request.receiptWithoutDecider': template({
    title: 'Kvittering, når ingen administrator kan svare',
    isForEmployee: true,
    about: `${toEmployee}, når organisationen ingen administrator har, som kan afgøre den.`,
    placeholders: { nr: number },
    text: {
      subject: 'Din anmodning om adgang er sendt (nr. {nr})',
      opening:
        'Vi har modtaget din anmodning. Organisationen har ingen administrator, som kan svare lige nu, så servicedesk hjælper videre. Du får en mail, når der er svar.',
      link: ownLink,
    },
    facts: asked.filter(([label]) => label !== 'Modtager'),
  }),
  'request.received': template({
    title: 'Ny anmodning om adgang',
    about: 'Til den administrator, som medarbejderen har valgt.',
    placeholders: { nr: number, person, organisation },
    text: {
      subject: '{person} anmoder om adgang i SEB (nr. {nr})',
      opening: '{person} i {organisation} har sendt dig en anmodning om adgang. Tag den, og svar på den i SEB.',
      link: openLink,
    },
    facts: asked,
  }),
  'request.research': template({
    title: 'Ny anmodning om Forskermaskinen',
    about: 'Til den modtager for Forskermaskinen, som medarbejderen har valgt, til orientering.',
    placeholders: { nr: number, person, organisation },
    text: {
      subject: '{person} anmoder om adgang i SEB (nr. {nr})',
      opening:
        '{person} i {organisation} anmoder om adgang til Forskermaskinen. Organisationens egen administrator afgør anmodningen; du får denne mail, fordi du står som modtager for Forskermaskinen.',
    },
    facts: [...asked, ['Projektnummer', 'FSE-2026-118'], ['Dataejerens godkendelse', 'Regionens udvalg, sag 26/4711']],
  }),
  'request.withdrawn': template({
    title: 'En anmodning om adgang er trukket tilbage',
    about: 'Til den administrator, som har anmodningen.',
    placeholders: { nr: number, person },
    text: {
      subject: 'Anmodning nr. {nr} er trukket tilbage',
      opening: '{person} har trukket sin anmodning om adgang tilbage. Du skal ikke gøre mere.',
      link: openLink,
    },
  }),
  'request.handedOver': template({
    title: 'En anmodning om adgang er givet videre',
    about: 'Til den administrator, som har fået den.',
    placeholders: { nr: number, person, administrator },
    text: {
      subject: 'Du har fået anmodning nr. {nr} i SEB',
      opening: '{administrator} har givet anmodningen fra {person} videre til dig.',
      link: openLink,
    },
    facts: asked,
  }),
  'request.commented': template({
    title: 'Kommentar fra medarbejderen',
    about: 'Til den administrator, som har anmodningen.',
    placeholders: { nr: number, person },
    text: {
      subject: 'Ny kommentar til anmodning nr. {nr} i SEB',
      opening: '{person} har skrevet en kommentar til anmodningen om adgang.',
      link: openLink,
    },
    facts: comment,
  }),
  'request.answeredComment': template({
    title: 'Kommentar til medarbejderen',
    isForEmployee: true,
    about: `${toEmployee}, når en administrator har skrevet en kommentar.`,
    placeholders: { nr: number, administrator },
    text: {
      subject: 'Ny kommentar til din anmodning om adgang (nr. {nr})',
      opening: '{administrator} har skrevet en kommentar til din anmodning om adgang.',
      link: ownLink,
    },
    facts: comment,
  }),
  'request.granted': template({
    title: 'En anmodning om adgang er godkendt',
    isForEmployee: true,
    about: `${toEmployee}.`,
    placeholders: { nr: number, administrator, adgang: given },
    text: {
      subject: 'Din anmodning om adgang er godkendt (nr. {nr})',
      opening: '{administrator} har godkendt din anmodning om adgang. {adgang}',
      link: ownLink,
    },
    facts: answered,
  }),
  'request.partlyGranted': template({
    title: 'En anmodning om adgang er godkendt i en del',
    isForEmployee: true,
    about: `${toEmployee}, når der er givet mindre, eller for kortere tid, end der blev anmodet om.`,
    placeholders: { nr: number, administrator, adgang: given },
    text: {
      subject: 'Din anmodning om adgang er godkendt i en del (nr. {nr})',
      opening: '{administrator} har godkendt en del af din anmodning om adgang. {adgang}',
      link: ownLink,
    },
    facts: [...answered, reason],
  }),
  'request.rejected': template({
    title: 'En anmodning om adgang er afvist',
    isForEmployee: true,
    about: `${toEmployee}.`,
    placeholders: { nr: number, administrator },
    text: {
      subject: 'Din anmodning om adgang er afvist (nr. {nr})',
      opening: '{administrator} har afvist din anmodning om adgang.',
      link: ownLink,
      closing: 'Er du i tvivl om hvorfor, så spørg administratoren. Du kan sende en ny anmodning.',
    },
    facts: [['Brugerorganisation', 'Region Eksempel'], reason],
  }),
  'request.escalated': template({
    title: 'Ingen har taget en anmodning om adgang',
    about: 'Til de andre administratorer, trin for trin, når modtageren ikke har taget den i tide.',
    placeholders: {
      nr: number,
      person,
      tidspunkt: may('Hvornår den blev sendt', '21-11-2026 kl. 14.14'),
      modtager: may('Den, der ikke har taget den', 'Åse Østergård'),
    },
    text: {
      subject: 'Ingen har taget anmodning nr. {nr} i SEB',
      opening:
        '{person} anmodede om adgang {tidspunkt}. {modtager} har ikke taget anmodningen. Tag den, hvis du kan svare.',
      link: openLink,
    },
    facts: asked,
  }),
  'request.escalatedToServicedesk': template({
    title: 'Ingen svarer på en anmodning om adgang (til servicedesk)',
    about: 'Til servicedesk, når ingen i organisationen kan svare eller har svaret. Uden det, medarbejderen skrev.',
    placeholders: {
      nr: number,
      organisation: must('Brugerorganisationens navn', 'Region Eksempel'),
      tidspunkt: may('Hvornår den blev sendt', '21-11-2026 kl. 14.14'),
    },
    text: {
      subject: 'Ingen svarer på anmodning nr. {nr} i SEB',
      opening:
        'Ingen administrator i {organisation} har taget en anmodning om adgang fra {tidspunkt}. Hjælp organisationen med at få en administrator, der kan svare.',
      link: openLink,
    },
    facts: [['Brugerorganisation', 'Region Eksempel']],
  }),
} as const;
