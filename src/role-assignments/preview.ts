import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { Conflict } from '../shared/errors.ts';

/** The change would no longer do what its preview showed; nothing is saved, and the preview is shown anew. */
export class PreviewOutdated extends Conflict {
  constructor() {
    super(
      'Noget har ændret sig, siden du så oversigten. Intet er gemt. Åbn siden igen, og se, hvad der sker nu, før du gemmer.',
    );
  }
}

/** A number that the preview sent along in a hidden field; null when the form came without a preview. */
export function expectedCount(posted: Posted, name: string): number | null {
  const text = typed(posted, name);
  return /^\d{1,7}$/.test(text) ? Number(text) : null;
}

/** A form with faults that only the database can judge, told by field; nothing is saved, and the page is shown again. */
export class FormFaulty extends Conflict {
  readonly errors: FieldErrors;

  constructor(errors: FieldErrors) {
    super(Object.values(errors)[0] ?? 'Formularen kan ikke gennemføres. Åbn siden igen.');
    this.errors = errors;
  }
}

/** @throws FormFaulty when there are any. */
export function refuseFaults(errors: FieldErrors): void {
  if (Object.keys(errors).length > 0) throw new FormFaulty(errors);
}
