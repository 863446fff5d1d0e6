import type { RequestHandler } from 'express';
import express from 'express';
import { BadRequest } from '../shared/errors.ts';
import type { Posted } from './forms.ts';

/** Bodies of forms; a page that posts many checkboxes names its own limits. */
export function formBody(
  { fields, kilobytes }: { fields: number; kilobytes: number } = { fields: 300, kilobytes: 100 },
): RequestHandler {
  const parse = express.urlencoded({ extended: false, parameterLimit: fields, limit: kilobytes * 1024 });
  return (req, res, next) => {
    if (req.method !== 'POST') return next();
    if (!req.is('application/x-www-form-urlencoded')) {
      return next(
        new BadRequest(
          'Formularen blev sendt i et format, som SEB ikke læser. Åbn siden igen, og send den derfra.',
          415,
        ),
      );
    }
    parse(req, res, (error?: unknown) => {
      if (error === undefined) req.body = spreadFormButton(postedFields(req.body));
      next(error);
    });
  };
}

/** The posted fields as texts or lists of texts; anything deeper cannot arise from a form and is dropped. */
export function postedFields(body: unknown): Posted {
  if (typeof body !== 'object' || body === null) return {};
  const fields = Object.create(null) as Posted; // a field may be called __proto__
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string') fields[name] = value;
    else if (Array.isArray(value)) fields[name] = value.filter((one): one is string => typeof one === 'string');
  }
  return fields;
}

/** A form that also leads on by GET keeps its hidden fields in the button that posts, as `_form`; here they become three. */
export function spreadFormButton(fields: Posted): Posted {
  if (typeof fields._form !== 'string') return fields;
  const [_csrf = '', _key = '', _for = ''] = fields._form.split('~');
  const { _form, ...others } = fields;
  return { ...others, _csrf, _key, _for };
}

/** The query in the same shape as a posted form. */
export function queriedFields(query: unknown): Posted {
  return postedFields(query);
}
