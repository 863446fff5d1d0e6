/**
 * SOR units as indented lines. "| type" is the type of entity from that line on; "† date" is the last day of a unit that
 * has closed, "→ days" says that it closes so many days after the day of seeding.
 */
export const regionUnits = `
Region Eksempel | region
  Eksempel Universitetshospital | hospital
    Akutafdelingen | klinisk enhed
      Akutmodtagelsen
        Behandlerspor
        Triage og visitation
      Skadestuen
      Akut Sengeafsnit
      Lægevagten † 2023-12-31
    Medicinsk Afdeling M
      Sengeafsnit M1
      Sengeafsnit M2
      Sengeafsnit M3 † 2024-09-30
      Medicinsk Ambulatorium
        Diabetesambulatoriet
          Fodsårsteamet
        Lungeambulatoriet
        Mave-tarm-ambulatoriet
      Dagafsnit M
      Lægesekretariat M
    Hjertemedicinsk Afdeling H
      Sengeafsnit H1
      Hjerteambulatoriet
        Hjertesvigtklinikken
        Pacemakerklinikken
      Hjertelaboratoriet
    Kirurgisk Afdeling K
      Sengeafsnit K1
      Sengeafsnit K2
      Kirurgisk Ambulatorium
        Stomiklinikken
      Operationsgangen K
    Ortopædkirurgisk Afdeling O
      Sengeafsnit O1
      Sengeafsnit O2 → 45
      Ortopædkirurgisk Ambulatorium
        Håndkirurgisk Team
        Idrætsklinikken
      Bandagisteriet † 2022-06-30
    Kvindesygdomme og Fødsler
      Fødegangen
      Barselsafsnittet
      Svangreambulatoriet
        Jordemodercenter Nord
        Jordemodercenter Syd
      Gynækologisk Ambulatorium
        Fertilitetsklinikken
    Børne- og Ungeafdelingen
      Sengeafsnit B1
      Neonatalafsnittet
      Børneambulatoriet
    Kræftafdelingen
      Onkologisk Ambulatorium
        Kemoterapien
      Stråleterapien
      Palliativt Team
    Øre-, Næse- og Halsafdelingen
      ØNH-ambulatoriet
      Audiologisk Klinik
    Øjenafdelingen
      Øjenambulatoriet
        AMD-klinikken
    Anæstesi og Intensiv
      Intensivafsnittet
      Opvågningen
      Smerteklinikken
    Psykiatrisk Afdeling P
      Åbent Afsnit P1
      Lukket Afsnit P2
      Psykiatrisk Akutmodtagelse
      Ambulatorium for Angst og Depression
    Klinisk Biokemisk Afdeling | laboratorium
      Prøvetagningen
      Laboratorium for Koagulation
    Klinisk Mikrobiologisk Afdeling | laboratorium
      Molekylærlaboratoriet
    Røntgenafdelingen | billeddiagnostisk enhed
      CT- og MR-skanning
      Brystcenteret
    Fysio- og Ergoterapien | klinisk enhed
      Genoptræningsteamet
    Hospitalsapoteket | sygehusapotek
      Klinisk Farmaci
      Cytostatikaproduktionen
    Kvalitet og Forskning | administrativ enhed
      Forskningsenheden
      Patientsikkerhed
  Regionshospitalet Nordfjord | hospital
    Akutklinikken Nordfjord | klinisk enhed
    Medicinsk Afdeling N
      Sengeafsnit N1
      Sengeafsnit N2
      Geriatrisk Team
        Udgående Team Nord
        Udgående Team Syd
      Dialysen
    Kirurgisk Dagafdeling
      Dagkirurgien
      Skopiafsnittet
      Sekretariat, Dagkirurgi
    Gigtklinikken
      Gigtambulatoriet
      Infusionsklinikken
    Jordemoderkonsultationen Nordfjord
    Neurorehabilitering
      Sengeafsnit R1
      Sengeafsnit R2
      Genoptræningsambulatoriet
      Hjerneskadeteamet
    Lungemedicinsk Klinik
      Søvnklinikken
      KOL-klinikken
    Blodprøvetagningen Nordfjord | laboratorium
    Røntgen Nordfjord | billeddiagnostisk enhed
    Medicinsk Afdeling S | klinisk enhed † 2021-12-31
    Administration Nordfjord | administrativ enhed
      Lægesekretariat Nordfjord
  Regionshuset | regional forvaltning
    Digitalisering og It | administrativ enhed
      Brugersupport
      Informationssikkerhed
    Sundhedsplanlægning
      Data og Analyse
      Telemedicin
    Praksis og Nære Tilbud
`;
