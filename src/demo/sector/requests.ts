type Ending =
  | { state: 'open' }
  | { state: 'taken'; by: string }
  | { state: 'withdrawn' }
  | { state: 'rejected'; reason: string }
  /** What the user was given last; `alsoWanted` was not, for the reason. */
  | { state: 'granted' }
  | { state: 'partly'; alsoWanted: string; reason: string };

export type DemoRequest = {
  /** A user, or somebody whom only the login knows. */
  by: { user: string } | { firstName: string; lastName: string; rid: string };
  /** Days ago; one that was granted is as old as what was given. */
  sent: number | null;
  wanted: string;
  role: string | null;
  project?: string;
  ending: Ending;
};

export const recipient = 'region-org-admin';
export const fallback = 'region-user-admin';
const appointments = 'esp/espAftaleLaes';

/** One in every state. */
export const requests: DemoRequest[] = [
  {
    by: { user: 'region-2' },
    sent: null,
    wanted: 'Jeg er ny i afdelingen og skal kunne det samme som mine kolleger.',
    role: null,
    ending: { state: 'granted' },
  },
  {
    by: { user: 'region-4' },
    sent: null,
    wanted: 'Jeg skal bruge adgang til både klinik og statistik.',
    role: null,
    ending: { state: 'partly', alsoWanted: appointments, reason: 'Aftaler kræver en vagtplan. Resten har du fået.' },
  },
  {
    by: { user: 'region-user' },
    sent: 40,
    wanted: 'Jeg skal se aftaler for patienter på tværs af afdelinger i min vagt.',
    role: appointments,
    ending: {
      state: 'rejected',
      reason: 'Rollen følger med vagtplanen fra næste måned. Anmod igen, hvis den mangler da.',
    },
  },
  {
    by: { user: 'region-user' },
    sent: 30,
    wanted: 'Jeg bad om den forkerte rolle.',
    role: null,
    ending: { state: 'withdrawn' },
  },
  {
    by: { firstName: 'Mikkel', lastName: 'Brøndum Ørsted', rid: '20261131' },
    sent: 3,
    wanted: 'Jeg begynder som reservelæge den 1. og skal kunne slå patienters aftaler op.',
    role: appointments,
    ending: { state: 'taken', by: 'region-user-admin' },
  },
  {
    by: { firstName: 'Sofie', lastName: 'Ågård Lind', rid: '20261132' },
    sent: 1,
    wanted: 'Jeg skal arbejde med data om indlæggelser i projektet.',
    role: null,
    project: 'FSE-2026-118',
    ending: { state: 'open' },
  },
  {
    by: { firstName: 'Frederikke', lastName: 'Juul Sæderup', rid: '20261133' },
    sent: 0,
    wanted: 'Jeg er sekretær på Kirurgisk Afdeling og skal bruge de samme adgange som mine kolleger.',
    role: null,
    ending: { state: 'open' },
  },
];
