import { AppError, BadRequest, Conflict, Unavailable } from '../shared/errors.ts';
import { outsideArea } from '../permissions/service-limit.ts';

type Fault = { sqlState: string | null; constraint: string | null; message: string };

/**
 * What PostgreSQL said, in the shapes in which it reaches the code: a pg error, a Prisma error with the driver's cause
 * (model and raw calls), or a bare DriverAdapterError when COMMIT fails.
 */
function faultOf(error: unknown): Fault {
  const found: Fault = { sqlState: null, constraint: null, message: '' };
  for (let at = error, depth = 0; isObject(at) && depth < 6; at = nextCause(at), depth += 1) {
    found.sqlState ??= text(at.originalCode) ?? sqlStateOf(at.code);
    found.constraint ??= text(at.constraint);
    // The code too: two refused addresses of one name come as an error without a message.
    found.message += ` ${text(at.code) ?? ''} ${text(at.message) ?? ''} ${text(at.originalMessage) ?? ''}`;
    if (at.kind === 'TransactionWriteConflict' || at.code === 'P2034') found.sqlState ??= '40001';
  }
  return found;
}

function nextCause(error: Record<string, unknown>): unknown {
  const meta = isObject(error.meta) ? error.meta.driverAdapterError : undefined;
  return meta ?? error.cause;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function sqlStateOf(code: unknown): string | null {
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code) ? code : null;
}

/** Serialization failure or deadlock: the same change may be tried again from the start. */
export function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(faultOf(error).sqlState ?? '');
}

// Prisma does not always carry the constraint's name; the message does.
const refusals: Record<string, string> = {
  app_user_rid: 'RID-nummeret bruges allerede af en anden bruger i organisationen. Find brugeren i brugeroversigten.',
  app_user_uuid: 'En anden bruger i organisationen har allerede dette UUID. Kontakt servicedesk.',
  role_assignment_once: 'En af rollerne er netop tildelt af en anden. Åbn siden igen, og se, hvad brugeren har nu.',
  role_assignment_restores: 'En af rollerne er allerede givet tilbage. Åbn siden igen, og se hvad der er fortrudt.',
  organisation_cvr_key: 'En anden har netop oprettet organisationen. Find den på listen over organisationer.',
  agreement_renewed_once: 'En anden har netop fornyet aftalen. Åbn organisationens side, og se den nye aftale.',
  agreement_file_once:
    'Den samme PDF er allerede registreret for organisationen. Åbn organisationens side, og se aftalen dér.',
  agreement_text_one_draft: 'En anden har netop begyndt en kladde. Åbn siden igen, og skriv videre i den.',
  agreement_text_published: 'Teksten er udgivet og kan ikke ændres mere. Skriv en ny kladde.',
  agreement_acceptance_pkey: 'En anden har netop accepteret teksten for organisationen.',
  idempotency_key_pkey: 'Formularen er allerede sendt ét andet sted. Åbn siden igen, og se hvad der er gemt.',
  organisation_keeps_administrator:
    'Organisationen skal altid have mindst én aktiv organisationsadministrator uden slutdato. Udpeg en anden først.',
  role_assignment_role_not_givable: 'Organisationen kan ikke længere tildele en af rollerne. Åbn siden igen.',
  role_assignment_user_not_active: 'En af brugerne er spærret eller slettet. Åbn siden igen, og vælg andre brugere.',
  role_assignment_unit_required: 'En af rollerne kræver en SOR-enhed. Vælg en enhed, og prøv igen.',
  role_assignment_unit_not_relevant: 'En af rollerne skal ikke have en SOR-enhed. Åbn siden igen.',
  role_assignment_unit_not_usable: 'SOR-enheden er lukket eller hører ikke til organisationen. Vælg en anden enhed.',
  role_assignment_is_over: 'En af tildelingerne er udløbet eller fjernet og kan ikke rettes. Åbn siden igen.',
  role_assignment_start_passed: 'Startdatoen er passeret og kan ikke ændres. Åbn siden igen.',
  role_assignment_self_not_allowed: 'Du kan ikke give dig selv roller. Bed en anden administrator om det.',
  emergency_lock_case: 'Sagsnummeret er allerede brugt til en nødspærring. Hver sag kan kun bruges én gang.',
  emergency_lock_open: 'Brugeren er netop nødspærret af en anden. Åbn siden igen, og se den.',
  emergency_lock_own: 'Du kan ikke afgøre din egen nødspærring. Bed en anden organisationsadministrator om det.',
  emergency_lock_over: 'Nødspærringen er afgjort af en anden eller udløbet. Åbn siden igen, og se hvordan.',
  emergency_lock_in_force:
    'Brugeren er nødspærret af servicedesk. Kun en organisationsadministrator kan ophæve eller bekræfte det på nødspærringens side.',
  role_assignment_outside_area: outsideArea,
  identity_provider_keeps_one: 'SEB skal altid have mindst én identitetsudbyder slået til. Slå en anden til først.',
  identity_provider_slug_key: 'En anden identitetsudbyder har allerede dette id. Åbn listen, og se den.',
  identity_provider_entity_id_key: 'En anden identitetsudbyder har allerede det entityID. Åbn listen, og se den.',
  system_keeps_owner: 'SEB skal altid have mindst én systemejer. Udpeg en anden først.',
  system_role_user_id_kind_key: 'Personen har allerede rollen. Åbn siden igen.',
  status_message_ends_after_start: 'Sluttidspunktet skal ligge efter starten. Åbn siden igen, og ret tidspunkterne.',
  status_message_window_ends: 'Et servicevindue skal have et sluttidspunkt. Åbn siden igen, og skriv det.',
  status_message_concerns_something: 'Vælg hele SEB eller mindst én service. Åbn siden igen, og vælg.',
  status_subscription_once: 'Adressen blev tilmeldt et andet sted i samme øjeblik. Åbn linket i mailen igen.',
  system_setting_pkey: 'En anden har gemt det samme samtidig. Åbn siden igen, og se, hvad der står nu.',
  role_code_in_use: 'Koden kan ikke ændres, når en organisation har kunnet tildele rollen. Opret en ny rolle i stedet.',
  service_code_in_use:
    'Koden kan ikke ændres, når en organisation har kunnet tildele en af rollerne. Opret en ny service i stedet.',
  service_code_key: 'En anden service har allerede koden. Skriv en anden kode.',
  role_service_id_code_key: 'En anden rolle i servicen har allerede koden. Skriv en anden kode.',
  organisation_role_right_not_open:
    'En af rollerne er udfaset, eller en af organisationerne er lukket. Intet er gemt. Åbn siden igen, og vælg om.',
  access_request_is_kept: 'Anmodningen er ikke gammel nok til at blive fjernet. Intet er gemt.',
  access_request_is_over: 'Anmodningen er allerede afgjort eller trukket tilbage. Åbn siden igen, og se hvordan.',
  research_recipient_once: 'Adressen står allerede på listen. Åbn siden igen.',
  service_access_is_over: 'Anmodningen er allerede afgjort eller trukket tilbage. Åbn siden igen, og se hvordan.',
  role_assignment_organisation_closed: 'Organisationen er lukket i SEB. Kontakt servicedesk.',
};

