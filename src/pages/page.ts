import type { Flash } from '../http/cookies.ts';

export type Crumb = { label: string; href: string };

/** Where the way to every page begins. */
export const home: Crumb = { label: 'Forside', href: '/' };

/** A page to show: a plain view model and what the frame around it needs. */
export type Page = {
  answer: 'page';
  status: number;
  view: string;
  title: string;
  crumbs: Crumb[];
  model: object;
  /** Seconds until the browser asks again, on pages that follow something under way. */
  refresh?: number;
  /** The address of another site that the browser goes on to at once; the page holds a link to it too. */
  onward?: string;
};

/** Where to go after a change (303), with one message for the next page. */
export type SeeOther = { answer: 'seeOther'; location: string; flash: Flash | null };

/** Data for a script of ours that makes a page quicker; every page works without it. */
export type Data = { answer: 'data'; data: object };

/** A file to save. */
export type File = { answer: 'file'; fileName: string; type: string; content: string | Buffer };

/** A file to save that is kept in pieces, of a known size and hash: never whole in memory. */
export type FileInPieces = Omit<File, 'answer' | 'content'> & {
  answer: 'fileInPieces';
  bytes: number;
  /** Hexadecimal; the browser is told it as well (RFC 9530). */
  sha256: string;
  pieces: AsyncIterable<Buffer>;
};

/** What a program reads, e.g. a news reader. */
export type Feed = { answer: 'feed'; type: string; content: string };

/** A mail as it looks, as a document of its own: nothing is loaded, nothing runs. */
export type MailDocument = { answer: 'mail'; html: string };

export type Answer = Page | SeeOther | Data | File | FileInPieces | Feed | MailDocument;

export function page(view: string, title: string, model: object, crumbs: Crumb[] = []): Page {
  return { answer: 'page', status: 200, view, title, crumbs, model };
}

/** The same page again with what was typed and what is wrong. */
export function rejected(shown: Page, status: 409 | 422 = 422): Page {
  return { ...shown, status };
}

export function seeOther(location: string, done: string | null = null, tone: Flash['tone'] = 'success'): SeeOther {
  return { answer: 'seeOther', location, flash: done === null ? null : { tone, text: done } };
}

/** As `seeOther`; the message leads on to what was done. */
export function seeOtherWithLink(location: string, text: string, link: Flash['link']): SeeOther {
  return { answer: 'seeOther', location, flash: { tone: 'success', text, ...(link === undefined ? {} : { link }) } };
}

export function data(found: object): Data {
  return { answer: 'data', data: found };
}

/** A CSV file as Danish Excel opens it: with a byte order mark, so that æ, ø and å are right. */
export function csvFile(fileName: string, content: string): File {
  return { answer: 'file', fileName, type: 'text/csv; charset=utf-8', content: `\uFEFF${content}` };
}

/** A PDF to save: never shown in the browser's own window, whatever is in it. */
export function pdfFile(fileName: string, content: Buffer): File {
  return { answer: 'file', fileName, type: 'application/pdf', content };
}
