/** A version of the terms; a draft until it is published. Days are dd-mm-åååå. */
export type AgreementText = {
  id: number;
  number: number;
  body: string;
  changes: string;
  writtenOn: string;
  publishedOn: string | null;
  version: number;
};

/** The paragraphs of a text, as an empty line parts them. */
export function paragraphsOf(body: string): string[] {
  return body
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}
