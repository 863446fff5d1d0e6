import { must, template } from '../mail-template.ts';

/** The formal reminder of chapter 6 of the guide. */
export const halfYearlyTemplates = {
  'halfYearly.reminder': template({
    title: 'Den halvårlige meddelelse',
    about:
      'Til alle aktive brugeradministratorer og organisationsadministratorer, to gange om året. Én mail til hver, med tal for hver af deres organisationer.',
    placeholders: {
      dage: must('Efter hvor mange dage uden login en bruger tælles med', '180'),
      servicedesk: must('Servicedesks e-mailadresse', 'servicedesk@sundhedsdata.dk'),
    },
    text: {
      subject: 'Gennemgå brugerne i SEB: halvårlig påmindelse til administratorer',
      opening:
        'Du er administrator i SEB. Denne mail kommer to gange om året som led i den løbende forvaltningskontrol og er en formel påmindelse om at gå adgange og roller systematisk igennem.\n\nDet er alene organisationens egne administratorer, der har ansvaret for:\n\n- at godkende eller afvise medarbejdernes anmodninger om adgang\n- at tildele roller og rettigheder efter, hvad arbejdet kræver\n- at kontrollere brugere, roller og rettigheder løbende og holde dem ajour\n- at rette adgange til, når nogen skifter arbejde eller fratræder.\n\nAdgange, der ikke bliver vedligeholdt, er en sikkerhedsrisiko og kan være i strid med reglerne om databeskyttelse og informationssikkerhed. Gå derfor brugerne igennem nu, og se efter, at hver adgang og rolle stadig er begrundet i arbejdet.\n\nSådan ser det ud i dag. Brugere, der ikke har været logget på i {dage} dage, er talt for sig:',
      link: 'Log på SEB',
      closing:
        'Har du spørgsmål til din rolle, eller har du brug for vejledning i SEB, så kontakt servicedesk på {servicedesk}.',
    },
  }),
} as const;
