import type { Browser, Fields, Form, Reply } from './browser.ts';
import { formBody, formOf, mainText } from './browser.ts';

/** The form that gives roles, filled in; where the page shows what will happen first, after that. */
export async function assignForm(browser: Browser, path: string, fields: Fields): Promise<Form> {
  const opened = await browser.get('sebadmin', path);
  const preview = /formaction="([^"]*\/gennemse[^"]*)"/.exec(opened.text)?.[1];
  if (preview === undefined) {
    const form = formOf(opened.text, path);
    return { ...form, fields: { ...form.fields, ...(fields as Form['fields']) } };
  }
  const query = new URL(path, 'http://own.invalid').search.slice(1);
  const address = `${preview.split('?')[0]}?${query}&${formBody(fields)}`;
  const shown = await browser.get('sebadmin', address);
  if (shown.status !== 200) throw new Error(`The preview says ${shown.status}: ${mainText(shown.text)}`);
  return formOf(shown.text, path);
}

/** Gives roles as a person does, from page to page. */
export async function assign(browser: Browser, path: string, fields: Fields): Promise<Reply> {
  const form = await assignForm(browser, path, fields);
  return browser.post('sebadmin', form.action, form.fields);
}
