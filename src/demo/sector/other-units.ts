/** Written as in region-units.ts. */
export const municipalityUnits = `
Eksempel Kommune | kommune
  Sundhed og Omsorg | kommunal forvaltning
    Hjemmesygeplejen | klinisk enhed
      Hjemmesygeplejen Nord
        Sygeplejeklinikken Nord
      Hjemmesygeplejen Syd
        Sygeplejeklinikken Syd
      Akutteamet
    Hjemmeplejen | plejeenhed
      Hjemmeplejen Nord
        Aftenvagten Nord
      Hjemmeplejen Syd
        Aftenvagten Syd
      Hjemmeplejen Øst
    Plejecentre
      Plejecenter Åbrinken
        Demensafsnittet Åbrinken
      Plejecenter Sønderskov
      Plejecenter Æblehaven
      Plejecenter Lindegården † 2025-03-31
    Træning og Rehabilitering | træningsenhed
      Træningscenter Midtbyen
      Rehabiliteringscentret
        Døgnrehabilitering
      Hjælpemiddeldepotet
    Sundhedscentret | sundhedscenter
      Forebyggelse og Livsstil
      Telemedicin og Velfærdsteknologi
    Myndighed og Visitation | administrativ enhed
      Visitationen
    Social og Handicap | bosted
      Bostedet Elmehuset
      Bostedet Ågården
      Misbrugscentret
  Børn og Skole | kommunal forvaltning
    Sundhedsplejen | klinisk enhed
      Småbørnsteamet
      Skolesundhedsplejen
    Tandplejen | tandklinik
      Tandklinikken Vestergade
      Tandklinikken Nørreskolen
      Tandreguleringen
  Borgerservice og Stab | kommunal forvaltning
    Borgerservice | administrativ enhed
    Økonomi og Analyse
    Digitalisering
`;

export const practiceUnits = `
Lægehuset Prøvegade | privat
  Lægehuset Prøvegade | lægepraksis
    Konsultationen | klinisk enhed
`;

export const clinicUnits = `
Klinik Fjordblik ApS | privat
  Klinik Fjordblik | speciallægepraksis
    Ortopædkirurgisk Konsultation | klinisk enhed
    Øre-, Næse- og Halskonsultation
      Høreklinikken
    Dagkirurgi
    Sekretariatet | administrativ enhed
`;

export const systemOwnerUnits = `
Sundhedsdatastyrelsen (demo) | stat
  Sundhedsdatastyrelsen (demo) | statslig forvaltning
    SEB Systemforvaltning | administrativ enhed
    Servicedesk
    Data og Analyse
`;

export const closedUnits = `
Øreklinikken Strandvejen ApS | privat
  Øreklinikken Strandvejen | speciallægepraksis
    Konsultationen | klinisk enhed
`;
