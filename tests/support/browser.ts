import type { IncomingHttpHeaders } from 'node:http';
import http from 'node:http';
import type { PortalName } from '../../src/pages/services.ts';

export type Reply = {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  setCookies: string[];
  /** Where the answer leads: by a redirect, or as a page that goes on at once. */
  location: string | null;
};

export type Fields = Record<string, string | readonly string[] | undefined>;
type Sent = { method?: string; headers?: Record<string, string>; body?: string | Buffer; crossSite?: boolean };
type Kept = { value: string; sameSite: string };
type Portals = Record<PortalName, { port: number; url: URL }>;

/** Somebody's browser: it keeps cookies by host name, obeys SameSite, and follows nothing by itself. */
export class Browser {
  readonly #portals: Portals;
  readonly #jars = new Map<string, Map<string, Kept>>();

  constructor(portals: Portals) {
    this.#portals = portals;
  }

  get(portal: PortalName, path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send(portal, path, { headers });
  }

  post(portal: PortalName, path: string, fields: Fields | string, headers: Record<string, string> = {}) {
    const body = typeof fields === 'string' ? fields : formBody(fields);
    return this.send(portal, path, { method: 'POST', body, headers });
  }

  /** A form that another site submits here: cookies with SameSite=Lax stay at home. */
  postFromOtherSite(portal: PortalName, path: string, fields: Fields): Promise<Reply> {
    return this.send(portal, path, { method: 'POST', body: formBody(fields), crossSite: true });
  }

  /** Opens the page, fills in its form (the one that posts to `path` unless another is named) and sends it. */
  async submit(portal: PortalName, path: string, fields: Fields, action = path): Promise<Reply> {
    const opened = await this.get(portal, path);
    const form = formOf(opened.text, action);
    return this.post(portal, form.action, { ...form.fields, ...fields });
  }

  async send(portal: PortalName, path: string, sent: Sent): Promise<Reply> {
    const { port, url } = this.#portals[portal];
    const headers: Record<string, string> = {
      Host: url.host,
      ...(sent.body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...this.#cookieHeader(url.hostname, sent.crossSite === true),
      ...sent.headers,
    };
    const reply = await request(port, path, { ...sent, headers });
    for (const cookie of reply.setCookies) this.#keep(url.hostname, cookie);
    return reply;
  }

  cookie(portal: PortalName, name: string): string | undefined {
    return this.#jar(this.#portals[portal].url.hostname).get(name)?.value;
  }

  /** All that it keeps for a portal. */
  cookies(portal: PortalName): { name: string; value: string }[] {
    return [...this.#jar(this.#portals[portal].url.hostname)].map(([name, { value }]) => ({ name, value }));
  }

  setCookie(portal: PortalName, name: string, value: string): void {
    this.#jar(this.#portals[portal].url.hostname).set(name, { value, sameSite: 'lax' });
  }

  deleteCookie(portal: PortalName, name: string): void {
    this.#jar(this.#portals[portal].url.hostname).delete(name);
  }

  #jar(host: string): Map<string, Kept> {
    const jar = this.#jars.get(host) ?? new Map<string, Kept>();
    this.#jars.set(host, jar);
    return jar;
  }

  #cookieHeader(host: string, crossSite: boolean): Record<string, string> {
    const sent = [...this.#jar(host)].filter(([, kept]) => !crossSite || kept.sameSite === 'none');
    return sent.length === 0 ? {} : { Cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') };
  }

  #keep(host: string, cookie: string): void {
    const [pair = '', ...attributes] = cookie.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    const of = (wanted: string) => attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.split('=')[1];
    const expires = of('expires');
    if (expires !== undefined && new Date(expires).getTime() <= Date.now()) this.#jar(host).delete(name);
    else
      this.#jar(host).set(name, {
        value: pair.slice(name.length + 1),
        sameSite: of('samesite')?.toLowerCase() ?? 'lax',
      });
  }
}

/** One request as it stands, without a jar. */
export function request(port: number, path: string, { method = 'GET', headers = {}, body }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sending = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString('utf8'),
          setCookies: answer.headers['set-cookie'] ?? [],
          location: answer.headers.location ?? /^0;url=(.+)$/.exec(String(answer.headers.refresh ?? ''))?.[1] ?? null,
        }),
      );
      answer.on('error', reject);
    });
    sending.setTimeout(15_000, () => sending.destroy(new Error(`${method} ${path.slice(0, 200)} hangs`)));
    sending.on('error', reject);
    sending.end(body);
  });
}

export function formBody(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    (value === undefined ? [] : typeof value === 'string' ? [value] : [...value]).map((one) => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

export type Form = { action: string; fields: Record<string, string | string[]> };

/** The form that posts to the path, with what it holds: hidden fields, typed values, ticked boxes, and the `_form` button. */
export function formOf(html: string, path: string): Form {
  for (const [, opening = '', inner = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)) {
    const buttons = [...inner.matchAll(/<button\b([^>]*)>/g)].map(([, attributes = '']) => attributesOf(attributes));
    const posting = buttons.find((button) => button.formmethod === 'post');
    const form = attributesOf(opening);
    const action = posting?.formaction ?? form.action ?? '';
    if ((form.method !== 'post' && posting === undefined) || action.split('?')[0] !== path.split('?')[0]) continue;
    return {
      action,
      fields: { ...valuesOf(inner), ...(posting?.name ? { [posting.name]: posting.value ?? '' } : {}) },
    };
  }
  throw new Error(`The page has no form for ${path}: ${headingOf(html)}`);
}

/** What the page is about, and what it says. */
export function headingOf(html: string): string {
  return decoded(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? 'no heading');
}

/** The text of the page's own part, as it is read. */
export function mainText(html: string): string {
  const main = /<main\b[^>]*>(.*)<\/main>/s.exec(html)?.[1] ?? html;
  return decoded(main.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

/** Every address that the page leads to by a link; those beside its own address (`at`) as whole paths. */
export function linksOf(html: string, at = '/'): string[] {
  const links = [...html.matchAll(/<a\b([^>]*)>/g)].map(([, attributes = '']) => attributesOf(attributes).href ?? '');
  return links.map((link) => (/^[a-z]+\//.test(link) ? new URL(link, `http://own.invalid${at}`).pathname : link));
}

function valuesOf(inner: string): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  const add = (name: string | undefined, value: string): void => {
    if (!name) return;
    const before = values[name];
    values[name] = before === undefined ? value : [before, value].flat();
  };
  for (const [, attributes = ''] of inner.matchAll(/<input\b([^>]*)>/g)) {
    const input = attributesOf(attributes);
    const isBox = input.type === 'checkbox' || input.type === 'radio';
    if (!isBox || /\bchecked\b/.test(attributes.replace(/"[^"]*"/g, ''))) add(input.name, input.value ?? '');
  }
  for (const [, attributes = '', text = ''] of inner.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gs))
    add(attributesOf(attributes).name, decoded(text));
  for (const [, attributes = '', options = ''] of inner.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
    const chosen = /<option value="([^"]*)" selected/.exec(options)?.[1] ?? '';
    add(attributesOf(attributes).name, decoded(chosen));
  }
  return values;
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, decoded(value ?? '')]),
  );
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#34;': '"', '&#39;': "'" };

export function decoded(text: string): string {
  return text.replace(/&(?:amp|lt|gt|#34|#39);/g, (found) => entities[found] ?? found);
}
