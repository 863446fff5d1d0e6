/** Words for made-up units: they sound Danish and name no real owner. */

type Words = readonly [string, ...string[]];

export const regions = words('Region Kattegat | Region Sydhavet | Region Limfjord | Region Storebælt | Region Øresund');

export const townBeginnings = words(`
  Birke | Elme | Fjord | Granne | Hassel | Kær | Lille | Mølle | Nør | Ravn | Sønder | Tårn | Vester | Øster | Ær |
  Ålle
`);
export const townEndings = words('bjerg | borg | by | have | holm | lev | lund | rup | sted | strup | ø');

export const streets = words(`
  Algade | Bøgevej | Engvej | Gl. Landevej | Havnegade | Jernbanegade | Kirkestræde | Lærkevej | Møllevej |
  Nørregade | Parkallé | Rådhusplads | Skolegade | Strandvejen | Søndergade | Torvet | Æblehaven | Østergade |
  Ågade
`);

export const hospitals = words(`
  Universitetshospital | Regionshospital Nord | Regionshospital Syd | Sygehus Øst | Sygehus Vest |
  Psykiatrisk Hospital | Rehabiliteringshospital | Friklinik | Akuthospital | Præhospitalet | Laboratoriecenter |
  Børne- og Ungehospital
`);

export const centres = words(`
  Akutcenter | Hjertecenter | Hovedcenter | Kirurgisk Center | Kræftcenter | Kvinde-barn-center | Medicinsk Center |
  Neurocenter | Servicecenter
`);

export const specialties = words(`
  Akutmedicinsk | Anæstesiologisk | Arbejdsmedicinsk | Børne- og Ungemedicinsk | Dermatologisk | Endokrinologisk |
  Fysio- og Ergoterapeutisk | Gastroenterologisk | Geriatrisk | Gynækologisk-obstetrisk | Hæmatologisk |
  Infektionsmedicinsk | Kardiologisk | Karkirurgisk | Klinisk Biokemisk | Lungemedicinsk | Neurologisk |
  Nyremedicinsk | Onkologisk | Ortopædkirurgisk | Palliativ | Plastikkirurgisk | Psykiatrisk | Radiologisk |
  Reumatologisk | Thoraxkirurgisk | Urologisk | Øjenmedicinsk | Øre-, Næse- og Halskirurgisk
`);

export const wards = words('Sengeafsnit | Ambulatorium | Dagafsnit | Operationsgang | Intensivafsnit | Modtagelse');
export const teams = words('Team Nord | Team Syd | Sygeplejeklinik | Sekretariat | Udgående team | Forskningsenhed');
export const posts = words('Vagthold | Stue | Funktion | Telefonrådgivning');

export const municipalServices = words('Sundhed og Ældre | Social og Handicap | Børn og Unge | Tandplejen');
export const municipalAreas = words(`
  Hjemmeplejen | Sygeplejen | Plejecenter Egely | Plejecenter Søbo | Træning og Rehabilitering | Sundhedsplejen |
  Bosted Åhusene | Aktivitetscenter | Visitationen
`);
export const districts = words('Nord | Syd | Øst | Vest | Midt | Havnen | Åparken');

export const practices: readonly [Practice, ...Practice[]] = [
  {
    owner: 'Lægehuset',
    form: 'I/S',
    entityType: 'lægepraksis',
    rooms: ['Konsultation', 'Sygeplejersker', 'Sekretariat'],
  },
  { owner: 'Tandlægerne', form: 'ApS', entityType: 'tandlægepraksis', rooms: ['Klinik', 'Tandpleje', 'Reception'] },
  {
    owner: 'Fysioterapien',
    form: 'I/S',
    entityType: 'fysioterapipraksis',
    rooms: ['Behandling', 'Holdtræning', 'Reception'],
  },
  {
    owner: 'Øjenlægen',
    form: 'ApS',
    entityType: 'speciallægepraksis',
    rooms: ['Konsultation', 'Operation', 'Sekretariat'],
  },
  { owner: 'Apoteket', form: 'ApS', entityType: 'apotek', rooms: ['Skranke', 'Dosispakning', 'Udleveringssted'] },
];

export type Practice = { owner: string; form: string; entityType: string; rooms: Words };

function words(list: string): Words {
  const [first = '', ...more] = list.split('|').map((word) => word.trim());
  return [first, ...more];
}
