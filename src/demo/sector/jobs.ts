import { job, type Job } from './job.ts';
import { municipalityJobs } from './municipality-jobs.ts';
import type { OrganisationKey } from './organisations.ts';
import { regionJobs } from './region-jobs.ts';

export const jobs: Record<OrganisationKey, Job[]> = {
  region: regionJobs,
  municipality: municipalityJobs,
  practice: [
    job(
      'Konsultationssygeplejerske',
      2,
      /./,
      'sundhedsjournal/sjSygepl ddv/ddvRegistrer fmk-online/fmkMedhjaelp',
      'ddv/ddvLaes',
      '',
    ),
    job(
      'Lægesekretær',
      2,
      /./,
      'sundhedsjournal/sjMedhjaelp dnhf/dnhfSekretaer',
      'fmk-online/fmkMedhjaelp tilskud/tilMedhjaelp',
      'sundheddk-org/sdkRedaktoer bem/bemAdministrator',
    ),
    job(
      'Praktiserende læge',
      0,
      /./,
      'fmk-online/fmkOrdinerende sundhedsjournal/sjLaege dnhf/dnhfHenviser bem/bemDelegerer graviditet/grvLaege',
      'tilskud/tilAnsoeger smr/smrAnmelder',
      'bsr/bsrRegistrator',
    ),
  ],
  clinic: [
    job(
      'Speciallæge',
      5,
      /konsultation|Dagkirurgi/i,
      'fmk-online/fmkOrdinerende sundhedsjournal/sjLaege',
      'dnhf/dnhfModtager',
      'kkr/kkrIndtaster dpsd/dpsdSagsbehandler',
    ),
    job(
      'Sygeplejerske',
      5,
      /konsultation|Dagkirurgi/i,
      'sundhedsjournal/sjSygepl',
      'fmk-online/fmkMedhjaelp',
      'dpsd/dpsdInitialmodtager kkr/kkrIndtaster',
    ),
    job('Audiologiassistent', 2, /Høreklinikken/, 'stap-nsp/nspAudiologiMedarbR4', 'sundhedsjournal/sjMedhjaelp', ''),
    job(
      'Lægesekretær',
      5,
      /Sekretariatet/,
      'stap-nsp/nspLaegeSekrR1 dnhf/dnhfSekretaer',
      'lpr3/lprFejlretter niv/nivIndberetter sundhedsjournal/sjMedhjaelp',
      'niv/nivGodkender lpr3/lprOvervaag sundheddk-org/sdkRedaktoer',
    ),
  ],
  systemOwner: [
    job(
      'Servicedeskmedarbejder',
      4,
      /Servicedesk/,
      'fmk-online/fmkAdminSupport',
      'dnhf/dnhfOpfoelgning utd/utdUnderviser',
      'stap-nsp/nspTestRolle1',
    ),
    job('Systemforvalter', 4, /Systemforvaltning/, '', 'stap-nsp/nspTestRolle1 krs/krsOvervaag', 'minlog/minlogAudit'),
    job('Analytiker', 3, /Data og Analyse/, 'esundhed/esAaben esundhed/esRedaktoer', '', 'sor/sorLaeser'),
  ],
  closed: [
    job('Speciallæge', 1, /./, 'fmk-online/fmkOrdinerende sundhedsjournal/sjLaege', 'dnhf/dnhfModtager', ''),
    job('Lægesekretær', 1, /./, 'dnhf/dnhfSekretaer sundhedsjournal/sjMedhjaelp', 'fmk-online/fmkMedhjaelp', ''),
  ],
};