const unavailable = new Set(['57P01', '57P02', '57P03', '53300', '53400', '57014', '55P03', '25P03', '25P04']);

// What no text and no day of ours holds: it came in an address or a form that was made by hand.
const unreadable = new Set(['22021', '22P05', '22007', '22008']);

/** Translates an error of the database into one for people; anything unknown is returned as it is, a fault of ours. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const fault = faultOf(error);
  const named = Object.keys(refusals).find((name) => fault.constraint === name || fault.message.includes(name));
  const reason = named === undefined ? reasonRaised(fault.message) : refusals[named];
  if (reason !== undefined) return new Conflict(reason, { cause: error });
  if (isRetryable(error)) return new Conflict(busy, { cause: error });
  if (fault.sqlState !== null && (unavailable.has(fault.sqlState) || fault.sqlState.startsWith('08')))
    return new Unavailable();
  if (unreadable.has(fault.sqlState ?? '')) return new BadRequest(notReadable, 422);
  if (isConnectionLost(fault.message)) return new Unavailable();
  return error;
}

const busy = 'En anden ændring i organisationen var i gang på samme tid. Intet er gemt. Prøv igen.';

const notReadable =
  'Adressen eller formularen indeholder tegn eller en dato, som SEB ikke kan læse. Åbn siden igen, og prøv derfra.';

function reasonRaised(message: string): string | undefined {
  if (message.includes('last organisation administrator')) return refusals.organisation_keeps_administrator;
  if (message.includes('last system owner')) return refusals.system_keeps_owner;
  const raised =
    /\b(role_not_givable|user_not_active|unit_required|unit_not_relevant|unit_not_usable|organisation_closed|start_passed|is_over|self_not_allowed|outside_area)\b/.exec(
      message,
    );
  return raised?.[1] === undefined ? undefined : refusals[`role_assignment_${raised[1]}`];
}

function isConnectionLost(message: string): boolean {
  return /ECONNREFUSED|ECONNRESET|Connection terminated|timeout exceeded when trying to connect|Can't reach database|server closed the connection|not currently accepting connections|connection error and is not queryable|Unable to start a transaction/i.test(
    message,
  );
}
