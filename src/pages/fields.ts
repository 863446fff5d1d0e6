import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';

/** One field as views/partials/fields.ejs draws it. */
export type Field = {
  name: string;
  label: string;
  isRequired: boolean;
  /** Stands in place of "frivilligt" where the field belongs to one choice only. */
  mark?: string;
  hint: string | null;
  autocomplete: string;
  kind: 'line' | 'text';
  inputmode: string;
  value: string;
  error: string | null;
  errorHref: string | null;
  /** Height of a text; four lines unless told. */
  rows?: number;
  /** The page of the help that explains the field. */
  help?: { href: string; label: string };
};

type Look = Pick<Field, 'name' | 'label'> & Partial<Pick<Field, 'isRequired' | 'mark' | 'hint' | 'kind' | 'inputmode'>>;

/** A field with what was typed in it and what is wrong with that. */
export function fieldOf(look: Look, posted: Posted, errors: FieldErrors): Field {
  return {
    isRequired: false,
    hint: null,
    kind: 'line',
    inputmode: 'text',
    ...look,
    autocomplete: 'off',
    value: typed(posted, look.name),
    error: errors[look.name] ?? null,
    errorHref: null,
  };
}

/** A day, typed as dd-mm-åååå. */
export function dayField(look: Look, posted: Posted, errors: FieldErrors): Field {
  return fieldOf({ inputmode: 'numeric', hint: 'dd-mm-åååå', ...look }, posted, errors);
}
