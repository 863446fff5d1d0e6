/** An expected refusal: `message` is Danish, for the person, and says what to do next. */
export class AppError extends Error {
  readonly status: number = 500;
  override readonly name: string = 'AppError';
}

/** Nothing there, or something of another organisation: the two must not be told apart. */
export class NotFound extends AppError {
  override readonly status = 404;
  override readonly name = 'NotFound';

  constructor(message = 'Siden findes ikke, eller du har ikke adgang til den. Gå til forsiden, og prøv derfra.') {
    super(message);
  }
}

/** Something the person may know of, but not do. `missing` names the right that was missing, for the log. */
export class Forbidden extends AppError {
  override readonly status = 403;
  override readonly name = 'Forbidden';
  readonly missing: string;

  constructor(message: string, missing: string) {
    super(message);
    this.missing = missing;
  }
}

/** Somebody else was first, or the page is out of date. */
export class Conflict extends AppError {
  override readonly status = 409;
  override readonly name = 'Conflict';
}

/** The input cannot be understood at all (not a form's field fault, which is a value). */
export class BadRequest extends AppError {
  override readonly status: 400 | 413 | 415 | 421 | 422;
  override readonly name = 'BadRequest';

  constructor(message: string, status: 400 | 413 | 415 | 421 | 422 = 400) {
    super(message);
    this.status = status;
  }
}

/** Too many attempts; `retryAfter` in seconds. */
export class TooMany extends AppError {
  override readonly status = 429;
  override readonly name = 'TooMany';
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    const minutes = Math.ceil(retryAfter / 60);
    const wait = minutes <= 1 ? 'Vent lidt, og prøv igen' : `Prøv igen om ${minutes} minutter`;
    super(`Du har prøvet mange gange på kort tid. ${wait}.`);
    this.retryAfter = retryAfter;
  }
}

/** The database or another part is out of reach for the moment. */
export class Unavailable extends AppError {
  override readonly status = 503;
  override readonly name = 'Unavailable';

  constructor() {
    super('SEB kan ikke svare lige nu. Intet er gemt. Vent et øjeblik, og prøv igen.');
  }
}

/** A field of a form that only the database can judge (a RID in use); the page is shown again with it. */
export class FieldRefused extends AppError {
  override readonly status = 422;
  override readonly name = 'FieldRefused';
  readonly field: string;
  /** Where to look, e.g. the user who has the RID. */
  readonly href: string | null;

  constructor(field: string, message: string, href: string | null = null) {
    super(message);
    this.field = field;
    this.href = href;
  }
}

/** Somebody changed the same thing meanwhile: the page is shown again with both versions. */
export class StaleForm extends Conflict {
  constructor() {
    super('En anden har ændret det samme, mens du skrev. Intet er gemt.');
  }
}
