import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { escapeHtml, loadViews } from '../../src/http/views.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'seb-views-'));
  writeFileSync(path.join(folder, 'greeting.ejs'), '<p title="<%= it.name %>"><%= it.name %></p>');
  writeFileSync(path.join(folder, 'page.ejs'), `<%- it.partial('greeting', { name: it.person }) %>`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes what people typed as text, also in attributes and partials', () => {
  const name = `"><script>alert('1')</script>&`;
  const html = loadViews(folder).render('page', { person: name });
  expect(html).toBe(`<p title="${escapeHtml(name)}">${escapeHtml(name)}</p>`);
  expect(html).not.toContain('<script');
});

it('runs no template that was typed', () => {
  expect(loadViews(folder).render('greeting', { name: '<%= process.env %>${1+1}{{7*7}}' })).toContain(
    '&lt;%= process.env %&gt;${1+1}{{7*7}}',
  );
});

it('finds a forgotten property in tests, in partials too', () => {
  expect(() => loadViews(folder, { strict: true }).render('greeting', {})).toThrow('views/greeting.ejs reads it.name');
  expect(loadViews(folder).render('greeting', {})).toBe('<p title=""></p>');
});

it('refuses a view that is not there', () => {
  expect(() => loadViews(folder).render('../secret', {})).toThrow('There is no view ../secret');
});

it.each([
  [null, ''],
  [undefined, ''],
  [0, '0'],
  [`<a href='x'>"&`, '&lt;a href=&#39;x&#39;&gt;&#34;&amp;'],
])('escapes %j', (value, escaped) => {
  expect(escapeHtml(value)).toBe(escaped);
});
